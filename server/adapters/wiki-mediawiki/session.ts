import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { Cookies } from '../../share/wiki/cookies.js';
import { WikiHttp } from '../../share/wiki/http.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { answerOf, MediaWikiRefusal, refusalIn } from './answers.js';

/** Parameters of a call; those that are undefined are left out. */
export type Fields = Record<string, string | undefined>;

export interface SessionOptions {
  api: string;
  user: string;
  password: string;
  label: string;
  clock: Clock;
  timeoutMs?: number | undefined;
  patienceMs?: number | undefined;
}

const Token = z.object({
  query: z.object({ tokens: z.object({ logintoken: z.string().optional(), csrftoken: z.string().optional() }) })
});
const Login = z.object({
  login: z.object({ result: z.string(), reason: z.string().optional(), wait: z.number().optional() })
});

/** A signed-in account of a MediaWiki: signs in when needed, and again when the wiki has forgotten it. */
export class MediaWikiSession {
  private readonly http: WikiHttp;
  private readonly cookies = new Cookies();
  private signedIn: Promise<void> | undefined;
  private csrf: string | undefined;

  constructor(private readonly options: SessionOptions) {
    const { label, clock, timeoutMs, patienceMs } = options;
    this.http = new WikiHttp({
      label,
      clock,
      headers: { 'user-agent': `Lakeside/${LAKESIDE_VERSION}` },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(patienceMs !== undefined && { patienceMs })
    });
  }

  get label(): string {
    return this.options.label;
  }

  /** Asks something. */
  async get<T>(schema: z.ZodType<T>, parameters: Fields, call: WikiCall = {}): Promise<T> {
    return this.signed(call, () => this.request(schema, parameters, { repeatable: true }, call));
  }

  /** Asks something with a text that is too long for an address. */
  async ask<T>(schema: z.ZodType<T>, parameters: Fields, call: WikiCall = {}): Promise<T> {
    return this.signed(call, () => this.request(schema, parameters, { repeatable: true, post: true }, call));
  }

  /** Changes something. Is done once at most, but for a broken connection: then nobody knows. */
  async change<T>(
    schema: z.ZodType<T>,
    parameters: Fields,
    call: WikiCall,
    file?: { name: string; blob: Blob }
  ): Promise<T> {
    return this.signed(call, async () => {
      this.csrf ??= (await this.token('csrf', call)).csrftoken;
      return this.request(
        schema,
        { ...parameters, token: this.csrf },
        { repeatable: false, post: true, ...(file && { file }) },
        call
      );
    });
  }

  /** Does it signed in; once more where the session had ended, for then nothing was done. */
  private async signed<T>(call: WikiCall, work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      await (this.signedIn ??= this.signIn(call));
      try {
        return await work();
      } catch (error) {
        const ended = error instanceof MediaWikiRefusal && error.code === 'target-signin';
        if (!ended || attempt > 1) throw error;
        this.signedIn = this.csrf = undefined;
      }
    }
  }

  private async signIn(call: WikiCall): Promise<void> {
    try {
      this.cookies.clear();
      const lgtoken = (await this.token('login', call)).logintoken;
      const { user, password, label } = this.options;
      const parameters = { action: 'login', lgname: user, lgpassword: password, lgtoken };
      const { login } = await this.request(Login, parameters, { repeatable: false, post: true }, call);
      if (login.result === 'Success') return;
      if (login.result === 'Throttled')
        throw new ProblemError(
          'target-busy',
          `${label} has seen too many sign-ins of ${user} and asks to wait. Share again in a while.`,
          {
            ...(login.wait !== undefined && { retryAfter: login.wait })
          }
        );
      throw new ProblemError(
        'target-signin',
        `${label} does not accept the bot password of ${user}. Make a new one on its page Special:BotPasswords and put it where the configuration says.`
      );
    } catch (error) {
      this.signedIn = undefined;
      throw error;
    }
  }

  private async token(
    type: 'login' | 'csrf',
    call: WikiCall
  ): Promise<{ logintoken?: string | undefined; csrftoken?: string | undefined }> {
    const parameters = { action: 'query', meta: 'tokens', type };
    return (await this.request(Token, parameters, { repeatable: true }, call)).query.tokens;
  }

  private async request<T>(
    schema: z.ZodType<T>,
    given: Fields,
    { repeatable, post = false, file }: { repeatable: boolean; post?: boolean; file?: { name: string; blob: Blob } },
    { signal }: WikiCall
  ): Promise<T> {
    const { label, clock } = this.options;
    const isSigningIn = given['action'] === 'login' || given['type'] === 'login';
    const fields: Fields = { ...given, format: 'json', formatversion: '2' };
    if (!isSigningIn) Object.assign(fields, { assert: 'user', maxlag: '5' });
    const pairs = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined);
    const address = new URL(this.options.api);
    if (!post) for (const [name, value] of pairs) address.searchParams.set(name, value);
    return this.http.json(
      address,
      {
        method: post ? 'POST' : 'GET',
        headers: { cookie: this.cookies.header },
        ...(post && { body: () => (file ? form(pairs, file) : new URLSearchParams(pairs)) }),
        repeatable,
        signal
      },
      (value, headers) => {
        this.cookies.keep(headers);
        const refusal = refusalIn(label, value, headers, clock.now());
        if (refusal) throw refusal;
        return answerOf(label, schema, value);
      }
    );
  }
}

function form(pairs: [string, string][], file: { name: string; blob: Blob }): FormData {
  const data = new FormData();
  for (const [name, value] of pairs) data.set(name, value);
  data.set('file', file.blob, file.name);
  return data;
}
