import type * as z from 'zod';
import type { Clock } from '../../ports.js';
import { WikiHttp } from '../../share/wiki/http.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { answerOf, refusalIn } from './answers.js';

export interface SessionOptions {
  /** All paths are below it. */
  base: string;
  /** What goes into `Authorization`. */
  authorization: string;
  label: string;
  /** What to do about a token that is not accepted, as a sentence. */
  signIn: string;
  clock: Clock;
  timeoutMs?: number | undefined;
  patienceMs?: number | undefined;
}

/** Parameters of an address; those that are undefined are left out. */
export type Query = Record<string, string | number | undefined>;

/** An account of a Confluence and what it asks. Each call carries the token; there is no session to keep. */
export class ConfluenceSession {
  private readonly http: WikiHttp;

  constructor(private readonly options: SessionOptions) {
    const { label, signIn, clock, authorization, timeoutMs, patienceMs } = options;
    this.http = new WikiHttp({
      label,
      clock,
      // Confluence refuses what a form of another site could send, unless it says that it is none.
      headers: { authorization, 'user-agent': `Lakeside/${LAKESIDE_VERSION}`, 'x-atlassian-token': 'no-check' },
      refusal: answer => refusalIn(label, signIn, answer, clock.now()),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(patienceMs !== undefined && { patienceMs })
    });
  }

  get label(): string {
    return this.options.label;
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get<T>(schema: z.ZodType<T>, path: string, query: Query, { signal }: WikiCall): Promise<T> {
    return this.read(schema, this.address(path, query), { repeatable: true, signal });
  }

  /** Changes something. Is done once at most, but for a broken connection: then nobody knows. */
  change<T>(
    schema: z.ZodType<T>,
    method: 'POST' | 'PUT',
    path: string,
    body: object,
    { signal }: WikiCall
  ): Promise<T> {
    const headers = { 'content-type': 'application/json' };
    const text = JSON.stringify(body);
    return this.read(schema, this.address(path, {}), { method, headers, body: () => text, repeatable: false, signal });
  }

  /** Sends a file. */
  send<T>(schema: z.ZodType<T>, path: string, form: () => FormData, { signal }: WikiCall): Promise<T> {
    return this.read(schema, this.address(path, {}), { method: 'POST', body: form, repeatable: false, signal });
  }

  private read<T>(schema: z.ZodType<T>, address: URL, request: Parameters<WikiHttp['json']>[1]): Promise<T> {
    return this.http.json(address, request, value => answerOf(this.label, schema, value));
  }

  private address(path: string, query: Query): URL {
    const address = new URL(`${this.options.base}${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) address.searchParams.set(name, String(value));
    return address;
  }
}
