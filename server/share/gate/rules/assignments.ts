import { isMixed, isPlaceholder, isRandom, isStructured, isUuid } from '../likeness.js';
import type { FoundSecret, TextKind } from '../types.js';

type Add = (hit: FoundSecret) => void;

/** Words that name a secret. Those of the first group name passwords, which people make up; the others are made by machines. */
const NAME =
  /(?:(passw(?:or)?d|passwort|passphrase|passwd|pwd)|(?:secret|token|credential|api[_.-]?key|(?:access|auth|account|shared|encryption|signing|private|master|storage|subscription|service|session|consumer|app)[_.-]?key(?:[_.-]id)?))s?/gi;

/** What may follow the word in a name: `password_b64`, `secret.key`, `account.key.store.dfs.core.windows.net`. */
const NAME_END =
  /(?:[_.-]?(?:access|key|value|val|text|str|string|b64|base64|encoded|plain|raw|old|new|prod|dev|test|stage|\d{1,3})){0,3}(?:\.[a-z0-9]+\.(?:dfs|blob)\.core\.windows\.net)?(?![A-Za-z0-9_])/iy;

const QUOTE = String.raw`"""|'''|\\?["']|` + '`' + String.raw`|&quot;|&#39;|&#x27;|&#34;`;

/** From the end of a name to a value in quotes: `"] = f"`, `": "`, `', '`, `: str = "`. */
const TO_QUOTED = new RegExp(
  String.raw`(${QUOTE})?[\])*]{0,4}\s{0,3}(?::\s?[\w.|\[\] ]{1,40}=(?!=)|=>|:=|<-|==?|[:,](?!:)|\()\s{0,4}(?:[rbfu]{1,2}(?=["']))?(${QUOTE})`,
  'iy'
);

/** From the end of a name to a value without quotes. */
const TO_BARE =
  /(?:\*\*|&quot;|\\?["'`])?[\])]{0,2}(?:[ \t]{0,3}(?::=|=>|=(?!=)|:(?!:))(?:\*\*)?[ \t]{0,3}|[ \t]{1,12}(?=\S{6,}\s*$))/my;
const BARE = /[^\s"'`,;<>()[\]{}|&]{4,400}/y;

/** How much of a line before a name is looked at, in characters. */
const LONGEST_LEAD = 200;
/** Longest value in quotes, in characters. */
const LONGEST = 2000;

/** Names of secrets with a value: variables, keys, arguments, settings, environment variables, headers of config files. */
export function assignments(text: string, kind: TextKind, add: Add): void {
  NAME.lastIndex = 0;
  for (let name = NAME.exec(text); name; name = NAME.exec(text)) {
    const isPassword = name[1] !== undefined;
    NAME_END.lastIndex = name.index + name[0].length;
    const tail = NAME_END.exec(text);
    if (!tail) continue;
    const from = NAME_END.lastIndex;
    const value = quoted(text, name.index, from) ?? bare(text, name.index, from, kind);
    if (!value) continue;
    NAME.lastIndex = Math.max(NAME.lastIndex, value.start);
    const secret = text.slice(value.start, value.end);
    const good = value.isQuoted ? isValue(secret, isPassword, kind) : isBareValue(secret, isPassword);
    if (!good) continue;
    const label = isPassword ? 'Password' : 'Secret key or token';
    add({ start: value.start, end: value.end, rule: isPassword ? 'password' : 'named-secret', label });
    NAME.lastIndex = Math.max(NAME.lastIndex, value.end);
  }
}

/** Lines in which a name is followed by a bare value: shell commands, magics, options of programs, `NAME=value`. */
function isShell(text: string, nameStart: number, from: number, separator: string): boolean {
  const lead = text.slice(Math.max(0, nameStart - LONGEST_LEAD), nameStart);
  const before = lead.slice(lead.lastIndexOf('\n') + 1);
  if (/^\s*(?:[!%]|export\s|set(?:x|env)?\s|env\s|-e\s|ENV\s|declare\s)|(?:^|\s)--?[\w-]*$/.test(before)) return true;
  return separator === '=' && /^\s*[A-Z0-9_]*$/.test(before) && /^[A-Z0-9_]+$/.test(text.slice(nameStart, from));
}

interface Value {
  start: number;
  end: number;
  isQuoted: boolean;
}

function quoted(text: string, nameStart: number, from: number): Value | undefined {
  TO_QUOTED.lastIndex = from;
  const match = TO_QUOTED.exec(text);
  if (!match) return undefined;
  const start = TO_QUOTED.lastIndex;
  const [whole, before, quote = '"'] = match;
  if (whole.includes(',') && (before === undefined || !isFirstArgument(text, nameStart))) return undefined;
  const window = text.slice(start, start + LONGEST);
  for (let end = window.indexOf(quote); end >= 0; end = window.indexOf(quote, end + 1)) {
    if (quote.length === 1 && window[end - 1] === '\\' && window[end - 2] !== '\\') continue;
    if (quote.length !== 3 && window.slice(0, end).includes('\n')) return undefined;
    return { start, end: start + end, isQuoted: true };
  }
  return undefined;
}

/** `set("password", "…")`, but neither `f(password, "…")` nor the list `["password", "…"]`. */
function isFirstArgument(text: string, nameStart: number): boolean {
  return /\(\s{0,3}["'][\w.-]*$/.test(text.slice(Math.max(0, nameStart - 80), nameStart));
}

/** `export X=…`, `%env X=…`, `X: …` in files and outputs. In code a value without quotes is a name, but for shell lines. */
function bare(text: string, nameStart: number, from: number, kind: TextKind): Value | undefined {
  TO_BARE.lastIndex = from;
  const separator = TO_BARE.exec(text);
  if (!separator) return undefined;
  if (kind === 'code' && !isShell(text, nameStart, from, separator[0])) return undefined;
  BARE.lastIndex = TO_BARE.lastIndex;
  const value = BARE.exec(text);
  if (!value || /^[([{]/.test(text.slice(BARE.lastIndex, BARE.lastIndex + 1))) return undefined;
  return { start: value.index, end: value.index + value[0].replace(/[.:*]+$/, '').length, isQuoted: false };
}

const ENVIRONMENT =
  /(?:environ(?:\s{0,2}\[|\.setdefault\()|putenv\(|setenv\()\s{0,2}["'][\w.]{1,80}["']\s{0,2}\]?\s{0,2}[=,]\s{0,2}["']([^"'\s]{16,2000})["']|^\s{0,8}%env\s{1,4}\w{1,80}[= ]\s{0,2}(\S{16,2000})/gm;

/** What is put into the environment and has no sense by itself, whatever its name. */
export function environmentValues(text: string, add: Add): void {
  if (!/env/.test(text)) return;
  for (const match of text.matchAll(ENVIRONMENT)) {
    const value = match[1] ?? match[2] ?? '';
    if (isPlaceholder(value) || isUrl(value) || !isRandom(value, 20)) continue;
    const end = match.index + match[0].length - (match[1] === undefined ? 0 : 1);
    add({ start: end - value.length, end, rule: 'environment', label: 'Secret put into the environment' });
  }
}

/** Whether a value in quotes under such a name is a secret. */
export function isValue(value: string, isPassword: boolean, kind: TextKind): boolean {
  if (value.length < 4 || isPlaceholder(value) || /^[\s)\],:}]|^\W+$/.test(value) || isUrl(value)) return false;
  if (!isPassword) return isMachineMade(value);
  // What follows a text that ends: `"…password=" + word`. A key in base64 may begin so.
  if (value.startsWith('+')) return false;
  if (/\s/.test(value)) return isMixed(value) && value.length >= 8 && /\d/.test(value) && kind !== 'prose';
  if (/^\w*(?:password|passwd|pwd)\w*$/i.test(value) && !/\d/.test(value)) return false;
  if (/^(?:\.{0,2}|~)\/|^[a-z_]+(?:\.[a-z_]+)+$/i.test(value)) return false;
  return isMixed(value) || (kind === 'code' && value.length >= 6);
}

function isBareValue(value: string, isPassword: boolean): boolean {
  if (value.length < 6 || isPlaceholder(value) || isUrl(value)) return false;
  if (!isPassword) return isMachineMade(value);
  return isMixed(value) && /\d|[!@#$%^&*?]/.test(value) && !isStructured(value);
}

/** Long enough and without sense. A hash is no secret by itself, but under such a name it is. */
function isMachineMade(value: string): boolean {
  if (isUuid(value)) return true;
  if (/^\d+$/.test(value)) return value.length >= 16;
  return value.length >= 10 && !isStructured(value) && isMixed(value) && /\d/.test(value) && isRandom(value, 10);
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^jdbc:/i.test(value);
}
