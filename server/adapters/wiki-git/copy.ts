import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { WikiCall } from '../../share/wiki/ports.js';
import { judge, type Words } from './answers.js';
import { makeCommit, type Change } from './commit.js';
import { GitFailure, type Git, type GitRun } from './git.js';
import { whileLocked } from './lock.js';
import { Overtaken, type GitServer } from './server.js';
import { EMPTY, stateAt, type WikiState } from './state.js';

export interface WikiCopyOptions {
  git: Git;
  server: GitServer;
  clock: Clock;
  /** The folder below which copies lie. */
  cacheDirectory: string;
  url: string;
  /** The branch that holds the pages; undefined where the wiki is asked. */
  branch: string | undefined;
  /** The branch of a wiki that has none yet. */
  firstBranch: string;
  words: Words;
}

/** A change, and what to answer when it is in the wiki. */
export interface Plan<T> {
  /** Undefined where the wiki is already as wanted. */
  change: Change | undefined;
  answer: (state: WikiState) => T | Promise<T>;
}

const TIP = 'refs/lakeside/wiki';
const MAX_ROUNDS = 12;

/**
 * A copy of the wiki's repository on this machine: its newest state and what came since, without files to look at. All
 * processes of this machine share it. It holds nothing that the wiki does not, so that a broken one is made anew.
 */
export class WikiCopy {
  private readonly directory: string;
  private branch: string;
  private state = EMPTY;

  constructor(private readonly options: WikiCopyOptions) {
    const name = createHash('sha256')
      .update(`${options.url}\n${options.branch ?? ''}`)
      .digest('hex')
      .slice(0, 20);
    this.directory = join(options.cacheDirectory, `git-${name}`);
    this.branch = options.branch ?? options.firstBranch;
  }

  /** How git is run in the copy. */
  get here(): GitRun & { directory: string } {
    return { directory: this.directory };
  }

  /** Does something with the wiki as it is now. @throws ProblemError */
  look<T>(call: WikiCall, work: (state: WikiState) => T | Promise<T>): Promise<T> {
    return this.mended(call, async () => work(await this.locked(call, () => this.fetch(call))));
  }

  /**
   * Brings a change into the wiki.
   *
   * @param decide - what to change of a state; asked again where the wiki got ahead meanwhile
   * @throws ProblemError those of `decide` too
   */
  change<T>(call: WikiCall, decide: (state: WikiState) => Promise<Plan<T>>): Promise<T> {
    return this.mended(call, async () => {
      for (let round = 1; ; round++) {
        const done = await this.locked(call, () => this.attempt(call, decide));
        if (done) return done.answer;
        if (round === MAX_ROUNDS) throw this.busy();
        await this.options.clock.sleep(Math.random() * Math.min(2000, 50 * 2 ** round));
      }
    });
  }

  /** One push; undefined where somebody else's came first. */
  private async attempt<T>(
    call: WikiCall,
    decide: (state: WikiState) => Promise<Plan<T>>
  ): Promise<{ answer: T } | undefined> {
    const { git, server, url, clock } = this.options;
    const state = await this.fetch(call);
    const { change, answer } = await decide(state);
    if (change === undefined) return { answer: await answer(state) };
    const commit = await makeCommit(git, this.directory, state, change, clock.now());
    const branch = `refs/heads/${this.branch}`;
    try {
      const words = ['push', '--porcelain', '--no-verify', '--', url, `${commit}:${branch}`];
      await server.talk('git-receive-pack', words, this.here, call);
    } catch (error) {
      if (error instanceof Overtaken) return undefined;
      throw error;
    }
    await git.run(['update-ref', TIP, commit], this.here);
    this.state = await stateAt(git, this.here, commit);
    return { answer: await answer(this.state) };
  }

  /** Brings what is new; only the newest state where nothing is here yet. */
  private async fetch(call: WikiCall): Promise<WikiState> {
    const { git, server, url, firstBranch } = this.options;
    await this.make();
    const { named, tips } = await server.branches(call);
    this.branch = this.options.branch ?? named ?? firstBranch;
    const newest = tips.get(this.branch);
    if (newest === this.state.commit) return this.state;
    if (newest === undefined) return (this.state = EMPTY);
    const before = await this.tip();
    if (before !== newest) {
      const words = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', ...(before === '' ? ['--depth=1'] : [])];
      const spec = `+refs/heads/${this.branch}:${TIP}`;
      await server.talk('git-upload-pack', [...words, '--', url, spec], this.here, call);
    }
    return (this.state = await stateAt(git, this.here, await this.tip()));
  }

  private tip(): Promise<string> {
    return this.options.git.line(['rev-parse', '--quiet', '--verify', TIP], { ...this.here, codes: [0, 1] });
  }

  /** Makes the repository where there is none: empty, and there at once as a whole. */
  private async make(): Promise<void> {
    const { git, cacheDirectory } = this.options;
    if (await stat(this.directory).catch(() => undefined)) return;
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    const fresh = `${this.directory}.${randomBytes(6).toString('hex')}`;
    try {
      await git.run(['init', '--quiet', '--bare', '--template=', '--', fresh]);
      await rename(fresh, this.directory);
      this.state = EMPTY;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  /** Does something, and once more with a new copy where this one is broken. */
  private async mended<T>(call: WikiCall, work: () => Promise<T>): Promise<T> {
    const { words } = this.options;
    for (let attempt = 1; ; attempt++) {
      const used = await this.made();
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof GitFailure)) throw error;
        const verdict = judge(error, words, this.options.server.http);
        if (verdict.kind === 'problem') throw verdict.problem;
        if (attempt === 2)
          throw new ProblemError(
            'target-failed',
            `The copy of ${words.label} on this machine cannot be read or written, and a new one neither. Look whether the disk below ${this.options.cacheDirectory} is full or read-only, then share again.`,
            { cause: error }
          );
        await this.locked(call, () => this.remove(used));
      }
    }
  }

  /** Takes away the copy, unless another process did so already and made a new one. */
  private async remove(used: string | undefined): Promise<void> {
    if (used !== undefined && used !== (await this.made())) return;
    const broken = `${this.directory}.${randomBytes(6).toString('hex')}`;
    await rename(this.directory, broken).catch(() => undefined);
    await rm(broken, { recursive: true, force: true });
    this.state = EMPTY;
  }

  /** Tells one making of the copy from another. */
  private async made(): Promise<string | undefined> {
    const found = await stat(this.directory).catch(() => undefined);
    return found && `${found.ino} ${found.birthtimeMs}`;
  }

  private async locked<T>(call: WikiCall, work: () => Promise<T>): Promise<T> {
    const { clock, words, cacheDirectory } = this.options;
    await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
    const options = {
      file: `${this.directory}.lock`,
      clock,
      patienceMs: 3 * words.timeoutMs,
      signal: call.signal,
      busy: () => this.busy()
    };
    return whileLocked(options, work);
  }

  /** The commits whose parents are not here. */
  async edges(): Promise<Set<string>> {
    const text = await readFile(join(this.directory, 'shallow'), 'utf8').catch(() => '');
    return new Set(text.split('\n').filter(line => line !== ''));
  }

  private busy(): ProblemError {
    return new ProblemError(
      'target-busy',
      `Too many others write to ${this.options.words.label} at this moment. Share again in a while.`
    );
  }
}
