/** Words that cannot be a table name where one is expected. */
const RESERVED = new Set(
  'select from where group order by having limit union all on using as left right inner outer full cross natural join lateral unnest values set with table only if exists not null true false case when then else end and or in is like between tablesample final array explode generate_series range dual'.split(
    ' '
  )
);

const TOKEN =
  /--[^\n]*|\/\*(?:[^]*?\*\/|[^]*)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]\n]{1,200}\]|[\p{L}_@#$][\p{L}\p{N}_$@#-]*|\d[\w.]*|[^\s]/gu;

/**
 * The tables a SQL text reads: what stands after FROM and JOIN, without common table expressions and subqueries.
 * Names keep their parts (`sales.orders`), quotes are taken off; quoted file paths (DuckDB) count too.
 */
export function tablesInSql(sql: string): string[] {
  const tokens = (sql.match(TOKEN) ?? []).filter(token => !token.startsWith('--') && !token.startsWith('/*'));
  const defined = new Set<string>();
  const tables: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const word = lower(tokens[at]);
    // WITH a AS (…), b (x, y) AS (…)
    if (word === 'as' && tokens[at + 1] === '(') define(tokens, at - 1, defined);
    if (word === 'as' && /^(not|materialized)$/.test(lower(tokens[at + 1]))) define(tokens, at - 1, defined);
    if (word !== 'from' && word !== 'join') continue;
    if (word === 'from' && isInsideFunction(tokens, at)) continue;
    at = readList(tokens, at + 1, word === 'from', tables);
  }
  return [...new Set(tables)].filter(name => !defined.has(name.toLowerCase()));
}

/** Reads `a, b x, c` after FROM or one name after JOIN. @returns the last position used */
function readList(tokens: string[], start: number, list: boolean, tables: string[]): number {
  let at = start;
  for (;;) {
    while (/^(lateral|only|table)$/.test(lower(tokens[at]))) at++;
    const name = readName(tokens, at);
    if (!name) return at - 1;
    if (tokens[name.next] !== '(') tables.push(name.text);
    else return name.next - 1;
    at = name.next;
    if (lower(tokens[at]) === 'as') at++;
    if (isWord(tokens[at]) && !RESERVED.has(lower(tokens[at]))) at++;
    if (!list || tokens[at] !== ',') return at - 1;
    at++;
  }
}

function readName(tokens: string[], start: number): { text: string; next: number } | undefined {
  const parts: string[] = [];
  let at = start;
  for (;;) {
    const part = namePart(tokens[at], parts.length > 0);
    if (part === undefined) return undefined;
    parts.push(part);
    at++;
    if (tokens[at] !== '.') break;
    at++;
  }
  const text = parts.join('.');
  return text === '' || text.length > 300 ? undefined : { text, next: at };
}

function namePart(token: string | undefined, later: boolean): string | undefined {
  if (token === undefined) return undefined;
  const first = token.charAt(0);
  if (first === '"' || first === '`') return token.slice(1, -1).replaceAll(first + first, first);
  if (first === '[') return token.slice(1, -1);
  if (first === "'") return /[./]/.test(token) && token.length < 300 ? token.slice(1, -1) : undefined;
  if (!isWord(token)) return undefined;
  return later || !RESERVED.has(token.toLowerCase()) ? token : undefined;
}

/** `extract(year from x)`, `trim(' ' from x)`, `substring(a from 1)`: no table follows. */
function isInsideFunction(tokens: string[], at: number): boolean {
  if (lower(tokens[at - 1]) === 'distinct') return true;
  let depth = 0;
  for (let back = at - 1; back >= 0 && at - back < 60; back--) {
    if (tokens[back] === ')') depth++;
    else if (tokens[back] === '(' && depth-- === 0)
      return /^(extract|trim|ltrim|rtrim|substring|overlay|position)$/.test(lower(tokens[back - 1]));
    else if (depth === 0 && lower(tokens[back]) === 'select') return false;
  }
  return false;
}

/** Notes the name of a common table expression that ends before a position: `name` or `name (columns)`. */
function define(tokens: string[], before: number, defined: Set<string>): void {
  let at = before;
  if (tokens[at] === ')') while (at >= 0 && before - at < 200 && tokens[at] !== '(') at--;
  const name = namePart(tokens[tokens[at] === '(' ? at - 1 : at], true);
  if (name !== undefined) defined.add(name.toLowerCase());
}

function isWord(token: string | undefined): token is string {
  return token !== undefined && /^[\p{L}_@#$]/u.test(token);
}

function lower(token: string | undefined): string {
  return token?.toLowerCase() ?? '';
}
