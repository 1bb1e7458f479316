import type { RunningPostgres } from './postgresql.mjs';

/** An account that may use all schemas but `mart_113`. */
export const BIG_READER: { user: string; password: string };

/**
 * Starts a PostgreSQL with 100,000 tables in the schemas `mart_0` to `mart_199` and 1,000,000 columns, 100,000 names in
 * `everything`, and 300,000 rows in `public.flights`. Builds it first where it is not there, which takes half a minute.
 */
export function startBigPostgres(): Promise<RunningPostgres>;
