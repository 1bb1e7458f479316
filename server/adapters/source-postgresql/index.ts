import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import { createLanes, Silence } from '../../tables/databases/lanes.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import { allowsSchema } from '../../tables/databases/settings.js';
import type { SourceCall, TableSource } from '../../tables/ports.js';
import { readColumns, readNames, readSchemas, schemaId } from './catalog.js';
import { checkPostgres } from './check.js';
import { findPartition, findTable, noSize, readFacts, readSize } from './facts.js';
import { postgresProblem } from './problems.js';
import { readRows } from './rows.js';
import type { PostgresSession } from './session.js';
import { openPostgres } from './session.js';
import type { PostgresSettings } from './settings.js';

/** Longest times: to connect, of a list, of one table, of rows. Milliseconds. */
const CONNECT = 3_000;
const LIST = 10_000;
const TABLE = 5_000;
const ROWS = 5_000;
/** So much earlier the server stops by itself: then it is known whether it was slow or silent. */
const EARLIER = 400;
const LOCKED = 1_500;

export interface PostgresOptions {
  settings: PostgresSettings;
  password: () => Promise<string | undefined>;
  /** What people call the source. */
  label: string;
  /** Where its settings stand. */
  where: string;
  log: Log;
  make: 'postgresql' | 'redshift';
}

/** What a question is given. */
interface Asked {
  session: PostgresSession;
  /** When the server is to stop, as `performance.now()` tells it. */
  until: number;
}

/** Tables of a PostgreSQL database. Reads in read-only transactions; connects when it is first asked. */
export function createPostgresSource({ settings, password, label, where, log }: PostgresOptions): TableSource {
  let secret: string | undefined;
  const readPassword = async (): Promise<string | undefined> => (secret = await password());
  const { host, port, user, database, tls } = settings;
  const place: DatabasePlace = { label, host, port, user, database, tls, settings: where };
  const open = (signal: AbortSignal): Promise<PostgresSession> =>
    openPostgres({ settings, password: readPassword }, signal);
  const lanes = createLanes<PostgresSession>({ open, most: 2, connect: CONNECT });
  const isShown = allowsSchema(settings.schemas);
  const types = new Map<string, string>();

  async function ask<T>({ signal }: SourceCall, limit: number, work: (asked: Asked) => Promise<T>): Promise<T> {
    try {
      return await lanes.ask(signal, limit - EARLIER / 4, async session => {
        const left = limit - EARLIER;
        const until = performance.now() + left;
        await session.script(
          `BEGIN READ ONLY; SET LOCAL statement_timeout = ${left}; SET LOCAL lock_timeout = ${LOCKED};
           SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex';
           SET LOCAL TimeZone = 'UTC'`
        );
        try {
          return await work({ session, until });
        } finally {
          if (session.isOpen) await session.script('ROLLBACK').catch(() => session.kill());
        }
      });
    } catch (error) {
      const problem = postgresProblem(error, place, secret);
      if (error instanceof Silence) log.warn({ source: label, milliseconds: error.milliseconds }, 'a source is silent');
      throw problem;
    }
  }

  function mustBeShown(schema: string): void {
    if (isShown(schema)) return;
    throw new ProblemError(
      'source-not-found',
      `${label} shows no schema ${schema}: schemas of ${where} leaves it out. Add it there.`
    );
  }

  return {
    check: ({ signal }) => checkPostgres({ place, settings, open, secret: () => secret, isShown }, signal),
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
    close: () => lanes.close()
  };
}
