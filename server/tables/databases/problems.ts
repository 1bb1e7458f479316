import { ProblemError } from '../../../contract/problem.js';
import { Silence } from './lanes.js';

/** Which server it is about, for sentences. */
export interface DatabasePlace {
  /** What people call the source. */
  label: string;
  host: string;
  port: number;
  /** Who signed in last. */
  readonly user: string;
  /** The profile of credentials that says so. */
  credential?: string | undefined;
  database: string | undefined;
  tls: 'off' | 'prefer' | 'require' | 'verify';
  /** Where its settings stand: `sources.shop in /etc/lakeside/config.yml`. */
  settings: string;
}

/** A server that does not take the password. */
export function wrongPassword({ label, user, credential, settings }: DatabasePlace): string {
  const cure =
    credential === undefined
      ? `Check user and password of ${settings}.`
      : `Sign in to ${credential} again with the right one, in Credentials or by: lakeside credentials login ${credential}.`;
  return `${label} does not accept the password of ${user}. ${cure}`;
}

type Sentence = (place: DatabasePlace) => string;

const at = ({ host, port }: DatabasePlace): string => `${host}:${port}`;
const gone: Sentence = place =>
  `${place.label} broke the connection at ${at(place)}. The server may have been restarted; try again.`;
const noWay: Sentence = place =>
  `${place.label} cannot be reached: there is no way from here to ${at(place)}. Check host of ${place.settings} and the network.`;
const silent: Sentence = place =>
  `${place.label} does not answer at ${at(place)}. Check host and port of ${place.settings}, whether the server is up, and whether a firewall stands between.`;
const noName: Sentence = place =>
  `${place.label} cannot be reached: the name ${place.host} is not known. Check host of ${place.settings}.`;

const network: Record<string, Sentence> = {
  ENOTFOUND: noName,
  EAI_AGAIN: noName,
  ECONNREFUSED: place =>
    `${place.label} cannot be reached: nobody listens at ${at(place)}. Check host and port of ${place.settings}, and whether the server is up.`,
  EHOSTUNREACH: noWay,
  ENETUNREACH: noWay,
  EADDRNOTAVAIL: noWay,
  ETIMEDOUT: silent,
  ECONNRESET: gone,
  EPIPE: gone,
  PROTOCOL_CONNECTION_LOST: gone
};

/** The codes of certificates that OpenSSL does not take. */
const CERTIFICATE =
  /CERT|SELF_SIGNED|UNABLE_TO|ISSUER|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH|SIGNATURE_FAILURE|ALTNAME/;

/** The problem of a connection that failed or of silence; undefined where it is something else. */
export function connectionProblem(error: unknown, place: DatabasePlace): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  const cause = { cause: error };
  if (error instanceof Silence) return new ProblemError('source-unreachable', silent(place), cause);
  const code = codeOf(error);
  const sentence = network[code];
  if (sentence) return new ProblemError('source-unreachable', sentence(place), cause);
  if (CERTIFICATE.test(code)) return new ProblemError('source-unreachable', certificate(place, code), cause);
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) return noTls(place, error);
  return undefined;
}

/** The problem of a server that offers no TLS. */
export function noTls(place: DatabasePlace, cause?: unknown): ProblemError {
  return new ProblemError(
    'source-unreachable',
    `${place.label} gives no encrypted connection at ${at(place)}, and tls of ${place.settings} is ${place.tls}. Turn TLS on at the server, or set tls to prefer where the network is your own.`,
    { cause }
  );
}

function certificate(place: DatabasePlace, code: string): string {
  const cure =
    code === 'ERR_TLS_CERT_ALTNAME_INVALID'
      ? `It is for another name than ${place.host}: set host of ${place.settings} to the name it is for.`
      : code === 'CERT_HAS_EXPIRED'
        ? 'It has expired: have it renewed.'
        : `Set ca of ${place.settings} to the file of the authority that signed it.`;
  return `The certificate of ${place.label} at ${at(place)} is not trusted (${code}). ${cure}`;
}

/** The problem of a server that said something nobody knows, or that broke the connection. */
export function serverProblem(place: DatabasePlace, said: string, isBroken: boolean, cause: unknown): ProblemError {
  if (isBroken) return new ProblemError('source-unreachable', gone(place), { cause });
  const reason = said === '' ? 'it gave no reason' : said;
  return new ProblemError(
    'source-failed',
    `${place.label} failed: ${reason}. Try again; if it stays so, tell its administrator.`,
    { cause }
  );
}

/** The code of an error of Node.js, also of one that stands for several attempts; empty where there is none. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** What a server said, fit for a sentence: one line, not long, without the secret. */
export function saidBy(error: unknown, secret: string | undefined): string {
  const { message } = (error ?? {}) as { message?: unknown };
  const line = (typeof message === 'string' ? message : '').replace(/\s+/g, ' ').trim();
  const text = secret === undefined || secret === '' ? line : line.replaceAll(secret, '***');
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
