import { quoted } from './quoting.js';
import type { SqlDialect } from './quoting.js';

/** More columns than these are not worth reading one by one. */
const MOST_NAMED = 24;
const WIDTH = 100;

/**
 * A statement that reads the first 100 rows of a table.
 *
 * @param table - its quoted name
 * @param columns - to be named; all where there are none, or too many
 */
export function selectOf(table: string, columns: readonly string[], dialect: SqlDialect): string {
  const isNamed = columns.length > 0 && columns.length <= MOST_NAMED && new Set(columns).size === columns.length;
  const list = isNamed ? wrapped(columns.map(name => quoted(name, dialect))) : '*';
  return `SELECT ${list}${list.includes('\n') ? '\n' : ' '}FROM ${table} LIMIT 100`;
}

function wrapped(names: readonly string[]): string {
  let lines = '';
  let width = 'SELECT '.length;
  names.forEach((name, at) => {
    const item = at === names.length - 1 ? name : `${name},`;
    const isTooWide = at > 0 && width + 1 + item.length > WIDTH;
    lines += at === 0 ? item : isTooWide ? `\n       ${item}` : ` ${item}`;
    width = isTooWide ? 7 + item.length : width + 1 + item.length;
  });
  return lines;
}
