import pg from 'pg';
import type { DatabaseAccount } from '../../tables/databases/account.js';
import { readAuthority } from '../../tables/databases/authority.js';
import type { Session } from '../../tables/databases/lanes.js';
import { cancelOnServer } from './cancel.js';
import type { PostgresSettings } from './settings.js';

/** Rows as PostgreSQL writes them: texts, in the order of the columns. */
export type TextRow = (string | null)[];

/** A connection to PostgreSQL. */
export interface PostgresSession extends Session {
  /** `15.18`. */
  readonly version: string;
  readonly isEncrypted: boolean;
  /** Runs a statement with bound values. Lists are arrays of PostgreSQL. */
  query(text: string, values?: readonly unknown[]): Promise<TextRow[]>;
  /** Runs several statements without values; gives the rows of the last one. */
  script(text: string): Promise<TextRow[]>;
}

export interface SessionOptions {
  settings: PostgresSettings;
  /** Asked at each connection. */
  account: () => Promise<DatabaseAccount>;
}

/** All values stay as the server writes them. */
const types = { getTypeParser: () => (text: string | Buffer) => String(text) };

/** Connects and signs in, encrypted as the settings want it. */
export async function openPostgres(options: SessionOptions, signal: AbortSignal): Promise<PostgresSession> {
  const { tls } = options.settings;
  if (tls === 'off') return connect(options, false, signal);
  try {
    return await connect(options, await tlsOptions(options.settings), signal);
  } catch (error) {
    if (tls !== 'prefer' || signal.aborted || !isWithoutTls(error)) throw error;
    return connect(options, false, signal);
  }
}

/** Whether a server said that it offers no TLS. */
export function isWithoutTls(error: unknown): boolean {
  return error instanceof Error && error.message.includes('does not support SSL');
}

type Tls = { rejectUnauthorized: boolean; ca?: string } | false;

async function tlsOptions({ tls, ca }: PostgresSettings): Promise<Tls> {
  if (tls !== 'verify') return { rejectUnauthorized: false };
  return { rejectUnauthorized: true, ...(ca !== undefined && { ca: await readAuthority(ca) }) };
}

async function connect({ settings, account }: SessionOptions, ssl: Tls, signal: AbortSignal): Promise<PostgresSession> {
  signal.throwIfAborted();
  const { user, password: secret } = await account();
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    database: settings.database,
    user,
    // A function, so that no file of passwords is looked for.
    password: () => secret ?? '',
    ssl,
    keepAlive: true,
    application_name: 'Lakeside',
    types
  });
  let isOpen = true;
  // Without listeners such an event would end the process.
  client.on('error', () => (isOpen = false));
  client.on('end', () => (isOpen = false));
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
  const stop = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', stop);
  try {
    await client.connect();
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const kill = (): void => {
    if (!isOpen) return;
    isOpen = false;
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
    cancelOnServer({ host: settings.host, port: settings.port, ssl }, processID, secretKey);
    stream.destroy();
  };
  async function run(text: string, values?: readonly unknown[]): Promise<TextRow[]> {
    const config = { text, ...(values && { values: [...values] }), rowMode: 'array' as const };
    const result: unknown = await client.query(config);
    const last = (Array.isArray(result) ? result.at(-1) : result) as { rows: TextRow[] };
    return last.rows;
  }
  return {
    get isOpen() {
      return isOpen;
    },
    version: await versionOf(client),
    isEncrypted: ssl !== false,
    query: run,
    script: text => run(text),
    ping: () => run('SELECT 1'),
    kill,
    async end() {
      isOpen = false;
      await client.end().catch(() => undefined);
    }
  };
}

async function versionOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<[string]>({ text: 'SHOW server_version', rowMode: 'array' });
  return rows[0]?.[0] ?? '';
}
