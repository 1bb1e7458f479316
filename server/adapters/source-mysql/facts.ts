import { ProblemError } from '../../../contract/problem.js';
import type { Column, Partition, TableRef } from '../../../contract/tables/index.js';
import type { TableFacts } from '../../tables/ports.js';
import { canBeName, quoted, text, typeOf } from './catalog.js';
import type { Cell, MySqlSession } from './session.js';
import { instantOf, kindOf } from './types.js';

const PARTITIONS = 50;
/** Engines that count their rows; all others estimate. */
const COUNTING = new Set(['MyISAM', 'Aria', 'MEMORY', 'CSV', 'ARCHIVE']);
/** Engines whose rows lie elsewhere. */
const OUTSIDE = new Set(['FEDERATED', 'CONNECT', 'SPIDER', 'S3']);

/** The row of `information_schema` that is for exactly this name: the server compares without case. */
async function about(session: MySqlSession, { schema, table }: TableRef): Promise<Cell[] | undefined> {
  const rows = await session.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH, CREATE_TIME,
            UPDATE_TIME, TABLE_COMMENT, CREATE_OPTIONS
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`,
    [schema, table]
  );
  return rows.find(([itsSchema, itsName]) => itsSchema === schema && itsName === table);
}

/** All that the server tells of one table. */
export async function readFacts(session: MySqlSession, label: string, ref: TableRef): Promise<TableFacts> {
  const row = canBeName(ref.schema) && canBeName(ref.table) ? await about(session, ref) : undefined;
  if (!row) throw await noTable(session, label, ref);
  const [, , word, engine, count, data, index, created, updated, comment, options] = row;
  const type = typeOf(text(word)) ?? 'table';
  const isView = type === 'view';
  const columns = await readColumns(session, ref);
  const key = isView ? [] : await readKey(session, ref);
  return {
    type: OUTSIDE.has(text(engine)) ? 'external' : type,
    columns: columns.map(({ column }) => column),
    ...(!isView && text(comment) !== '' && { comment: text(comment) }),
    ...(count != null && { rows: { count: Number(count), estimated: !COUNTING.has(text(engine)) } }),
    ...(data != null && { bytes: Number(data) + Number(index ?? 0) }),
    ...(created != null && !isView && { createdAt: instantOf(text(created), true) }),
    ...(updated != null && { updatedAt: instantOf(text(updated), true) }),
    ...(engine != null && { format: text(engine) }),
    ...(key.length > 0 && { primaryKey: key }),
    ...(text(options).includes('partitioned') && (await readPartitions(session, ref))),
    reach: { kind: 'sql', dialect: 'mysql', name: [ref.schema, ref.table] }
  };
}

/** Why a table is not there: the server's own word for it, else that it has gone. */
export async function noTable(session: MySqlSession, label: string, { schema, table }: TableRef): Promise<Error> {
  const gone = new ProblemError(
    'source-not-found',
    `${label} has no table ${table} in ${schema}. It may have been dropped or renamed; read its names anew.`
  );
  if (!canBeName(schema) || !canBeName(table)) return gone;
  return session.query(`SELECT 1 FROM ${quoted(schema)}.${quoted(table)} LIMIT 0`).then(
    () => gone,
    (error: unknown) => error as Error
  );
}

/** The columns of a table, and whether this account may read each. */
export async function readColumns(
  session: MySqlSession,
  { schema, table }: TableRef
): Promise<{ column: Column; isReadable: boolean }[]> {
  const rows = await session.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT, PRIVILEGES
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`,
    [schema, table]
  );
  const own = rows.filter(([itsSchema, itsName]) => itsSchema === schema && itsName === table);
  const json = own.some(([, , , type]) => type === 'longtext') ? await jsonColumns(session, { schema, table }) : [];
  return own.map(([, , name, type, nullable, comment, rights]) => {
    const written = json.includes(text(name)) ? 'json' : text(type);
    return {
      column: {
        name: text(name),
        type: written,
        kind: kindOf(written),
        nullable: nullable === 'YES',
        ...(text(comment) !== '' && { comment: text(comment) })
      },
      isReadable: text(rights).includes('select')
    };
  });
}

/** MariaDB's JSON is a text with a check. */
async function jsonColumns(session: MySqlSession, { schema, table }: TableRef): Promise<string[]> {
  if (!session.isMariaDb) return [];
  const rows = await session.query(
    `SELECT CONSTRAINT_SCHEMA, TABLE_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS
     WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?`,
    [schema, table]
  );
  return rows.flatMap(([itsSchema, itsName, clause]) => {
    const column = /^json_valid\(`(.*)`\)$/s.exec(text(clause))?.[1];
    return itsSchema === schema && itsName === table && column !== undefined ? [column.replaceAll('``', '`')] : [];
  });
}

async function readKey(session: MySqlSession, { schema, table }: TableRef): Promise<string[]> {
  const rows = await session.query(
    `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX`,
    [schema, table]
  );
  return rows.filter(([itsSchema, name]) => itsSchema === schema && name === table).map(([, , column]) => text(column));
}

async function readPartitions(
  session: MySqlSession,
  { schema, table }: TableRef
): Promise<Pick<TableFacts, 'partitionedBy' | 'partitions'>> {
  const rows = await session.query(
    `SELECT PARTITION_NAME, MAX(PARTITION_EXPRESSION), SUM(TABLE_ROWS), SUM(DATA_LENGTH), MAX(UPDATE_TIME)
     FROM information_schema.PARTITIONS
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND PARTITION_NAME IS NOT NULL
     GROUP BY PARTITION_NAME, PARTITION_ORDINAL_POSITION
     ORDER BY PARTITION_ORDINAL_POSITION DESC LIMIT ${PARTITIONS + 1}`,
    [schema, table]
  );
  const newest = rows.slice(0, PARTITIONS).map(([name, , count, bytes, updated]): Partition => ({
    name: text(name),
    ...(count != null && { rows: Number(count) }),
    ...(bytes != null && { bytes: Number(bytes) }),
    ...(updated != null && { updatedAt: instantOf(text(updated), true) })
  }));
  return {
    partitionedBy: [text(rows[0]?.[1]).replaceAll('`', '')],
    partitions: { newest, more: rows.length > PARTITIONS }
  };
}
