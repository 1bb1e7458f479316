import { isPlaceholder } from '../likeness.js';
import type { Hints } from '../hints.js';
import type { FoundSecret, TextKind } from '../types.js';

type Add = (hit: FoundSecret) => void;

const SCHEME = /[a-z][a-z0-9+.-]{1,30}$/i;
/** What may stand before the `@` of an address: user and password. */
const USER_INFO = /([^\s:/?#@"'<>\\|]{0,100}):([^\s/@"'<>\\]{1,300})@(?=[\w[.%$-])/y;

/** Passwords in addresses: `postgresql://user:password@host`. */
export function addresses(text: string, add: Add): void {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    USER_INFO.lastIndex = at + 3;
    const match = USER_INFO.exec(text);
    if (!match || !SCHEME.test(text.slice(Math.max(0, at - 32), at))) continue;
    const [, user = '', password = ''] = match;
    if (!isRealPassword(password) || password === user) continue;
    const end = match.index + match[0].length - 1;
    add({ start: end - password.length, end, rule: 'url-password', label: 'Password in an address' });
  }
}

/** The end of a JDBC address: a quote, a space, or the end of the line. */
const JDBC = /jdbc:[a-z0-9]+:[^\s"'`<>\\]{4,2000}/gi;
const JDBC_SECRET =
  /(?:^|[?&;:,(])(?:amp;)?(?:[\w.]*(?:password|passwd|passphrase|pwd|secret\w*|token|accesskey|privatekey)|pw|uid_?token)=([^;&,)]{1,400})/gi;
const ORACLE = /jdbc:oracle:[a-z0-9]+:[^\s/@"']{1,100}\/([^\s@"']{1,200})@/gi;

/** Passwords in JDBC addresses, in their parameters and in Oracle's own way. */
export function jdbc(text: string, add: Add, hints: Hints): void {
  if (!hints.mentions('jdbc:')) return;
  const label = 'Password in a JDBC address';
  for (const address of text.matchAll(JDBC)) {
    for (const match of address[0].matchAll(JDBC_SECRET)) {
      const [whole, password = ''] = match;
      if (!isRealPassword(password)) continue;
      const end = address.index + match.index + whole.length;
      add({ start: end - password.length, end, rule: 'jdbc', label });
    }
  }
  for (const match of text.matchAll(ORACLE)) {
    const [whole, password = ''] = match;
    const end = match.index + whole.length - 1;
    if (isRealPassword(password)) add({ start: end - password.length, end, rule: 'jdbc', label });
  }
}

const SETTING =
  /(?:^|[;?&\s"'`{])(?:pwd|password|passwd|accountkey|accesskey|sharedaccesskey|sharedsecretkey|sslpassword|sig|sslkeypassword)\s?=\s?(?!["'{(=])([^;&"'`\s<>,)]{4,400})/gi;

/**
 * Passwords among the settings of a connection: `Server=…;Pwd=…;`, `host=… password=…`, `?sv=…&sig=…`. In code they
 * must have a neighbour of the same form, because `f(host=h, password=p)` looks much like it.
 */
export function connectionStrings(text: string, kind: TextKind, add: Add): void {
  for (const match of text.matchAll(SETTING)) {
    const [whole, password = ''] = match;
    const end = match.index + whole.length;
    if (!isRealPassword(password)) continue;
    if (/^sig=/i.test(whole.slice(1)) && password.length < 20) continue;
    const neighbour = hasNeighbour(text, match.index, end);
    if (!neighbour && (kind === 'code' || kind === 'prose')) continue;
    if (!neighbour && !/\d/.test(password)) continue;
    add({ start: end - password.length, end, rule: 'connection-string', label: 'Password in a connection string' });
  }
}

/** Whether another setting of the same form stands before or after. @param start - the sign before the name */
function hasNeighbour(text: string, start: number, end: number): boolean {
  const sign = text.charAt(start);
  const before = text.slice(Math.max(0, start - 100), start);
  const separators = sign === '&' ? ['&', '?'] : sign === ';' ? [';', '"', "'"] : [' ', '\n', '\t'];
  const setting = before.slice(Math.max(...separators.map(separator => before.lastIndexOf(separator))) + 1);
  if (/^["'{]?[\w. ]+=[^,()]*$/.test(setting)) return true;
  return /^;[\w ]{1,40}=|^&\w+=|^ \w+=[^\s,()]/.test(text.slice(end, end + 50));
}

/** Neither a template nor a word that stands for a password. */
function isRealPassword(password: string): boolean {
  return password.length >= 3 && !isPlaceholder(password) && !/^[{$<%]|[{}]|^\w+\(/.test(password);
}
