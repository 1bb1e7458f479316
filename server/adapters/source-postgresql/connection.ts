import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import type { AccountReader } from '../../tables/databases/account.js';
import { createSignedIn } from '../../tables/databases/account.js';
import { createLanes, keepInStep, Silence } from '../../tables/databases/lanes.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import { allowsSchema } from '../../tables/databases/settings.js';
import type { SourceCall } from '../../tables/ports.js';
import type { CheckOptions } from './check.js';
import { postgresProblem } from './problems.js';
import type { PostgresSession } from './session.js';
import { openPostgres } from './session.js';
import type { PostgresSettings } from './settings.js';

/** Longest times: to connect, of a list, of one table, of rows. Milliseconds. */
const CONNECT = 3_000;
export const LIST = 10_000;
export const TABLE = 5_000;
export const ROWS = 5_000;
/** So much earlier the server stops by itself: then it is known whether it was slow or silent. */
const EARLIER = 400;

export interface PostgresOptions {
  settings: PostgresSettings;
  account: AccountReader;
  /** What people call the source. */
  label: string;
  /** Where its settings stand. */
  where: string;
  log: Log;
}

/** What a question is given. */
export interface Asked {
  session: PostgresSession;
  /** When the server is to stop, as `performance.now()` tells it. */
  until: number;
}

/** How questions reach a server. */
export interface Connection {
  /** Asks within a read-only transaction. @throws ProblemError */
  ask: <T>(call: SourceCall, limit: number, work: (asked: Asked) => Promise<T>) => Promise<T>;
  isShown: (schema: string) => boolean;
  /** @throws ProblemError `source-not-found` of a schema that the settings leave out */
  mustBeShown: (schema: string) => void;
  /** What a check needs. */
  checking: CheckOptions;
  close: () => Promise<void>;
}

/**
 * Two connections at most, made when they are first needed.
 *
 * @param begin - the statements that begin a read-only transaction, of which each may take so many milliseconds
 */
export function createConnection(
  { settings, account, label, where, log }: PostgresOptions,
  begin: (milliseconds: number) => string
): Connection {
  const { host, port, database, tls } = settings;
  const signedIn = createSignedIn(account, settings.user);
  const place: DatabasePlace = {
    ...{ label, host, port, database, tls, settings: where, credential: account.credential },
    get user() {
      return signedIn.user();
    }
  };
  const open = (signal: AbortSignal): Promise<PostgresSession> =>
    openPostgres({ settings, account: signedIn.read }, signal);
  const lanes = createLanes<PostgresSession>({ open, most: 2, connect: CONNECT });
  const isShown = allowsSchema(settings.schemas);
  return {
    isShown,
    checking: { place, open, secret: signedIn.secret, isShown },
    close: () => lanes.close(),
    mustBeShown(schema) {
      if (isShown(schema)) return;
      throw new ProblemError(
        'source-not-found',
        `${label} shows no schema ${schema}: schemas of ${where} leaves it out. Add it there.`
      );
    },
    async ask({ signal }, limit, work) {
      try {
        await keepInStep(lanes, signedIn);
        return await lanes.ask(signal, limit - EARLIER / 4, async session => {
          const left = limit - EARLIER;
          const until = performance.now() + left;
          await session.script(begin(left));
          try {
            return await work({ session, until });
          } finally {
            if (session.isOpen) await session.script('ROLLBACK').catch(() => session.kill());
          }
        });
      } catch (error) {
        const problem = postgresProblem(error, place, signedIn.secret());
        if (error instanceof Silence)
          log.warn({ source: label, milliseconds: error.milliseconds }, 'a source is silent');
        throw problem;
      }
    }
  };
}
