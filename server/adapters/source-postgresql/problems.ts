import type { ProblemCode } from '../../../contract/problem.js';
import { ProblemError } from '../../../contract/problem.js';
import type { DatabasePlace } from '../../tables/databases/problems.js';
import {
  codeOf,
  connectionProblem,
  noTls,
  saidBy,
  serverProblem,
  wrongPassword
} from '../../tables/databases/problems.js';
import { isWithoutTls } from './session.js';

type Refusal = [ProblemCode, (place: DatabasePlace, said: string) => string];

const signIn: Refusal = ['source-signin', wrongPassword];
const restarting: Refusal = [
  'source-unreachable',
  ({ label }) => `${label} is starting or stopping just now. Try again in a moment.`
];

/** What the server's codes (SQLSTATE) mean, and the cure. */
const refusals: Record<string, Refusal> = {
  '28P01': signIn,
  '28000': signIn,
  '3D000': [
    'source-not-found',
    ({ label, database, settings }) => `${label} has no database ${database ?? ''}. Check database of ${settings}.`
  ],
  '3F000': ['source-not-found', ({ label }) => `${label} has no such schema any more. Read its names anew.`],
  '42P01': ['source-not-found', ({ label }) => `${label} has no such table any more. Read its names anew.`],
  '42703': ['source-not-found', ({ label }) => `A column of the table has gone from ${label}. Open the table anew.`],
  '42501': [
    'source-forbidden',
    ({ label, user }, said) =>
      `${label} does not allow it to ${user}: ${said}. Ask for GRANT SELECT on the table and GRANT USAGE on its schema.`
  ],
  '25006': [
    'source-forbidden',
    ({ label }, said) =>
      `${label} would have to write for this, and Lakeside only reads: ${said}. Run it in a notebook if it should write.`
  ],
  '53300': [
    'source-failed',
    ({ label }) => `${label} has no connection free. Try again later, or have max_connections raised.`
  ],
  '55P03': ['source-failed', ({ label }) => `Another session of ${label} holds the table locked. Try again later.`],
  '57014': [
    'source-failed',
    ({ label }) => `${label} took too long and was stopped. Use %%sql for what takes its time.`
  ],
  '57P01': restarting,
  '57P02': restarting,
  '57P03': restarting
};

/** The problem that anything thrown by `pg` stands for. Holds no secret. */
export function postgresProblem(error: unknown, place: DatabasePlace, secret: string | undefined): ProblemError {
  const connection = connectionProblem(error, place);
  if (connection) return connection;
  if (isWithoutTls(error)) return noTls(place, error);
  const code = codeOf(error);
  const said = saidBy(error, secret).replace(/\.$/, '');
  const cause = { cause: error };
  if (code === '28000' && said.includes('pg_hba.conf')) {
    return new ProblemError(
      'source-signin',
      `${place.label} lets ${place.user} in from this machine in no way (${said}). Ask its administrator for a line in pg_hba.conf, or set tls of ${place.settings} to require.`,
      cause
    );
  }
  const refusal = refusals[code];
  if (refusal) return new ProblemError(refusal[0], refusal[1](place, said), cause);
  const isBroken = /^08/.test(code) || /Connection terminated|SSL connection|Client (was|has) /.test(said);
  return serverProblem(place, said, isBroken, error);
}
