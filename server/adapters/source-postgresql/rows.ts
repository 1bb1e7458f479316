import { ProblemError } from '../../../contract/problem.js';
import type { TableRef, TypeKind } from '../../../contract/tables/index.js';
import type { Budget } from '../../tables/databases/budget.js';
import { createBudget, longestValue, sizeText } from '../../tables/databases/budget.js';
import type { Rows, RowsOptions } from '../../tables/ports.js';
import { codeOf } from '../../tables/databases/problems.js';
import type { FoundTable } from './facts.js';
import type { PostgresSession, TextRow } from './session.js';
import { kindOf, valueOf } from './types.js';

/** Rows that are asked for at once: few at first, so that a slow view shows something. */
const FIRST = 20;
const NEXT = 100;
/** SQLSTATE of a statement that was stopped for its time. */
const STOPPED = '57014';

interface Shown {
  name: string;
  type: string;
  kind: TypeKind;
}

export interface RowsWork {
  session: PostgresSession;
  label: string;
  ref: TableRef;
  table: FoundTable;
  options: RowsOptions;
  /** When the time is over, as `performance.now()` tells it, and how long it was in seconds. */
  until: number;
  seconds: number;
  /** False where the server keeps whole results for a cursor. */
  withCursor: boolean;
  /** The columns, where the catalogue does not tell them. */
  columns?: Shown[];
}

/** An identifier as SQL wants it, whatever is in it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The first rows of a table. Runs in the read-only transaction that the session is in. */
export async function readRows(work: RowsWork): Promise<Rows> {
  const { session, label, ref, table, options, until, seconds } = work;
  const columns = work.columns ?? (await readableColumns(session, label, ref, table));
  const longest = longestValue(options.maxBytes, columns.length);
  const list = columns.map(column => clipped(column, longest)).join(', ');
  const select = `SELECT ${list} FROM ${quoted(ref.schema)}.${quoted(ref.table)} LIMIT ${options.limit + 1}`;
  const budget = createBudget(options.maxBytes);
  const result: Rows = {
    columns: columns.map(({ name, type, kind }) => ({ name, type, kind })),
    rows: [],
    more: false
  };
  try {
    let fetched = take(budget, await firstOf(work, select), columns);
    while (work.withCursor && !budget.isFull && fetched.isMore) {
      fetched = take(budget, await session.script(`${timed(until)}; FETCH ${NEXT} FROM lakeside_rows`), columns, NEXT);
    }
    if (budget.isFull) result.cut = sizeText(options.maxBytes);
  } catch (error) {
    // What came in time is worth showing.
    if (codeOf(error) !== STOPPED || budget.rows.length === 0) throw error;
    result.cut = `${seconds} s`;
  }
  result.more = result.cut !== undefined || budget.rows.length > options.limit;
  result.rows = budget.rows.slice(0, options.limit);
  return result;
}

async function firstOf({ session, until, withCursor }: RowsWork, select: string): Promise<TextRow[]> {
  if (!withCursor) return session.script(`${timed(until)}; ${select}`);
  return session.script(
    `${timed(until)}; DECLARE lakeside_rows NO SCROLL CURSOR FOR ${select}; FETCH ${FIRST} FROM lakeside_rows`
  );
}

function take(budget: Budget, rows: TextRow[], columns: Shown[], asked = FIRST): { isMore: boolean } {
  for (const row of rows) {
    budget.add(row.map((text, at) => valueOf(text, columns[at]?.kind ?? 'other')));
  }
  return { isMore: rows.length === asked };
}

/** The server stops a statement when the time is over, also when nobody is left to tell it. */
function timed(until: number): string {
  return `SET LOCAL statement_timeout = ${Math.max(1, Math.round(until - performance.now()))}`;
}

/** Values of these kinds are never long. */
const SHORT = new Set<TypeKind>(['boolean', 'integer', 'float', 'date', 'time', 'timestamp', 'interval', 'uuid']);

/** A column as text, long values cut on the server: a preview must not carry a gigabyte. */
function clipped({ name, type, kind }: Shown, longest: number): string {
  const column = quoted(name);
  if (SHORT.has(kind)) return column;
  if (kind === 'binary') {
    const bytes = Math.floor(longest / 2);
    return `CASE WHEN octet_length(${column}) > ${bytes} THEN substring(${column} FROM 1 FOR ${bytes})::text || '…' ELSE ${column}::text END`;
  }
  const text = type === 'super' ? `json_serialize(${column})` : `${column}::text`;
  return `CASE WHEN length(${text}) > ${longest} THEN left(${text}, ${longest}) || '…' ELSE ${text} END`;
}

/** The columns that this account may read: rights may be given on some of them only. */
async function readableColumns(
  session: PostgresSession,
  label: string,
  ref: TableRef,
  { oid }: FoundTable
): Promise<Shown[]> {
  const rows = await session.query(
    `SELECT attname, pg_catalog.format_type(atttypid, atttypmod),
            pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT'),
            (SELECT pg_catalog.format_type(t.typbasetype, t.typtypmod) FROM pg_catalog.pg_type t
             WHERE t.oid = atttypid AND t.typtype = 'd')
     FROM pg_catalog.pg_attribute WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [oid]
  );
  const readable = rows.filter(([, , may]) => may === 't');
  if (rows.length > 0 && readable.length === 0)
    throw new ProblemError(
      'source-forbidden',
      `${label} does not let this account read ${ref.table} in ${ref.schema}. Ask for GRANT SELECT on it.`
    );
  return readable.map(([name, type, , base]) => ({
    name: name ?? '',
    type: type ?? '',
    kind: kindOf(base ?? type ?? '')
  }));
}
