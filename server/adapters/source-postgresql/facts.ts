import { ProblemError } from '../../../contract/problem.js';
import type { Partition, TableRef, Trouble } from '../../../contract/tables/index.js';
import type { TableFacts } from '../../tables/ports.js';
import { canBeName, typeOf } from './catalog.js';
import { describeColumns } from './nested.js';
import type { PostgresSession } from './session.js';

const PARTITIONS = 50;

/** A table as the catalogue has it. */
export interface FoundTable {
  oid: string;
  relkind: string;
}

/** Finds a table by its name, as it is written. */
export async function findTable(
  session: PostgresSession,
  label: string,
  { schema, table }: TableRef
): Promise<FoundTable> {
  const rows =
    canBeName(schema) && canBeName(table)
      ? await session.query(
          `SELECT c.oid, c.relkind FROM pg_catalog.pg_class c
           JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')`,
          [schema, table]
        )
      : [];
  const [oid, relkind] = rows[0] ?? [];
  if (oid != null && relkind != null) return { oid, relkind };
  throw new ProblemError(
    'source-not-found',
    `${label} has no table ${table} in ${schema}. It may have been dropped or renamed; read its names anew.`
  );
}

/** All that the catalogue tells of one table. */
export async function readFacts(
  session: PostgresSession,
  ref: TableRef,
  { oid, relkind }: FoundTable
): Promise<Omit<TableFacts, 'bytes'>> {
  const [about] = await session.query(
    `SELECT c.reltuples, pg_catalog.obj_description(c.oid, 'pg_class'), pg_catalog.pg_get_userbyid(c.relowner),
            (SELECT s.srvname || ' (' || w.fdwname || ')' FROM pg_catalog.pg_foreign_table t
             JOIN pg_catalog.pg_foreign_server s ON s.oid = t.ftserver
             JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE t.ftrelid = c.oid),
            (SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) FROM pg_catalog.pg_index i
             CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (number, at)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             WHERE i.indrelid = c.oid AND i.indisprimary)
     FROM pg_catalog.pg_class c WHERE c.oid = $1`,
    [oid]
  );
  const [estimate, comment, owner, format, key] = about ?? [];
  const rows = Number(estimate ?? -1);
  const isCounted = rows >= 0 && (relkind === 'r' || relkind === 'm');
  return {
    type: typeOf(relkind),
    columns: await describeColumns(session, oid),
    ...(comment != null && { comment }),
    ...(owner != null && { owner }),
    ...(format != null && { format }),
    ...(key != null && { primaryKey: JSON.parse(key) as string[] }),
    ...(isCounted && { rows: { count: rows, estimated: true } }),
    ...(relkind === 'p' && (await readPartitions(session, oid))),
    reach: { kind: 'sql', dialect: 'postgresql', name: [ref.schema, ref.table] }
  };
}

/** The bytes of a table with its indexes and what is stored apart; undefined of a view. */
export async function readSize(session: PostgresSession, { oid, relkind }: FoundTable): Promise<number | undefined> {
  if (relkind !== 'r' && relkind !== 'm') return undefined;
  const [row] = await session.query('SELECT pg_catalog.pg_total_relation_size($1::oid)', [oid]);
  return row?.[0] == null ? undefined : Number(row[0]);
}

/** What is missing of the facts, and why. */
export function noSize(label: string, error: ProblemError): Trouble {
  return { code: error.code, message: `The size is missing: ${error.message || `${label} did not tell.`}` };
}

/** How a partition is called: by its name alone where it lies in the same schema. */
const PARTITION_NAME = `CASE WHEN c.relnamespace = p.relnamespace THEN c.relname::text
  ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) END`;

const PARTITIONS_OF = `FROM pg_catalog.pg_inherits i
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
  WHERE i.inhparent = $1 AND c.relispartition`;

async function readPartitions(
  session: PostgresSession,
  oid: string
): Promise<Pick<TableFacts, 'rows' | 'partitionedBy' | 'partitions'>> {
  const [by] = await session.query(
    `SELECT pg_catalog.pg_get_partkeydef($1::oid), (SELECT pg_catalog.json_agg(a.attname ORDER BY k.at)
       FROM pg_catalog.pg_partitioned_table t CROSS JOIN unnest(t.partattrs) WITH ORDINALITY AS k (number, at)
       LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.partrelid AND a.attnum = k.number
       WHERE t.partrelid = $1::oid)`,
    [oid]
  );
  const named = JSON.parse(by?.[1] ?? '[]') as (string | null)[];
  const partitionedBy = named.every(name => name !== null) ? named : [by?.[0] ?? ''];
  const found = await session.query(
    `SELECT ${PARTITION_NAME}, c.reltuples, c.relpages::int8 * pg_catalog.current_setting('block_size')::int8
     ${PARTITIONS_OF} ORDER BY c.oid DESC LIMIT ${PARTITIONS + 1}`,
    [oid]
  );
  const newest = found.slice(0, PARTITIONS).map(([name, rows, bytes]): Partition => {
    const isKnown = Number(rows ?? -1) >= 0;
    return { name: name ?? '', ...(isKnown && { rows: Number(rows), bytes: Number(bytes) }) };
  });
  const counted = newest.every(each => each.rows !== undefined) && found.length <= PARTITIONS;
  const count = newest.reduce((sum, each) => sum + (each.rows ?? 0), 0);
  return {
    partitionedBy,
    partitions: { newest, more: found.length > PARTITIONS },
    ...(counted && { rows: { count, estimated: true } })
  };
}

/** Finds one partition of a table by the name that its facts give. */
export async function findPartition(
  session: PostgresSession,
  label: string,
  ref: TableRef,
  table: FoundTable,
  partition: string
): Promise<{ ref: TableRef; table: FoundTable }> {
  const [row] = await session.query(
    `SELECT c.oid, c.relkind, n.nspname, c.relname ${PARTITIONS_OF} AND ${PARTITION_NAME} = $2 LIMIT 1`,
    [table.oid, partition]
  );
  const [oid, relkind, schema, name] = row ?? [];
  if (oid != null && relkind != null && schema != null && name != null)
    return { ref: { schema, table: name }, table: { oid, relkind } };
  throw new ProblemError(
    'source-not-found',
    `${label} has no partition ${partition} of ${ref.table}. It may have been dropped; open the table anew.`
  );
}
