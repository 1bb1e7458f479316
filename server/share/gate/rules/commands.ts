import { isMixed, isPlaceholder, isRandom, isStructured } from '../likeness.js';
import type { Hints } from '../hints.js';
import type { FoundSecret } from '../types.js';

type Add = (hit: FoundSecret) => void;

const COMMAND =
  /\b(?:curl|https?|wget|hive|beeline|mysql|mysqldump|mariadb|sshpass|sqlcmd|impala-shell|redis-cli|ldapsearch|smbclient|docker|psql|mongo|mongosh|snowsql|lftp|ftp)\s[^\n]{0,2000}/g;
const USER = /\s(?:-u|--user|--proxy-user|-U|--auth|-a)[ =]?(["']?)([^\s:"'/]{1,100}):([^\s"']{3,200})/g;
const PASSWORD = /\s(?:--(?:http-|ftp-|proxy-)?pass(?:word)?|-p|-w|-a|-P)(?:[ =]?)(["']?)([^\s"'-][^\s"']{3,200})/g;

/** Passwords given to programs: `curl -u user:password`, `hive -p …`, `mysql -p…`. */
export function commands(text: string, add: Add): void {
  if (!hasOption(text)) return;
  for (const command of text.matchAll(COMMAND)) {
    for (const pattern of [USER, PASSWORD]) {
      for (const match of command[0].matchAll(pattern)) {
        const password = match.at(-1) ?? '';
        if (isPlaceholder(password) || /^[$<{%]|^\d+$|:\/\//.test(password)) continue;
        // `-p` and its like mean a port, a path or a project in other programs.
        if (pattern === PASSWORD && (!isMixed(password) || isStructured(password))) continue;
        const end = command.index + match.index + match[0].length;
        add({ start: end - password.length, end, rule: 'command-password', label: 'Password given to a program' });
      }
    }
  }
}

/** Whether one of the options that `USER` and `PASSWORD` know may stand anywhere. */
function hasOption(text: string): boolean {
  for (let at = text.indexOf('-', 1); at >= 0; at = text.indexOf('-', at + 1)) {
    const before = text.charCodeAt(at - 1);
    // Other blanks than those of ASCII count as blanks too.
    if ((before <= 32 || before > 127) && /[-uUapwP]/.test(text.charAt(at + 1))) return true;
  }
  return false;
}

const HEADER_WORDS = ['authorization', '-key', 'apikey', '-token'];
const HEADER =
  /\b(?:authorization|proxy-authorization|x-api-key|x-auth-token|x-access-token|private-token|api-key|apikey|x-amz-security-token|x-vault-token|ocp-apim-subscription-key)(?:\\?["'])?\]?\s{0,3}[:=,]\s{0,3}[rbfu]{0,2}(?:\\?["'])?\s{0,3}(?:(bearer|basic|token|digest|apikey|negotiate|splunk)\s+)?([A-Za-z0-9._~+/=:-]{8,4000})/gi;
const BEARER = /\bbearer\s+([A-Za-z0-9._~+/-]{16,4000}=*)/gi;
const COOKIE =
  /\b(?:set-)?cookie(?:\\?["'])?\]?\s{0,3}[:=]\s{0,3}[rbfu]{0,2}(?:\\?["'])?[^\n"']{0,200}?=([A-Za-z0-9%._~+/-]{24,2000})/gi;

/** What signs a request in: `Authorization`, API keys in headers, bearer tokens, cookies of a session. */
export function headers(text: string, add: Add, hints: Hints): void {
  if (hints.mentions(...HEADER_WORDS)) requestHeaders(text, add);
  if (hints.mentions('bearer')) bearerTokens(text, add);
  if (hints.mentions('cookie')) cookies(text, add);
}

function requestHeaders(text: string, add: Add): void {
  for (const match of text.matchAll(HEADER)) {
    const [whole, scheme, token = ''] = match;
    const isBasic = scheme?.toLowerCase() === 'basic';
    const isReal = isBasic ? isUserAndPassword(token) : !isPlaceholder(token) && isRandom(token, 10);
    if (!isReal) continue;
    const end = match.index + whole.length;
    add({ start: end - token.length, end, rule: 'authorization', label: 'Key in a request header' });
  }
}

function bearerTokens(text: string, add: Add): void {
  for (const match of text.matchAll(BEARER)) {
    const token = match[1] ?? '';
    const end = match.index + match[0].length;
    if (isRandom(token)) add({ start: end - token.length, end, rule: 'bearer', label: 'Bearer token' });
  }
}

function cookies(text: string, add: Add): void {
  for (const match of text.matchAll(COOKIE)) {
    const value = match[1] ?? '';
    const end = match.index + match[0].length;
    if (isRandom(value, 24)) add({ start: end - value.length, end, rule: 'cookie', label: 'Cookie of a session' });
  }
}

function isUserAndPassword(token: string): boolean {
  const decoded = Buffer.from(token, 'base64').toString('latin1');
  return /^[\x20-\x7e]+:[\x20-\x7e]{3,}$/.test(decoded) && !isPlaceholder(decoded.slice(decoded.indexOf(':') + 1));
}
