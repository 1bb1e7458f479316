import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import type { SourceCall } from '../../tables/ports.js';
import { parseExact } from '../common/iceberg/json.js';

/** How long an answer may take. Milliseconds. */
const PATIENCE = 15_000;

/** Bytes of an answer beyond which it is none of a catalogue. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface HttpOptions {
  label: string;
  /** Where the settings stand. */
  settings: string;
}

export interface Answer {
  status: number;
  value: unknown;
}

/** Asks a catalogue for JSON. @throws ProblemError; a status that is no success is left to `refusal` */
export async function ask(
  address: string,
  init: RequestInit,
  { label, settings }: HttpOptions,
  { signal }: SourceCall
): Promise<Answer> {
  signal.throwIfAborted();
  let status: number;
  let text: string;
  try {
    const answer = await fetch(address, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
    });
    status = answer.status;
    text = await bodyOf(answer);
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(error, new URL(address).host, { label, settings });
  }
  try {
    return { status, value: text === '' ? {} : parseExact(text) };
  } catch (error) {
    if (status >= 400) return { status, value: {} };
    throw new ProblemError(
      'source-failed',
      `${label} gave an answer that is no JSON. Check that uri of ${settings} is the address of an Iceberg REST catalogue, without /v1.`,
      { cause: error }
    );
  }
}

async function bodyOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const piece of (answer.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += piece.byteLength;
    if (size > MOST_BYTES) throw new Error('too large');
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'nobody answers at that address',
  EHOSTUNREACH: 'there is no way to that address',
  ENETUNREACH: 'there is no way to that address',
  ECONNRESET: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time'
};

function unreachable(error: unknown, host: string, { label, settings }: HttpOptions): ProblemError {
  const cause = (error as { cause?: { code?: string; errors?: { code?: string }[] } }).cause;
  const code = cause?.code ?? cause?.errors?.[0]?.code ?? '';
  const isTls = /CERT|SIGNATURE|SSL|TLS/.test(code);
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const why = isLate ? 'it did not answer in time' : (reasons[code] ?? 'the connection broke');
  return new ProblemError(
    'source-unreachable',
    isTls
      ? `The certificate of ${label} (${host}) is not trusted (${code}). Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it.`
      : `${label} (${host}) cannot be reached: ${why}. Check uri of ${settings} and whether the catalogue is up, then try again.`,
    { cause: error }
  );
}

/** The problem that a refusal stands for. `what` was asked for; the catalogue's own words are shortened. */
export function refusal(
  { status, value }: Answer,
  what: string,
  { label, settings }: HttpOptions
): ProblemError {
  const said = (value as { error?: { message?: unknown } } | null)?.error?.message;
  const words = typeof said === 'string' && said !== '' ? ` It says: ${oneLine(said)}` : '';
  const problem = (code: ProblemCode, sentence: string): ProblemError => new ProblemError(code, sentence + words);
  if (status === 401 || status === 419)
    return problem(
      'source-signin',
      `${label} does not accept the sign-in (${status}). Renew the token or the secret that ${settings} refers to.`
    );
  if (status === 403)
    return problem('source-forbidden', `${label} does not allow ${what}. Ask for the right to list and to load there.`);
  if (status === 404)
    return problem('source-not-found', `${label} has no ${what} any more. Refresh the source; check warehouse of ${settings}.`);
  if (status === 429 || status === 503)
    return problem('source-unreachable', `${label} is too busy now (${status}). Try again in a while.`);
  return problem('source-failed', `${label} failed with ${status} on ${what}.`);
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
