import * as http from 'node:http';
import * as https from 'node:https';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import type { SourceCall } from '../../tables/ports.js';
import { parseExact } from '../common/iceberg/json.js';

/** How long nothing may come. Milliseconds. */
const SILENCE = 4_000;

/** Connections at once. */
const MOST_CONNECTIONS = 2;

/** Bytes of an answer beyond which it is none of a catalogue. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface HttpOptions {
  label: string;
  /** Where the settings stand. */
  settings: string;
}

export interface Question {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

export interface Answer {
  status: number;
  value: unknown;
}

/** Asks catalogues over two connections at most. */
export class JsonHttp {
  private readonly options = { keepAlive: true, maxSockets: MOST_CONNECTIONS };
  private readonly agents = { 'http:': new http.Agent(this.options), 'https:': new https.Agent(this.options) };

  constructor(private readonly about: HttpOptions) {}

  /** JSON at an address, whatever its status. @throws ProblemError `source-unreachable`, `source-failed` */
  async ask(address: string, question: Question, { signal }: SourceCall): Promise<Answer> {
    signal.throwIfAborted();
    const { label, settings } = this.about;
    let answer: { status: number; text: string };
    try {
      answer = await this.send(address, question, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(error, new URL(address), this.about);
    }
    const { status, text } = answer;
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

  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }

  private send(address: string, { method = 'GET', headers = {}, body }: Question, signal: AbortSignal) {
    const { protocol, hostname, port, origin } = new URL(address);
    const program = protocol === 'https:' ? https : http;
    return new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = program.request(
        {
          protocol,
          hostname: hostname.replace(/^\[|\]$/g, ''),
          port,
          // As it is: a parsed address would resolve names such as `..`.
          path: address.slice(origin.length),
          method,
          signal,
          agent: this.agents[protocol === 'https:' ? 'https:' : 'http:'],
          headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) }
        },
        answer => {
          const pieces: Buffer[] = [];
          let size = 0;
          answer.on('data', (piece: Buffer) => {
            size += piece.length;
            if (size > MOST_BYTES) answer.destroy(new Error('The answer is too large.'));
            else pieces.push(piece);
          });
          answer.once('error', reject);
          answer.once('aborted', () => reject(coded('ECONNRESET')));
          answer.once('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(pieces).toString() }));
        }
      );
      request.setTimeout(SILENCE, () => request.destroy(coded('ETIMEDOUT')));
      // The clock of the socket runs once there is one; a connection that is never made has its own.
      const limit = setTimeout(() => {
        if (request.socket?.connecting !== false) request.destroy(coded('ETIMEDOUT'));
      }, SILENCE);
      request.once('close', () => clearTimeout(limit));
      request.once('error', reject);
      request.end(body);
    });
  }
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function unreachable(error: unknown, { hostname, host }: URL, { label, settings }: HttpOptions): ProblemError {
  const { code = '', errors } = error as { code?: string; errors?: { code?: string }[] };
  const name = errors?.[0]?.code ?? code;
  const reasons: Record<string, string> = {
    ENOTFOUND: `the name ${hostname} is not known`,
    EAI_AGAIN: `the name ${hostname} is not known`,
    ECONNREFUSED: `nobody listens at ${host}`,
    EHOSTUNREACH: `there is no way to ${host}`,
    ENETUNREACH: `there is no way to ${host}`,
    ETIMEDOUT: `${host} does not answer`
  };
  const isTls = /CERT|SIGNATURE|SSL|TLS|EPROTO/.test(name);
  return new ProblemError(
    'source-unreachable',
    isTls
      ? `${label} cannot be reached: the certificate of ${host} is not trusted, or it gives no encrypted connection (${name}). Set NODE_EXTRA_CA_CERTS to the file of the authority that signed it.`
      : `${label} cannot be reached: ${reasons[name] ?? `the connection to ${host} broke`}. Check uri of ${settings} and whether the catalogue is up, then try again.`,
    { cause: error }
  );
}

/** The problem that a refusal stands for. `what` was asked for; the catalogue's own words are shortened. */
export function refusal({ status, value }: Answer, what: string, { label, settings }: HttpOptions): ProblemError {
  const said = (value as { error?: { message?: unknown } } | null)?.error?.message;
  const words = typeof said === 'string' && said !== '' ? ` (${oneLine(said)})` : '';
  const problem = (code: ProblemCode, sentence: string, cure: string): ProblemError =>
    new ProblemError(code, `${sentence}${words}. ${cure}`);
  if (status === 401 || status === 419)
    return problem(
      'source-signin',
      `${label} does not accept the token or the secret`,
      `Check what ${settings} refers to, and renew it.`
    );
  if (status === 403)
    return problem('source-forbidden', `${label} does not allow ${what}`, 'Ask for the right to list and to load there.');
  if (status === 404)
    return problem(
      'source-not-found',
      `${label} has no ${what}`,
      `Check warehouse of ${settings}, and refresh the source.`
    );
  if (status === 429 || status === 503)
    return problem('source-unreachable', `${label} is too busy now (${status})`, 'Try again in a while.');
  return problem('source-failed', `${label} failed with ${status} on ${what}`, 'Try again; if it stays, tell who runs it.');
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
