import { ProblemError, type ProblemCode } from '../../../../contract/problem.js';
import { faultOf } from '../s3/faults.js';

/** Which bucket it is about, for sentences. */
export interface BucketPlace {
  bucket: string;
  server: string;
  /** Where its settings stand. */
  settings: string;
}

const keys = /^(InvalidAccessKeyId|SignatureDoesNotMatch|XAdminUserNotFound)$/;
const expired = /^(ExpiredToken|InvalidToken|TokenRefreshRequired)$/;
const noKey = /^(CredentialsProviderError)$/;
const region = /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/;

/** The problem that a failed request stands for. Tells no key and no answer of the server. */
export function bucketProblem(error: unknown, { bucket, server, settings }: BucketPlace, what: string): unknown {
  if (error instanceof ProblemError) return error;
  const { name, status } = faultOf(error);
  const problem = (code: ProblemCode, message: string): ProblemError =>
    new ProblemError(code, message, { cause: error });
  if (keys.test(name))
    return problem('source-signin', `${server} does not accept the access key. Check credentials of ${settings}.`);
  if (expired.test(name))
    return problem(
      'source-signin',
      `The key for ${server} has expired. Renew what credentials of ${settings} refers to, or sign in again.`
    );
  if (noKey.test(name))
    return problem(
      'source-signin',
      `There is no key for ${server}. Give credentials of ${settings}, or provide one the way AWS programs expect it (environment, profile, role).`
    );
  if (name === 'NoSuchBucket')
    return problem(
      'source-not-found',
      `There is no bucket ${bucket} at ${server}. Check bucket and endpoint of ${settings}.`
    );
  if (region.test(name) || status === 301)
    return problem('source-failed', `The bucket ${bucket} is in another region. Set region of ${settings} to its own.`);
  if (status === 401 || status === 403)
    return problem(
      'source-forbidden',
      `${server} does not let the key of ${settings} read ${what}. It needs s3:ListBucket and s3:GetObject there. Session keys that have expired are refused in the same way.`
    );
  if (status === 404)
    return problem('source-not-found', `There is no ${what} any more. Refresh the source, or bring it back.`);
  if (/^(EPROTO|ERR_SSL|ERR_TLS_(?!CERT))/.test(name))
    return problem(
      'source-unreachable',
      `${server} gives no encrypted connection. Set endpoint of ${settings} to its address with http:// where the network is your own, or turn TLS on at the server.`
    );
  if (/CERT|SIGNATURE_FAILURE|SSL|TLS/.test(name))
    return problem(
      'source-unreachable',
      `The certificate of ${server} is not trusted (${name}). Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it.`
    );
  if (status === undefined || status >= 500 || status === 429) {
    if (status === undefined && error instanceof TypeError) return error;
    const why = status === undefined ? reasonOf(name, server) : `it answers ${status}`;
    return problem(
      'source-unreachable',
      `${server} cannot be reached: ${why}. Check endpoint of ${settings}, then try again.`
    );
  }
  return problem('source-failed', `${server} refuses to give ${what} (${status} ${name}).`);
}

function reasonOf(name: string, server: string): string {
  if (name !== 'ENOTFOUND' && name !== 'EAI_AGAIN') return reasons[name] ?? 'the connection broke';
  const host = URL.canParse(server) ? new URL(server).hostname : server;
  return `the name ${host} is not known`;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'nobody answers at that address',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that address',
  ETIMEDOUT: 'it does not answer',
  TimeoutError: 'it does not answer'
};
