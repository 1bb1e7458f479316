import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { WikiHttp } from '../../share/wiki/http.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { judge, type Words } from './answers.js';
import { basic, GitFailure, type Git, type GitRun } from './git.js';

/** The wiki is no longer where a push began. */
export class Overtaken extends Error {}

export type Service = 'git-upload-pack' | 'git-receive-pack';

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
  readonly http: WikiHttp;

  constructor(private readonly options: GitServerOptions) {
    const { clock, words, user, token } = options;
    this.http = new WikiHttp({
      label: words.label,
      clock,
      headers: {
        accept: '*/*',
        'user-agent': `git/2 Lakeside/${LAKESIDE_VERSION}`,
        authorization: basic({ user, token })
      },
      timeoutMs: words.timeoutMs,
      patienceMs: 0
    });
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
  async ask(service: Service, { signal }: WikiCall): Promise<ProblemError | undefined> {
    const address = new URL(`${this.options.url.replace(/\/+$/, '')}/info/refs`);
    address.searchParams.set('service', service);
    try {
      return await this.http.call(address, { repeatable: false, signal }, ({ headers, text }) =>
        headers.get('content-type')?.startsWith('application/x-git-') === true ? undefined : this.http.unreadable(text)
      );
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { missing, label, url } = this.options.words;
      if (error.code !== 'target-not-found') return error;
      return new ProblemError('target-not-found', `${label} has no wiki at ${url} (404). ${missing}`, { cause: error });
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
