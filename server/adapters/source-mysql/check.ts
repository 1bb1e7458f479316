import { ProblemError } from '../../../contract/problem.js';
import type { Finding } from '../../plugins/plugin.js';
import { openWithin } from '../../tables/databases/lanes.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import { encryption, failedBy, reachServer } from '../../tables/databases/reach.js';
import { readSchemas } from './catalog.js';
import { mySqlProblem } from './problems.js';
import type { MySqlSession } from './session.js';

const LIMIT = 3_000;

export interface CheckOptions {
  place: DatabasePlace;
  open: (signal: AbortSignal) => Promise<MySqlSession>;
  secret: () => string | undefined;
  isShown: (schema: string) => boolean;
}

/** Tries a server as a person would: name, port, TLS, password, rights. Ends at the first that fails. */
export async function checkMySql(options: CheckOptions, signal: AbortSignal): Promise<Finding[]> {
  const { place, open, secret, isShown } = options;
  const findings = await reachServer(place, signal);
  if (findings.some(({ state }) => state === 'failed')) return findings;
  let session: MySqlSession | undefined;
  try {
    session = await openWithin(open, signal, LIMIT);
    findings.push(...signedIn(session, place), rights(await readSchemas(session, isShown), place));
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'cancelled') throw error;
    findings.push(failedBy(mySqlProblem(error, place, secret()), place));
  } finally {
    await session?.end();
  }
  return findings;
}

function signedIn({ isEncrypted, version }: MySqlSession, place: DatabasePlace): Finding[] {
  return [encryption(isEncrypted, place), { state: 'ok', detail: `${place.user} is signed in (${version})` }];
}

function rights(schemas: unknown[], { user, settings }: DatabasePlace): Finding {
  if (schemas.length > 0) return { state: 'ok', detail: `${schemas.length} databases can be seen` };
  return {
    state: 'failed',
    detail: `${user} may see no database`,
    cure: `Ask for GRANT SELECT on a database, or mend schemas and database of ${settings}.`
  };
}
