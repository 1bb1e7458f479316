import { ProblemError } from '../../../contract/problem.js';
import type { Finding } from '../../plugins/plugin.js';
import { openWithin } from '../../tables/databases/lanes.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import { encryption, failedBy, reachServer } from '../../tables/databases/reach.js';
import { postgresProblem } from './problems.js';
import type { PostgresSession } from './session.js';

const LIMIT = 3_000;

export interface CheckOptions {
  place: DatabasePlace;
  open: (signal: AbortSignal) => Promise<PostgresSession>;
  secret: () => string | undefined;
  isShown: (schema: string) => boolean;
}

/** Tries a database as a person would: name, port, TLS, password, database, rights. Ends at the first that fails. */
export async function checkPostgres(options: CheckOptions, signal: AbortSignal): Promise<Finding[]> {
  const { place, open, secret } = options;
  const findings = await reachServer(place, signal);
  if (findings.some(({ state }) => state === 'failed')) return findings;
  let session: PostgresSession | undefined;
  try {
    session = await openWithin(open, signal, LIMIT);
    findings.push(...signedIn(session, options), await rights(session, options));
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'cancelled') throw error;
    findings.push(failedBy(postgresProblem(error, place, secret()), place));
  } finally {
    await session?.end();
  }
  return findings;
}

function signedIn({ isEncrypted, version }: PostgresSession, { place }: CheckOptions): Finding[] {
  const { user, database = '' } = place;
  return [
    encryption(isEncrypted, place),
    { state: 'ok', detail: `${user} is signed in to the database ${database} (${version})` }
  ];
}

async function rights(session: PostgresSession, { place, isShown }: CheckOptions): Promise<Finding> {
  const rows = await session.query(
    `SELECT nspname, pg_catalog.has_schema_privilege(oid, 'USAGE') FROM pg_catalog.pg_namespace
     WHERE nspname <> 'information_schema' AND left(nspname, 3) <> 'pg_'`
  );
  const shown = rows.filter(([schema]) => isShown(schema ?? ''));
  const usable = shown.filter(([, may]) => may === 't').length;
  if (usable > 0) return { state: 'ok', detail: `${usable} of ${shown.length} schemas can be used` };
  return {
    state: 'failed',
    detail: `${place.user} may use none of the ${shown.length} schemas`,
    cure: `Ask for GRANT USAGE on a schema and GRANT SELECT on its tables${shown.length === 0 ? `, or mend schemas of ${place.settings}` : ''}.`
  };
}
