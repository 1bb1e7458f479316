import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { WikiHttp } from '../../share/wiki/http.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { judge, type Words } from './answers.js';
import { basic, GitFailure, type Git, type GitRun } from './git.js';

/** The wiki is no longer where a push began. */
export class Overtaken extends Error {}

export type Service = 'git-upload-pack' | 'git-receive-pack';

/** What branches the wiki has. */
export interface Branches {
  /** The one that it names; undefined where it has none yet. */
  named: string | undefined;
  /** The newest commit of each. */
  tips: ReadonlyMap<string, string>;
}

export interface GitServerOptions {
  git: Git;
  url: string;
  user: string;
  token: string;
  clock: Clock;
  words: Words;
  /** How long a call may wait in all, where the wiki asks to wait. */
  patienceMs: number;
}

const MAX_ATTEMPTS = 4;

/** Speaks to the server of a git wiki: what passes is tried again, what stays is a problem that says what to do. */
export class GitServer {
  /** Turns statuses into problems, and asks once. */
  readonly http: WikiHttp;
  private readonly patient: WikiHttp;

  constructor(private readonly options: GitServerOptions) {
    const { clock, words, user, token, patienceMs } = options;
    const headers = {
      accept: '*/*',
      'user-agent': `git/2 Lakeside/${LAKESIDE_VERSION}`,
      authorization: basic({ user, token })
    };
    const { label, timeoutMs } = words;
    this.http = new WikiHttp({ label, clock, headers, timeoutMs, patienceMs: 0 });
    this.patient = new WikiHttp({ label, clock, headers, timeoutMs, patienceMs });
  }

  /** Asks what branches there are: one request, by which most questions need no run of git. @throws ProblemError */
  async branches(call: WikiCall): Promise<Branches> {
    const text = await this.advertisement(this.patient, 'git-upload-pack', { call, repeatable: true });
    // Each line begins with its length, four digits.
    const lines = [...text.matchAll(/[0-9a-f]{4}([0-9a-f]{64}|[0-9a-f]{40}) refs\/heads\/([^\n\0]+)/g)];
    return {
      named: /\bsymref=HEAD:refs\/heads\/([^\s\0]+)/.exec(text)?.[1],
      tips: new Map(lines.map(([, oid = '', name = '']) => [name, oid]))
    };
  }

  /**
   * Runs git against the server.
   *
   * @throws Overtaken
   * @throws GitFailure where the copy on this machine is not whole
   * @throws ProblemError
   */
  async talk(service: Service, words: readonly string[], how: GitRun, call: WikiCall): Promise<string> {
    const { git, clock, patienceMs } = this.options;
    const { timeoutMs } = this.options.words;
    const begun = clock.monotonic();
    for (let attempt = 1; ; attempt++) {
      try {
        return (await git.run(words, { ...how, remoteMs: timeoutMs, signal: call.signal })).out.toString('utf8');
      } catch (error) {
        const verdict = error instanceof GitFailure ? judge(error, this.options.words, this.http) : undefined;
        if (verdict === undefined || verdict.kind === 'local') throw error;
        if (verdict.kind === 'overtaken') throw new Overtaken('The wiki is ahead.');
        const problem = (verdict.ask && (await this.ask(service, call))) || verdict.problem;
        const wait = problem.retryAfter === undefined ? 500 * 2 ** (attempt - 1) : problem.retryAfter * 1000;
        const left = patienceMs - (clock.monotonic() - begun);
        if (!verdict.passing || wait > left || attempt >= MAX_ATTEMPTS) throw problem;
        await this.pause(wait, call);
      }
    }
  }

  /** What the server has against a service, in more words than git passes on; undefined where it has nothing. */
  async ask(service: Service, call: WikiCall): Promise<ProblemError | undefined> {
    try {
      await this.advertisement(this.http, service, { call, repeatable: false });
      return undefined;
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
  }

  /** The first answer of a service. @throws ProblemError */
  private async advertisement(
    http: WikiHttp,
    service: Service,
    { call, repeatable }: { call: WikiCall; repeatable: boolean }
  ): Promise<string> {
    const { missing, label, url } = this.options.words;
    const address = new URL(`${url.replace(/\/+$/, '')}/info/refs`);
    address.searchParams.set('service', service);
    try {
      return await http.call(address, { repeatable, signal: call.signal }, ({ headers, text }) => {
        if (headers.get('content-type')?.startsWith('application/x-git-') === true) return text;
        throw http.unreadable(text);
      });
    } catch (error) {
      // A redirect is told as one.
      if (!(error instanceof ProblemError) || !/\(4(?:04|10)\)/.test(error.message)) throw error;
      throw new ProblemError('target-not-found', `${label} has no wiki at ${url} (404). ${missing}`, { cause: error });
    }
  }

  private async pause(milliseconds: number, { signal }: WikiCall): Promise<void> {
    try {
      await this.options.clock.sleep(milliseconds, signal);
    } catch {
      throw new ProblemError('cancelled', 'Sharing was cancelled.');
    }
  }
}
