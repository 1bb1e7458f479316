import { ProblemError } from '../../../contract/problem.js';
import type { TableEntry, TableRef } from '../../../contract/tables/index.js';
import { given } from '../../tables/databases/given.js';
import type { ColumnNames, TableFacts, TableSource } from '../../tables/ports.js';
import { canBeName, readSchemas, schemaId } from './catalog.js';
import { checkPostgres } from './check.js';
import type { PostgresOptions } from './connection.js';
import { createConnection, LIST, ROWS, TABLE } from './connection.js';
import { readRows } from './rows.js';
import type { PostgresSession, TextRow } from './session.js';
import { kindOf } from './types.js';

const NAMES = 5_000;
const PARTITIONS = 50;
const MEGABYTE = 1_048_576;

/** Redshift stems from PostgreSQL 8: it has few of the settings, and no functions of JSON. */
const begin = (milliseconds: number): string =>
  `BEGIN READ ONLY; SET LOCAL statement_timeout TO ${milliseconds}; SET LOCAL datestyle TO 'ISO, YMD'; SET LOCAL timezone TO 'UTC'`;

const LOCAL_COLUMNS = `SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    col_description(a.attrelid, a.attnum)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v') AND n.nspname = $1`;
const LATE_COLUMNS = `SELECT view_name, col_name, col_type FROM pg_get_late_binding_view_cols()
  AS cols (view_schema name, view_name name, col_name name, col_type varchar, col_num int) WHERE view_schema = $1`;
const EXTERNAL_COLUMNS = `SELECT tablename, columnname, external_type, part_key FROM svv_external_columns WHERE schemaname = $1`;

/**
 * Tables of an Amazon Redshift database: local ones, late-binding views, and those of external schemas. Written from
 * its documentation and tried on a twin: it has never met a real cluster.
 */
export function createRedshiftSource(options: PostgresOptions): TableSource {
  const { label } = options;
  const { ask, isShown, mustBeShown, checking, close } = createConnection(options, begin);

  /** The columns of one table and what it is; throws where there is none. */
  async function find(session: PostgresSession, ref: TableRef) {
    const rows = canBeName(ref.schema) ? await columnsOf(session, ref) : undefined;
    if (rows) return rows;
    throw new ProblemError(
      'source-not-found',
      `${label} has no table ${ref.table} in ${ref.schema}. It may have been dropped or renamed; read its names anew.`
    );
  }

  return {
    check: ({ signal }) => checkPostgres(checking, signal),
    schemas: call => ask(call, LIST, ({ session }) => readSchemas(session, label, isShown)),
    async *names(schema, call) {
      mustBeShown(schema);
      const all = await ask(call, LIST, async ({ session }) => {
        await schemaId(session, label, schema);
        return readNames(session, schema);
      });
      for (let at = 0; at < all.length; at += NAMES) yield all.slice(at, at + NAMES);
    },
    async *columns(schema, call) {
      mustBeShown(schema);
      yield await ask(call, LIST, async ({ session }) => {
        await schemaId(session, label, schema);
        const found = new Map<string, ColumnNames & { columns: { name: string; type: string }[] }>();
        const statements = [
          `${LOCAL_COLUMNS} ORDER BY c.relname, a.attnum`,
          `${LATE_COLUMNS} ORDER BY view_name, col_num`,
          `${EXTERNAL_COLUMNS} ORDER BY tablename, columnnum`
        ];
        for (const statement of statements) {
          for (const [table, name, type] of await session.query(statement, [schema])) {
            const own = found.get(table ?? '') ?? { table: table ?? '', columns: [] };
            own.columns.push({ name: name ?? '', type: type ?? '' });
            found.set(table ?? '', own);
          }
        }
        return [...found.values()];
      });
    },
    async facts(ref, call) {
      mustBeShown(ref.schema);
      const { found, facts } = await ask(call, TABLE, async ({ session }) => {
        const table = await find(session, ref);
        const more = table.type === 'external' ? await externalFacts(session, ref, table.rows) : {};
        return { found: table, facts: more };
      });
      const about = found.type === 'table' ? await sizeOf(ref) : {};
      return { type: found.type, columns: found.columns, ...facts, ...about, reach: reachOf(ref) };

      /** In a transaction of its own: few accounts may read this view. */
      async function sizeOf({ schema, table }: TableRef): Promise<Partial<TableFacts>> {
        try {
          const [row] = await ask(call, TABLE, ({ session }) =>
            session.query(`SELECT size, tbl_rows FROM svv_table_info WHERE "schema" = $1 AND "table" = $2`, [
              schema,
              table
            ])
          );
          if (!row) return {};
          return { bytes: Number(row[0]) * MEGABYTE, rows: { count: Math.round(Number(row[1])), estimated: true } };
        } catch (error) {
          if (!(error instanceof ProblemError) || error.code === 'cancelled') throw error;
          return { troubles: [{ code: error.code, message: `The size is missing: ${error.message}` }] };
        }
      }
    },
    async rows(ref, rowsOptions, call) {
      mustBeShown(ref.schema);
      return ask(call, ROWS, async ({ session, until }) => {
        const { columns } = await find(session, ref);
        const table = { oid: '0', relkind: 'r' };
        const seconds = ROWS / 1000;
        // A cursor there keeps the whole result on the leader node.
        const shown = columns.map(({ name, type, kind }) => ({ name, type, kind }));
        return readRows({
          session,
          label,
          ref,
          table,
          options: rowsOptions,
          until,
          seconds,
          withCursor: false,
          columns: shown
        });
      });
    },
    close
  };
}

const reachOf = ({ schema, table }: TableRef): TableFacts['reach'] => ({
  kind: 'sql',
  dialect: 'postgresql',
  name: [schema, table]
});

async function readNames(session: PostgresSession, schema: string): Promise<TableEntry[]> {
  const local = await session.query(
    `SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind IN ('r', 'v')`,
    [schema]
  );
  const external = await session.query(`SELECT tablename FROM svv_external_tables WHERE schemaname = $1`, [schema]);
  return [
    ...local.map(([name, kind]): TableEntry => ({ name: name ?? '', type: kind === 'v' ? 'view' : 'table' })),
    ...external.map(([name]): TableEntry => ({ name: name ?? '', type: 'external' }))
  ];
}

/** Looks among local tables, then late-binding views, then external tables. */
async function columnsOf(
  session: PostgresSession,
  { schema, table }: TableRef
): Promise<(Pick<TableFacts, 'type' | 'columns'> & { rows: TextRow[] }) | undefined> {
  const local = canBeName(table)
    ? await session.query(`${LOCAL_COLUMNS} AND c.relname = $2 ORDER BY a.attnum`, [schema, table])
    : [];
  if (local.length > 0) {
    const [kind] = await session.query(
      `SELECT c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2`,
      [schema, table]
    );
    const columns = local.map(([, name, type, notNull, comment]) => ({
      ...columnOf(name, type),
      nullable: notNull !== 't',
      ...(given(comment) && { comment })
    }));
    return { type: kind?.[0] === 'v' ? 'view' : 'table', columns, rows: local };
  }
  const late = canBeName(table)
    ? await session.query(`${LATE_COLUMNS} AND view_name = $2 ORDER BY col_num`, [schema, table])
    : [];
  if (late.length > 0) return { type: 'view', columns: late.map(([, name, type]) => columnOf(name, type)), rows: late };
  const rows = table.includes('\0')
    ? []
    : await session.query(`${EXTERNAL_COLUMNS} AND tablename = $2 ORDER BY columnnum`, [schema, table]);
  if (rows.length === 0) return undefined;
  return { type: 'external', columns: rows.map(([, name, type]) => columnOf(name, type)), rows };
}

const columnOf = (name: string | null | undefined, type: string | null | undefined) => ({
  name: name ?? '',
  type: type ?? '',
  kind: kindOf(type ?? '')
});

async function externalFacts(
  session: PostgresSession,
  { schema, table }: TableRef,
  columns: TextRow[]
): Promise<Partial<TableFacts>> {
  const [about] = await session.query(
    `SELECT location, input_format FROM svv_external_tables WHERE schemaname = $1 AND tablename = $2`,
    [schema, table]
  );
  const partitionedBy = columns.filter(([, , , part]) => Number(part ?? 0) > 0).map(([, name]) => name ?? '');
  const facts: Partial<TableFacts> = {
    ...(given(about?.[0]) && { location: about[0] }),
    ...(given(about?.[1]) && { format: about[1] })
  };
  if (partitionedBy.length === 0) return facts;
  const parts = await session.query(
    `SELECT "values" FROM svv_external_partitions WHERE schemaname = $1 AND tablename = $2
     ORDER BY "values" DESC LIMIT ${PARTITIONS + 1}`,
    [schema, table]
  );
  const newest = parts.slice(0, PARTITIONS).map(([values]) => ({ name: values ?? '' }));
  return { ...facts, partitionedBy, partitions: { newest, more: parts.length > PARTITIONS } };
}
