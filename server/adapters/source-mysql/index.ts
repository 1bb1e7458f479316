import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import type { AccountReader } from '../../tables/databases/account.js';
import { createSignedIn } from '../../tables/databases/account.js';
import { createLanes, keepInStep, Silence } from '../../tables/databases/lanes.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import { allowsSchema } from '../../tables/databases/settings.js';
import type { SourceCall, TableSource } from '../../tables/ports.js';
import { readColumns, readNames, readSchemas, TABLES } from './catalog.js';
import { checkMySql } from './check.js';
import { readFacts } from './facts.js';
import { mySqlProblem } from './problems.js';
import { readRows } from './rows.js';
import type { MySqlSession } from './session.js';
import { openMySql } from './session.js';
import type { MySqlSettings } from './settings.js';

/** Longest times: to connect, of a list, of one table, of rows. Milliseconds. */
const CONNECT = 3_000;
const LIST = 10_000;
const TABLE = 5_000;
const ROWS = 5_000;
/** So much earlier the server stops by itself: then it is known whether it was slow or silent. */
const EARLIER = 400;

export interface MySqlOptions {
  settings: MySqlSettings;
  account: AccountReader;
  /** What people call the source. */
  label: string;
  /** Where its settings stand. */
  where: string;
  log: Log;
}

/** Tables of a MySQL or MariaDB server. Reads in read-only transactions; connects when it is first asked. */
export function createMySqlSource({ settings, account, label, where, log }: MySqlOptions): TableSource {
  const { host, port, database, tls } = settings;
  const signedIn = createSignedIn(account, settings.user);
  const place: DatabasePlace = {
    ...{ label, host, port, database, tls, settings: where, credential: account.credential },
    get user() {
      return signedIn.user();
    }
  };
  const open = (signal: AbortSignal): Promise<MySqlSession> => openMySql({ settings, account: signedIn.read }, signal);
  const lanes = createLanes<MySqlSession>({ open, most: 2, connect: CONNECT });
  const isAllowed = allowsSchema(settings.schemas);
  const isShown = (schema: string): boolean => isAllowed(schema) && (database === undefined || database === schema);

  async function ask<T>(
    { signal }: SourceCall,
    limit: number,
    work: (session: MySqlSession) => Promise<T>
  ): Promise<T> {
    try {
      await keepInStep(lanes, signedIn);
      return await lanes.ask(signal, limit - EARLIER / 4, async session => {
        await session.limit(limit - EARLIER);
        await session.query('START TRANSACTION READ ONLY');
        try {
          return await work(session);
        } finally {
          if (session.isOpen) await session.query('ROLLBACK').catch(() => session.kill());
        }
      });
    } catch (error) {
      const problem = mySqlProblem(error, place, signedIn.secret());
      if (error instanceof Silence) log.warn({ source: label, milliseconds: error.milliseconds }, 'a source is silent');
      throw problem;
    }
  }

  function mustBeShown(schema: string): void {
    if (isShown(schema)) return;
    throw new ProblemError(
      'source-not-found',
      `${label} shows no database ${schema}: schemas or database of ${where} leaves it out. Add it there.`
    );
  }

  const names = (schema: string, call: SourceCall) => ask(call, LIST, session => readNames(session, label, schema));

  return {
    check: ({ signal }) => checkMySql({ place, open, secret: signedIn.secret, isShown }, signal),
    schemas: call => ask(call, LIST, session => readSchemas(session, isShown)),
    async *names(schema, call) {
      mustBeShown(schema);
      yield* await names(schema, call);
    },
    async *columns(schema, call) {
      mustBeShown(schema);
      const tables = (await names(schema, call)).flat().map(({ name }) => name);
      for (let at = 0; at < tables.length; at += TABLES) {
        yield await ask(call, LIST, session => readColumns(session, schema, tables.slice(at, at + TABLES)));
      }
    },
    async facts(ref, call) {
      mustBeShown(ref.schema);
      return ask(call, TABLE, session => readFacts(session, label, ref));
    },
    async rows(ref, options, call) {
      mustBeShown(ref.schema);
      return ask(call, ROWS, session => readRows(session, label, ref, options, ROWS / 1000));
    },
    close: () => lanes.close()
  };
}
