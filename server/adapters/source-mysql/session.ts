import mysql from 'mysql2';
import { ProblemError } from '../../../contract/problem.js';
import type { DatabaseAccount } from '../../tables/databases/account.js';
import { readAuthority } from '../../tables/databases/authority.js';
import type { Session } from '../../tables/databases/lanes.js';
import { codeOf } from '../../tables/databases/problems.js';
import type { MySqlSettings } from './settings.js';
import { canVerify } from './settings.js';

/** A cell of the server's own tables. */
export type Cell = string | number | null;

/** A connection to MySQL or MariaDB. */
export interface MySqlSession extends Session {
  readonly version: string;
  readonly isMariaDb: boolean;
  readonly isEncrypted: boolean;
  /** Runs a statement with bound values. */
  query(sql: string, values?: readonly string[]): Promise<Cell[][]>;
  /**
   * Runs a statement without values, and tells its rows as they come, each value as the server writes it.
   *
   * @param row - false: nothing more is wanted, and the connection breaks
   */
  stream(sql: string, row: (values: (Buffer | null)[]) => boolean): Promise<void>;
  /** Has the server stop each statement that takes longer. Milliseconds. */
  limit(milliseconds: number): Promise<void>;
}

export interface SessionOptions {
  settings: MySqlSettings;
  /** Asked at each connection. */
  account: () => Promise<DatabaseAccount>;
}

/** Longest wait for what others hold locked. Seconds. */
const LOCKED = 2;
const KILL = 3_000;

/** Connects and signs in, encrypted as the settings want it. */
export async function openMySql(options: SessionOptions, signal: AbortSignal): Promise<MySqlSession> {
  const { tls } = options.settings;
  if (tls === 'off') return connect(options, undefined, signal);
  if (!canVerify(options.settings)) {
    throw new ProblemError(
      'invalid',
      `The certificate of ${options.settings.host} cannot be checked, because tls: verify needs a name. Give host as the name in the certificate.`
    );
  }
  try {
    return await connect(options, await tlsOptions(options.settings), signal);
  } catch (error) {
    if (tls !== 'prefer' || signal.aborted || codeOf(error) !== WITHOUT_TLS) throw error;
    return connect(options, undefined, signal);
  }
}

/** The driver's word for a server that offers no TLS. */
export const WITHOUT_TLS = 'HANDSHAKE_NO_SSL_SUPPORT';

async function tlsOptions({ tls, ca }: MySqlSettings): Promise<mysql.SslOptions> {
  if (tls !== 'verify') return { rejectUnauthorized: false };
  const authority = ca === undefined ? undefined : await readAuthority(ca);
  return { rejectUnauthorized: true, verifyIdentity: true, ...(authority !== undefined && { ca: authority }) };
}

async function connect(
  { settings, account }: SessionOptions,
  ssl: mysql.SslOptions | undefined,
  signal: AbortSignal
): Promise<MySqlSession> {
  signal.throwIfAborted();
  const { user, password: secret } = await account();
  const options: mysql.ConnectionOptions = {
    host: settings.host,
    port: settings.port,
    user,
    ...(secret !== undefined && { password: secret }),
    ...(settings.database !== undefined && { database: settings.database }),
    ...(ssl && { ssl }),
    charset: 'utf8mb4_bin',
    enableKeepAlive: true,
    multipleStatements: false,
    rowsAsArray: true,
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    // A server must not be able to ask for files of this machine.
    flags: ['-LOCAL_FILES']
  };
  const connection = mysql.createConnection(options);
  let isOpen = true;
  // Without listeners such an event would end the process.
  connection.on('error', () => (isOpen = false));
  connection.on('end', () => (isOpen = false));
  const stop = (): void => connection.destroy();
  signal.addEventListener('abort', stop);
  const query = (sql: string, values: readonly string[] = []): Promise<Cell[][]> =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, rows: unknown): void => {
        if (error) reject(error);
        else resolve(Array.isArray(rows) ? (rows as Cell[][]) : []);
      };
      if (values.length === 0) connection.query(sql, done);
      else connection.execute(sql, [...values], done);
    });
  let about: Cell[] | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      connection.connect(error => {
        if (error) reject(error);
        else resolve();
      });
    });
    [about] = await query('SELECT VERSION(), CONNECTION_ID()');
    await query('SET SESSION TRANSACTION READ ONLY');
    await query(
      `SET SESSION time_zone = '+00:00', lock_wait_timeout = ${LOCKED}, innodb_lock_wait_timeout = ${LOCKED}`
    );
  } catch (error) {
    connection.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const version = String(about?.[0] ?? '');
  const thread = String(about?.[1] ?? '');
  const isMariaDb = /mariadb/i.test(version);
  let limited = 0;
  const kill = (): void => {
    if (!isOpen) return;
    isOpen = false;
    connection.destroy();
    killOnServer(options, thread);
  };
  return {
    get isOpen() {
      return isOpen;
    },
    version,
    isMariaDb,
    isEncrypted: ssl !== undefined,
    query,
    stream: async (sql, row) => {
      let broken: ((error: Error) => void) | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          const typeCast = (field: mysql.TypeCastField): Buffer | null => field.buffer();
          const running = connection.query({ sql, rowsAsArray: true, typeCast });
          // A query without a callback is not told that the connection broke.
          broken = reject;
          connection.on('error', broken);
          running.on('error', reject);
          running.on('end', () => resolve());
          running.on('result', values => {
            if (!isOpen || !Array.isArray(values) || row(values as (Buffer | null)[])) return;
            kill();
            resolve();
          });
        });
      } finally {
        if (broken) connection.off('error', broken);
      }
    },
    async limit(milliseconds) {
      if (limited === milliseconds) return;
      limited = milliseconds;
      await query(
        isMariaDb
          ? `SET SESSION max_statement_time = ${milliseconds / 1000}`
          : `SET SESSION max_execution_time = ${milliseconds}`
      );
    },
    ping: () => query('SELECT 1'),
    kill,
    end: () =>
      new Promise(resolve => {
        isOpen = false;
        connection.end(() => resolve());
      })
  };
}

/**
 * Ends another connection's thread and what it is doing, on a connection of its own: a server does not notice that
 * nobody listens any more. Nobody waits for it; where it fails, the statement's own time limit ends it.
 */
function killOnServer(options: mysql.ConnectionOptions, thread: string): void {
  if (!/^\d+$/.test(thread)) return;
  const connection = mysql.createConnection({ ...options, connectTimeout: KILL });
  const timer = setTimeout(() => connection.destroy(), KILL).unref();
  connection.on('error', () => undefined);
  connection.query(`KILL ${thread}`, () => {
    clearTimeout(timer);
    connection.destroy();
  });
}
