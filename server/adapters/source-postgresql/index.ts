import { ProblemError } from '../../../contract/problem.js';
import type { TableSource } from '../../tables/ports.js';
import { readColumns, readNames, readSchemas, schemaId } from './catalog.js';
import { checkPostgres } from './check.js';
import type { PostgresOptions } from './connection.js';
import { createConnection, LIST, ROWS, TABLE } from './connection.js';
import { findPartition, findTable, noSize, readFacts, readSize } from './facts.js';
import { readRows } from './rows.js';

/** Longest wait for what others hold locked. Milliseconds. */
const LOCKED = 1_500;

const begin = (milliseconds: number): string =>
  `BEGIN READ ONLY; SET LOCAL statement_timeout = ${milliseconds}; SET LOCAL lock_timeout = ${LOCKED};
   SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex';
   SET LOCAL TimeZone = 'UTC'; SET LOCAL max_parallel_workers_per_gather = 0`;

/** Tables of a PostgreSQL database. Reads in read-only transactions; connects when it is first asked. */
export function createPostgresSource(options: PostgresOptions): TableSource {
  const { label } = options;
  const { ask, isShown, mustBeShown, checking, close } = createConnection(options, begin);
  const types = new Map<string, string>();
  return {
    check: ({ signal }) => checkPostgres(checking, signal),
    schemas: call => ask(call, LIST, ({ session }) => readSchemas(session, label, isShown)),
    async *names(schema, call) {
      mustBeShown(schema);
      yield* await ask(call, LIST, async ({ session }) => readNames(session, await schemaId(session, label, schema)));
    },
    async *columns(schema, call) {
      mustBeShown(schema);
      for (let after: string | undefined = '0'; after !== undefined;) {
        const from: string = after;
        const { tables, next } = await ask(call, LIST, async ({ session }) =>
          readColumns(session, await schemaId(session, label, schema), from, types)
        );
        if (tables.length > 0) yield tables;
        after = next;
      }
    },
    async facts(ref, call) {
      mustBeShown(ref.schema);
      const { table, ...facts } = await ask(call, TABLE, async ({ session }) => {
        const found = await findTable(session, label, ref);
        return { ...(await readFacts(session, ref, found)), table: found };
      });
      try {
        // Apart: it waits for locks, and all else is known without it.
        const bytes = await ask(call, TABLE, ({ session }) => readSize(session, table));
        return { ...facts, ...(bytes !== undefined && { bytes }) };
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code === 'cancelled') throw error;
        return { ...facts, troubles: [noSize(label, error)] };
      }
    },
    async rows(ref, options, call) {
      mustBeShown(ref.schema);
      return ask(call, ROWS, async ({ session, until }) => {
        const found = await findTable(session, label, ref);
        const part =
          options.partition === undefined
            ? { ref, table: found }
            : await findPartition(session, label, ref, found, options.partition);
        const work = { session, label, options, until, seconds: ROWS / 1000, withCursor: true };
        return readRows({ ...work, ...part });
      });
    },
    close
  };
}
