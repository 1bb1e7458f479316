import { ProblemError } from '../../../contract/problem.js';
import { faultOf } from '../common/s3/faults.js';

/** Which bucket it is about, for sentences. */
export interface Place {
  bucket: string;
  /** The endpoint, or `Amazon S3`. */
  server: string;
  region: string | undefined;
  /** `library in /etc/lakeside/config.yml`. */
  settings: string;
}

type Sentence = (place: Place, what: string) => string;

const wrongKey: Sentence = ({ server, settings }) =>
  `${server} does not know the access key. Check credentials.accessKeyId of ${settings}.`;
const wrongRegion: Sentence = ({ bucket, region, settings }) =>
  `The bucket ${bucket} is in another region${region === undefined ? '' : ` than ${region}`}. Set region of ${settings} to that of the bucket.`;
const noCredentials: Sentence = ({ settings }) =>
  `There is no key for the object storage. Give credentials of ${settings}, or provide one the way AWS programs expect it (environment, profile, role).`;
const expired: Sentence = ({ settings }) =>
  `The key for the object storage has expired. Renew what credentials of ${settings} refers to, or sign in again.`;
const noRight: Sentence = ({ bucket, settings }, what) =>
  `The key of ${settings} may not ${what} in the bucket ${bucket}. Give it the rights in docs/operators/object-storage.md. Session keys that have expired are refused in the same way.`;

/** What a server's codes mean, and the cure. */
const refusals: Record<string, Sentence> = {
  InvalidAccessKeyId: wrongKey,
  XAdminUserNotFound: wrongKey,
  SignatureDoesNotMatch: ({ server, settings }) =>
    `${server} refuses the signature: the secret does not belong to the access key. Check credentials.secretAccessKey of ${settings}.`,
  RequestTimeTooSkewed: ({ server }) =>
    `The clock of this machine and that of ${server} differ by more than 15 minutes. Set the clock right (NTP).`,
  RequestExpired: ({ server }) =>
    `The clock of this machine and that of ${server} differ by more than 15 minutes. Set the clock right (NTP).`,
  ExpiredToken: expired,
  InvalidToken: expired,
  TokenRefreshRequired: expired,
  NoSuchBucket: ({ bucket, server, settings }) =>
    `There is no bucket ${bucket} at ${server}. Check bucket and endpoint of ${settings}, or make the bucket.`,
  InvalidBucketName: ({ bucket, server, settings }) =>
    `${server} does not take ${bucket} as the name of a bucket. Check bucket of ${settings}.`,
  PermanentRedirect: wrongRegion,
  AuthorizationHeaderMalformed: wrongRegion,
  IllegalLocationConstraintException: wrongRegion,
  CredentialsProviderError: noCredentials,
  AccessDenied: noRight,
  AllAccessDisabled: noRight,
  Forbidden: noRight
};

const full = new Set(['QuotaExceeded', 'InsufficientStorage', 'XMinioStorageFull', 'EntityTooLarge']);

const network: Record<string, string> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'nobody answers at that address',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that address',
  ETIMEDOUT: 'it did not answer in time',
  TimeoutError: 'it did not answer in time',
  ECONNRESET: 'the connection broke again and again',
  EPIPE: 'the connection broke again and again'
};

/** The problem that a failed request stands for. Tells no key, no token and no answer of the server. */
export function bucketProblem(error: unknown, place: Place, what: string): unknown {
  if (error instanceof ProblemError) return error;
  const { name, status } = faultOf(error);
  if (full.has(name) || status === 507) {
    return new ProblemError(
      'storage-full',
      `The bucket ${place.bucket} takes no more: ${place.server} says that its room or its quota is used up. Make room or have the quota raised, then try again.`,
      { cause: error }
    );
  }
  const refusal = refusals[name] ?? (status === 403 ? noRight : status === 301 ? wrongRegion : undefined);
  if (refusal) return new ProblemError('storage-refused', refusal(place, what), { cause: error });
  if (/CERT|SIGNATURE_FAILURE|SSL|TLS/.test(name)) {
    return new ProblemError(
      'storage-refused',
      `The certificate of ${place.server} is not trusted (${name}). Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it.`,
      { cause: error }
    );
  }
  const reason = network[name];
  if (reason !== undefined || status === undefined || status >= 500 || status === 429 || status < 400) {
    if (status === undefined && reason === undefined && isOurs(error)) return error;
    const why = reason ?? (status === undefined ? 'the connection broke again and again' : `it answers ${status}`);
    return new ProblemError(
      'storage-unreachable',
      `The object storage at ${place.server} cannot be reached: ${why}. Check endpoint of ${place.settings} and whether the server is up; nothing was lost, so try again later.`,
      { cause: error, retryAfter: 10 }
    );
  }
  return new ProblemError(
    'storage-refused',
    `${place.server} refuses to ${what} in the bucket ${place.bucket} (${status} ${name}). See docs/operators/object-storage.md, or run: lakeside doctor`,
    { cause: error }
  );
}

/** Errors of this machine's files and of this program; they are nobody else's fault. */
function isOurs(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return /^(ENOENT|EACCES|EISDIR|ENOTDIR|EMFILE|EIO|ENOSPC)$/.test(code) || error instanceof TypeError;
}
