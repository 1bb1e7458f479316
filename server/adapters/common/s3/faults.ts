/** What the SDK, the server or the network says went wrong, read in one way. */
export interface Fault {
  /** The server's code (`NoSuchKey`), the SDK's or Node's (`ECONNREFUSED`). */
  name: string;
  /** HTTP status; undefined where there was no answer. */
  status: number | undefined;
  /** How often the request was made. */
  attempts: number;
}

interface RawFault {
  name?: string;
  Code?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
  cause?: unknown;
}

export function faultOf(error: unknown): Fault {
  const raw = (typeof error === 'object' && error !== null ? error : {}) as RawFault;
  const network = networkCode(raw);
  return {
    name: network ?? raw.Code ?? raw.name ?? '',
    status: raw.$metadata?.httpStatusCode,
    attempts: raw.$metadata?.attempts ?? 1
  };
}

/** Node's own code of a broken connection; of several addresses that were tried, that of the first. */
function networkCode(raw: RawFault): string | undefined {
  const inner = (raw as { errors?: unknown[] }).errors?.[0] ?? raw.cause;
  for (const each of [raw, inner] as (RawFault | undefined)[]) {
    if (typeof each?.code === 'string' && /^(E[A-Z_]+|[A-Z_]*(CERT|SIGNATURE|TLS|SSL)[A-Z_]*)$/.test(each.code)) {
      return each.code;
    }
  }
  return undefined;
}

/** Whether an answer means that there is no such object. Not: no such bucket. */
export function isMissing(error: unknown): boolean {
  const { name, status } = faultOf(error);
  return name === 'NoSuchKey' || (status === 404 && (name === 'NotFound' || name === 'UnknownError' || name === '404'));
}

/** Whether a condition was not met: somebody else wrote the object first. */
export function isConditionFailed(error: unknown): boolean {
  const { name, status } = faultOf(error);
  return status === 412 || name === 'PreconditionFailed';
}
