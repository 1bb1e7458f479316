import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import type { SourceCall } from '../../tables/ports.js';
import { JsonHttp, refusal, type Answer, type HttpOptions } from './http.js';
import type { IcebergSettings } from './settings.js';

const Texts = z.record(z.string(), z.string()).default({});
const Config = z.object({ defaults: Texts, overrides: Texts, endpoints: z.array(z.string()).optional() });
const Token = z.object({ access_token: z.string().min(1), expires_in: z.number().optional() });

/** Seconds before its end from which a token is not used. */
const MARGIN = 30;

/** Pages of a list that are read at most, and what is asked for at once. */
const MOST_PAGES = 10_000;
const PAGE = 1000;

/** What a catalogue says about itself. */
interface Setup {
  /** Before every path: empty, or `main%7Cwarehouse/`. */
  prefix: string;
  /** Between the levels of a namespace, as an address has it. */
  separator: string;
  /** What it can do; undefined where it does not say. */
  endpoints: ReadonlySet<string> | undefined;
}

/** A catalogue that speaks Iceberg's REST protocol. */
export class RestCatalog {
  private setup: Promise<Setup> | undefined;
  private token: { text: string; until: number } | undefined;
  private readonly base: string;
  private readonly about: HttpOptions;
  private readonly http: JsonHttp;

  constructor(
    private readonly settings: IcebergSettings,
    private readonly surroundings: PluginSurroundings,
    readonly label: string
  ) {
    this.base = `${settings.uri.replace(/\/+$/, '')}/v1/`;
    this.about = { label, settings: surroundings.settings };
    this.http = new JsonHttp(this.about);
  }

  /** Whether it can do something, such as `GET /v1/{prefix}/namespaces/{namespace}/views`. */
  async can(endpoint: string, call: SourceCall): Promise<boolean> {
    return (await this.config(call)).endpoints?.has(endpoint) ?? false;
  }

  /** The path of a namespace, and of something in it. */
  async path(call: SourceCall, levels: readonly string[], ...rest: string[]): Promise<string> {
    const { prefix, separator } = await this.config(call);
    const namespace = levels.map(encoded).join(separator);
    return `${prefix}namespaces/${[namespace, ...rest.map(encoded)].join('/')}`;
  }

  /** One answer. @throws ProblemError as `TableSource` does */
  async get<T>(schema: z.ZodType<T>, path: string, what: string, call: SourceCall): Promise<T> {
    const answer = await this.signed(path, call);
    if (answer.status >= 300) throw refusal(answer, what, this.about);
    return this.known(schema, answer, what);
  }

  /** A list, page by page. An empty token is sent first: without one a server gives everything at once. */
  async *pages<T extends { 'next-page-token'?: string | null | undefined }>(
    schema: z.ZodType<T>,
    path: string,
    what: string,
    call: SourceCall,
    query: Record<string, string> = {}
  ): AsyncGenerator<T> {
    let token = '';
    const seen = new Set<string>();
    for (let page = 0; page < MOST_PAGES; page++) {
      // Levels of a parent are joined as an address has them, and are not to be written in another way.
      const pairs = Object.entries({ ...query, pageToken: encodeURIComponent(token), pageSize: String(PAGE) });
      const found = await this.get(schema, `${path}?${pairs.map(pair => pair.join('=')).join('&')}`, what, call);
      yield found;
      const next = found['next-page-token'];
      if (next === undefined || next === null || next === '') return;
      // A server that gives the same page for ever would be asked for ever.
      if (seen.has(next)) return;
      seen.add(next);
      token = next;
    }
  }

  /** Levels of a namespace, as the parameter `parent` has them. */
  async parent(levels: readonly string[], call: SourceCall): Promise<string> {
    return levels.map(encoded).join((await this.config(call)).separator);
  }

  async prefix(call: SourceCall): Promise<string> {
    return (await this.config(call)).prefix;
  }

  close(): void {
    this.http.close();
  }

  private async config(call: SourceCall): Promise<Setup> {
    if (this.setup === undefined) {
      const asked = this.readConfig(call);
      this.setup = asked;
      // Who asks next asks again: this one may have been taken back.
      asked.catch(() => {
        if (this.setup === asked) this.setup = undefined;
      });
    }
    return this.setup;
  }

  private async readConfig(call: SourceCall): Promise<Setup> {
    const { warehouse } = this.settings;
    const query = warehouse === undefined ? '' : `?warehouse=${encodeURIComponent(warehouse)}`;
    const what = warehouse === undefined ? 'catalogue at that address' : `warehouse ${warehouse}`;
    const { defaults, overrides, endpoints } = await this.get(Config, `config${query}`, what, call);
    const said = { ...defaults, ...overrides };
    const prefix = said['prefix'] ?? '';
    return {
      // Some have it encoded already, and it is not to be encoded twice.
      prefix: prefix === '' ? '' : `${prefix.replace(/[^\w.~%/!$&'()*+,;=:@-]/g, encodeURIComponent)}/`,
      separator: said['namespace-separator'] ?? '%1F',
      endpoints: endpoints && new Set(endpoints)
    };
  }

  /** Asks signed in; once more with a new token where the old one had ended. */
  private async signed(path: string, call: SourceCall): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const token = await this.bearer(call);
      const headers: Record<string, string> = {
        accept: 'application/json',
        'user-agent': `Lakeside/${LAKESIDE_VERSION}`,
        'x-iceberg-access-delegation': 'vended-credentials',
        ...(token !== undefined && { authorization: `Bearer ${token}` })
      };
      const answer = await this.http.ask(this.base + path, { headers }, call);
      const isOver = answer.status === 401 || answer.status === 419;
      if (!isOver || attempt > 1 || this.token === undefined) return answer;
      this.token = undefined;
    }
  }

  private async bearer(call: SourceCall): Promise<string | undefined> {
    const { token, oauth } = this.settings;
    if (token) return this.surroundings.readSecret(token);
    if (!oauth) return undefined;
    const now = this.surroundings.clock.now();
    if (this.token && this.token.until > now) return this.token.text;
    const { clientId, clientSecret, scope, tokenUri = `${this.base}oauth/tokens` } = oauth;
    const { readSecret } = this.surroundings;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: typeof clientId === 'string' ? clientId : await readSecret(clientId),
      client_secret: await readSecret(clientSecret),
      scope
    });
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await this.http.ask(tokenUri, { method: 'POST', headers, body: body.toString() }, call);
    if (answer.status >= 300)
      throw new ProblemError(
        answer.status >= 500 ? 'source-unreachable' : 'source-signin',
        `${this.label} gives no token (${answer.status}). Check oauth of ${this.surroundings.settings}: client, secret and scope.`
      );
    const { access_token, expires_in = 3600 } = this.known(Token, answer, 'a token');
    this.token = { text: access_token, until: now + Math.max(expires_in - MARGIN, 1) * 1000 };
    return access_token;
  }

  private known<T>(schema: z.ZodType<T>, { value }: Answer, what: string): T {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new ProblemError(
      'source-failed',
      `${this.label} gave an answer about ${what} that Lakeside does not understand. Check that uri of ${this.surroundings.settings} is the address of an Iceberg REST catalogue, without /v1.`,
      { cause: parsed.error }
    );
  }
}

/** A name as a part of a path, dots included: `..` would mean another place. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/^\.{1,2}$/, dots => dots.replaceAll('.', '%2E'));
}
