import type { DatabaseOptions, RunningDatabase } from './server.mjs';

/** A PostgreSQL, and its own client. */
export interface RunningPostgres extends RunningDatabase {
  /** Runs `psql` with more words, such as `['-c', 'SELECT 1']`. @throws Error with what it said */
  psql(words: readonly string[], database?: string): string;
}

/** Starts Debian's PostgreSQL 15 on a free port of the loopback. */
export function startPostgres(options?: DatabaseOptions): Promise<RunningPostgres>;
