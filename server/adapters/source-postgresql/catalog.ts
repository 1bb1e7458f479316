import { ProblemError } from '../../../contract/problem.js';
import type { TableEntry } from '../../../contract/tables/index.js';
import { given } from '../../tables/databases/given.js';
import type { ColumnNames, SourceSchema } from '../../tables/ports.js';
import type { PostgresSession } from './session.js';

/** The names of a schema come in parts of so many, its columns for so many tables at a time. */
const NAMES = 5_000;
const TABLES = 5_000;

/** Tables, partitioned ones, views, materialized ones, foreign tables. Partitions show in what they belong to. */
const SHOWN = `relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition`;

const types: Record<string, TableEntry['type']> = { v: 'view', m: 'materialized-view', f: 'external' };

/** What a letter of `pg_class.relkind` stands for. */
export const typeOf = (relkind: string): TableEntry['type'] => types[relkind] ?? 'table';

/** Names are compared as `name`, which would cut a longer one and find another's. */
const LONGEST = 63;

/** Whether PostgreSQL can have something of that name. */
export const canBeName = (name: string): boolean =>
  name !== '' && Buffer.byteLength(name) <= LONGEST && !name.includes('\0');

/** The schemas of people: those that begin with pg_ are the server's own. */
export async function readSchemas(
  session: PostgresSession,
  label: string,
  isShown: (schema: string) => boolean
): Promise<SourceSchema[]> {
  const rows = await session.query(
    `SELECT nspname, pg_catalog.has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace
     WHERE nspname <> 'information_schema' AND left(nspname, 3) <> 'pg_'`
  );
  return rows.flatMap(([schema, usable]) => {
    if (!given(schema) || !isShown(schema)) return [];
    if (usable === 't') return [{ schema }];
    const { code, message } = noUsage(label, schema);
    return [{ schema, trouble: { code, message } }];
  });
}

/** @returns the oid of a schema that may be used */
export async function schemaId(session: PostgresSession, label: string, schema: string): Promise<string> {
  const rows = canBeName(schema)
    ? await session.query(
        `SELECT oid, pg_catalog.has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace WHERE nspname = $1`,
        [schema]
      )
    : [];
  const [oid, usable] = rows[0] ?? [];
  if (!given(oid))
    throw new ProblemError(
      'source-not-found',
      `${label} has no schema ${schema}. It may have been dropped; read its names anew.`
    );
  if (usable !== 't') throw noUsage(label, schema);
  return oid;
}

function noUsage(label: string, schema: string): ProblemError {
  return new ProblemError(
    'source-forbidden',
    `${label} does not let this account into the schema ${schema}. Ask for GRANT USAGE on it.`
  );
}

/** Up to so many things of a schema, each is looked up; of larger ones all tables of the database are read through. */
const FEW = 5_000;

/** What a schema holds, as `pg_depend` has it, which has an index by schema; `pg_class` has none. */
const HELD = `pg_catalog.pg_depend AS d
  WHERE d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass AND d.refobjid = $1
    AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'n'`;

/** The tables of the schema `$1`: what stands behind FROM, whichever is read faster. */
async function tablesOf(session: PostgresSession, schema: string): Promise<string> {
  const [row] = await session.query(
    `SELECT pg_catalog.count(*) FROM (SELECT 1 FROM ${HELD} ORDER BY d.refobjsubid LIMIT ${FEW + 1}) AS held`,
    [schema]
  );
  const held = Number(row?.[0]);
  // Databases that only speak as PostgreSQL does may note no dependencies.
  const isLookedUp = held > 0 && held <= FEW;
  const only = isLookedUp ? ` AND oid IN (SELECT d.objid FROM ${HELD})` : '';
  return `pg_catalog.pg_class WHERE relnamespace = $1 AND ${SHOWN}${only}`;
}

/** The names of a schema: a row for each kind of table, without sorting on the server. */
export async function readNames(session: PostgresSession, schema: string): Promise<TableEntry[][]> {
  const from = await tablesOf(session, schema);
  const rows = await session.query(
    `SELECT relkind, pg_catalog.count(*), pg_catalog.string_agg(relname::text, E'\\n') FROM ${from} GROUP BY relkind`,
    [schema]
  );
  const parts: TableEntry[][] = [];
  for (const [kind, count, text] of rows) {
    const type = typeOf(kind ?? '');
    const lines = (text ?? '').split('\n');
    const names = lines.length === Number(count) ? lines : await namesOfLines(session, from, schema, kind ?? '');
    for (let at = 0; at < names.length; at += NAMES)
      parts.push(names.slice(at, at + NAMES).map(name => ({ name, type })));
  }
  return parts;
}

/** The names of one kind where some have more than one line. */
async function namesOfLines(session: PostgresSession, from: string, schema: string, kind: string): Promise<string[]> {
  const rows = await session.query(`SELECT relname FROM ${from} AND relkind = $2`, [schema, kind]);
  return rows.map(([name]) => name ?? '');
}

/** The columns of some tables of a schema, and where to go on; undefined at the end. */
export async function readColumns(
  session: PostgresSession,
  schema: string,
  after: string,
  knownTypes: Map<string, string>
): Promise<{ tables: ColumnNames[]; next: string | undefined }> {
  const from = await tablesOf(session, schema);
  const rows = await session.query(
    `SELECT c.oid, c.relname, a.names, a.types, a.modifiers FROM (
       SELECT oid, relname FROM ${from} AND oid > $2 ORDER BY oid LIMIT ${TABLES}
     ) AS c CROSS JOIN LATERAL (
       SELECT pg_catalog.json_agg(attname) AS names,
              pg_catalog.string_agg(atttypid::text, ',') AS types,
              pg_catalog.string_agg(atttypmod::text, ',') AS modifiers
       FROM (
         SELECT attname, atttypid, atttypmod FROM pg_catalog.pg_attribute
         WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped ORDER BY attnum
       ) AS in_order
     ) AS a ORDER BY c.oid`,
    [schema, after]
  );
  const found = rows.map(([, table, names, ids, modifiers]) => {
    const [type, modifier] = [(ids ?? '').split(','), (modifiers ?? '').split(',')];
    const columns = (JSON.parse(names ?? '[]') as string[]).map((name, at) => ({
      name,
      key: `${type[at] ?? ''} ${modifier[at] ?? ''}`
    }));
    return { table: table ?? '', columns };
  });
  await learnTypes(session, new Set(found.flatMap(({ columns }) => columns.map(({ key }) => key))), knownTypes);
  const tables = found.map(({ table, columns }) => ({
    table,
    columns: columns.map(({ name, key }) => ({ name, type: knownTypes.get(key) ?? '' }))
  }));
  return { tables, next: rows.length < TABLES ? undefined : (rows.at(-1)?.[0] ?? undefined) };
}

/** A schema has a million columns and a few types: each is asked for once. */
async function learnTypes(session: PostgresSession, keys: Set<string>, known: Map<string, string>): Promise<void> {
  const missing = [...keys].filter(key => !known.has(key)).map(key => key.split(' '));
  if (missing.length === 0) return;
  const rows = await session.query(
    `SELECT id, modifier, pg_catalog.format_type(id, modifier)
     FROM unnest($1::oid[], $2::int4[]) AS asked (id, modifier)`,
    [missing.map(([id]) => id), missing.map(([, modifier]) => modifier)]
  );
  for (const [id, modifier, name] of rows) known.set(`${id ?? ''} ${modifier ?? ''}`, name ?? '');
}
