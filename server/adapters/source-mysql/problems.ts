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
import { WITHOUT_TLS } from './session.js';

type Refusal = [ProblemCode, (place: DatabasePlace, said: string) => string];

const signIn: Refusal = ['source-signin', wrongPassword];
const notFromHere: Refusal = [
  'source-signin',
  ({ label, user }) =>
    `${label} lets nobody in from this machine. Ask its administrator for an account ${user} for this host.`
];
const noRight: Refusal = [
  'source-forbidden',
  ({ label }, said) => `${label} does not allow it: ${said}. Ask for GRANT SELECT on the table or its database.`
];
const noTable: Refusal = [
  'source-not-found',
  ({ label }) => `${label} has no such table any more. Read its names anew.`
];
const tooSlow: Refusal = [
  'source-failed',
  ({ label }) => `${label} took too long and was stopped. Use %%sql for what takes its time.`
];
const readOnly: Refusal = [
  'source-forbidden',
  ({ label }, said) =>
    `${label} would have to write for this, and Lakeside only reads: ${said}. Run it in a notebook if it should write.`
];
const full: Refusal = [
  'source-failed',
  ({ label }) => `${label} has no connection free. Try again later, or have max_connections raised.`
];

/** What the numbers of MySQL's and MariaDB's errors mean, and the cure. */
const refusals: Record<number, Refusal> = {
  1040: full,
  1203: full,
  1226: full,
  1044: noRight,
  1142: noRight,
  1143: noRight,
  1227: noRight,
  1356: [
    'source-failed',
    ({ label }, said) => `${label} cannot read this view: ${said}. Ask whoever made it to mend what it stands on.`
  ],
  1370: noRight,
  1045: signIn,
  1698: signIn,
  1862: [
    'source-signin',
    ({ label, user }) => `The password of ${user} has expired at ${label}. Set a new one at the server.`
  ],
  1049: [
    'source-not-found',
    ({ label, database, settings }) =>
      `${label} has no such database${database === undefined ? '' : ` as ${database}`}. Check database of ${settings}, or read its names anew.`
  ],
  1059: noTable,
  1102: noTable,
  1103: noTable,
  1146: noTable,
  1054: noTable,
  1735: ['source-not-found', ({ label }) => `${label} has no such partition any more. Open the table anew.`],
  1129: notFromHere,
  1130: notFromHere,
  3159: [
    'source-signin',
    ({ label, settings }) => `${label} takes only encrypted connections. Set tls of ${settings} to verify or require.`
  ],
  1205: ['source-failed', ({ label }) => `Another session of ${label} holds the table locked. Try again later.`],
  1317: tooSlow,
  1792: readOnly,
  1836: readOnly,
  1969: tooSlow,
  3024: tooSlow
};

/** Numbers of statements that were stopped for their time. */
export const STOPPED = new Set([1969, 3024]);

/** The number of a server's error; 0 where it is none. */
export function numberOf(error: unknown): number {
  const { errno } = (error ?? {}) as { errno?: unknown };
  return typeof errno === 'number' && errno > 0 ? errno : 0;
}

/** The problem that anything thrown by `mysql2` stands for. Holds no secret. */
export function mySqlProblem(error: unknown, place: DatabasePlace, secret: string | undefined): ProblemError {
  const code = codeOf(error);
  if (code === WITHOUT_TLS) return noTls(place, error);
  const said = saidBy(error, secret).replace(/\.$/, '');
  const cause = { cause: error };
  if (code === 'HANDSHAKE_SSL_ERROR') {
    return new ProblemError(
      'source-unreachable',
      `The certificate of ${place.label} at ${place.host}:${place.port} is not trusted (${said}). Set ca of ${place.settings} to the file of the authority that signed it, and host to the name it is for.`,
      cause
    );
  }
  const connection = connectionProblem(error, place);
  if (connection) return connection;
  const refusal = refusals[numberOf(error)];
  if (refusal) return new ProblemError(refusal[0], refusal[1](place, said), cause);
  const isBroken = /^PROTOCOL|closed state|ER_SERVER_SHUTDOWN|ER_CONNECTION_KILLED/.test(`${code} ${said}`);
  return serverProblem(place, said, isBroken, error);
}
