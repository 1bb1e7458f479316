import { ProblemError } from '../../../contract/problem.js';
import type { TableEntry } from '../../../contract/tables/index.js';
import type { ColumnNames, SourceSchema } from '../../tables/ports.js';
import type { Cell, MySqlSession } from './session.js';

const NAMES = 5_000;
/** Tables whose columns are asked for at once: the server opens each of them. */
export const TABLES = 500;
const LONGEST = 64;
const SYSTEM = new Set(['information_schema', 'mysql', 'performance_schema', 'sys']);

/** An identifier as SQL wants it, whatever is in it. */
export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** A cell as text; empty where there is none. */
export const text = (cell: Cell | undefined): string => (cell == null ? '' : String(cell));

/** Whether MySQL can have something of that name. */
export const canBeName = (name: string): boolean => name !== '' && [...name].length <= LONGEST && !name.includes('\0');

/** What a word of `TABLE_TYPE` stands for; undefined where it is nothing to look at. */
export function typeOf(word: string): TableEntry['type'] | undefined {
  if (word === 'SEQUENCE') return undefined;
  return word.endsWith('VIEW') ? 'view' : 'table';
}

/** The databases that this account may see, without the server's own. */
export async function readSchemas(
  session: MySqlSession,
  isShown: (schema: string) => boolean
): Promise<SourceSchema[]> {
  const rows = await session.query('SHOW DATABASES');
  return rows
    .map(([name]) => text(name))
    .filter(name => !SYSTEM.has(name.toLowerCase()) && isShown(name))
    .map(schema => ({ schema }));
}

/** The names of a database. The server reads no sizes for that, and refuses a database without rights. */
export async function readNames(session: MySqlSession, label: string, schema: string): Promise<TableEntry[][]> {
  if (!canBeName(schema)) throw noSchema(label, schema);
  const rows = await session.query(`SHOW FULL TABLES FROM ${quoted(schema)}`);
  const parts: TableEntry[][] = [];
  let part: TableEntry[] = [];
  for (const [name, word] of rows) {
    const type = typeOf(text(word));
    if (type === undefined) continue;
    part.push({ name: text(name), type });
    if (part.length < NAMES) continue;
    parts.push(part);
    part = [];
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function noSchema(label: string, schema: string): ProblemError {
  return new ProblemError(
    'source-not-found',
    `${label} has no database ${schema}. It may have been dropped; read its names anew.`
  );
}

/** The columns of some tables of a database. */
export async function readColumns(session: MySqlSession, schema: string, tables: string[]): Promise<ColumnNames[]> {
  const places = tables.map(() => '?').join(', ');
  const rows = await session.query(
    `SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME IN (${places}) ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [schema, ...tables]
  );
  // Names are compared without case there, and are different with it.
  const found = new Map<string, { name: string; type: string }[]>(tables.map(table => [table, []]));
  for (const [table, name, type] of rows) found.get(text(table))?.push({ name: text(name), type: text(type) });
  return [...found].map(([table, columns]) => ({ table, columns }));
}
