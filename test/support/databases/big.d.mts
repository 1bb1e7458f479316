import type { RunningPostgres } from './postgresql.mjs';

/**
 * Starts a PostgreSQL with 100,000 tables in the schemas `mart_0` to `mart_199` and 1,000,000 columns, 100,000 names in
 * `everything`, and 300,000 rows in `public.flights`. Builds it first where it is not there, which takes some minutes.
 */
export function startBigPostgres(): Promise<RunningPostgres>;
