import { ProblemError } from '../../../contract/problem.js';
import type { Column, TableRef } from '../../../contract/tables/index.js';
import { createBudget, longestValue, sizeText } from '../../tables/databases/budget.js';
import type { Rows, RowsOptions } from '../../tables/ports.js';
import { canBeName, quoted } from './catalog.js';
import { noTable, readColumns } from './facts.js';
import { numberOf, STOPPED } from './problems.js';
import type { MySqlSession } from './session.js';
import { valueOf } from './types.js';

/** The first rows of a table. Runs in the read-only transaction that the session is in. */
export async function readRows(
  session: MySqlSession,
  label: string,
  ref: TableRef,
  options: RowsOptions,
  seconds: number
): Promise<Rows> {
  const columns = await readableColumns(session, label, ref);
  const longest = longestValue(options.maxBytes, columns.length);
  const list = columns.map(column => clipped(column, longest)).join(', ');
  const part = options.partition === undefined ? '' : ` PARTITION (${quoted(options.partition)})`;
  const budget = createBudget(options.maxBytes);
  let cut: string | undefined;
  try {
    await session.stream(
      `SELECT ${list} FROM ${quoted(ref.schema)}.${quoted(ref.table)}${part} LIMIT ${options.limit + 1}`,
      values => {
        budget.add(values.map((value, at) => valueOf(value, columns[at]?.type ?? '', columns[at]?.kind ?? 'other')));
        return !budget.isFull;
      }
    );
    if (budget.isFull) cut = sizeText(options.maxBytes);
  } catch (error) {
    // What came in time is worth showing.
    if (!STOPPED.has(numberOf(error)) || budget.rows.length === 0) throw error;
    cut = `${seconds} s`;
  }
  return {
    columns: columns.map(({ name, type, kind }) => ({ name, type, kind })),
    rows: budget.rows.slice(0, options.limit),
    more: cut !== undefined || budget.rows.length > options.limit,
    ...(cut !== undefined && { cut })
  };
}

/** The columns that this account may read: rights may be given on some of them only. */
async function readableColumns(session: MySqlSession, label: string, ref: TableRef): Promise<Column[]> {
  const all = canBeName(ref.schema) && canBeName(ref.table) ? await readColumns(session, ref) : [];
  if (all.length === 0) throw await noTable(session, label, ref);
  const readable = all.filter(({ isReadable }) => isReadable).map(({ column }) => column);
  if (readable.length > 0) return readable;
  throw new ProblemError(
    'source-forbidden',
    `${label} does not let this account read ${ref.table} in ${ref.schema}. Ask for GRANT SELECT on it.`
  );
}

const SPATIAL = /^(geometry|point|linestring|polygon|multi|geomcollection)/;

/** A column, long values cut on the server: a preview must not carry a gigabyte. */
function clipped({ name, type, kind }: Column, longest: number): string {
  const column = quoted(name);
  if (SPATIAL.test(type)) return shortened(`ST_AsText(${column})`, longest);
  if (type.startsWith('bit')) return column;
  if (kind === 'binary') {
    const bytes = Math.floor(longest / 2);
    return `IF(OCTET_LENGTH(${column}) > ${bytes}, CONCAT(LOWER(HEX(LEFT(${column}, ${bytes}))), '…'), LOWER(HEX(${column})))`;
  }
  if (kind === 'json') return shortened(`CAST(${column} AS CHAR)`, longest);
  return kind === 'string' ? shortened(column, longest) : column;
}

function shortened(expression: string, longest: number): string {
  return `IF(CHAR_LENGTH(${expression}) > ${longest}, CONCAT(LEFT(${expression}, ${longest}), '…'), ${expression})`;
}
