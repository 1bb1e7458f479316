import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Repository } from '../../schedule/push/ports.js';
import { createGit, GitFailure, wordsOf } from './git.js';

export interface CloneOptions {
  /** A file or folder in the clone, absolute. */
  inside: string;
  environment: Readonly<Record<string, string>>;
}

/**
 * Opens the clone that a file lies in.
 *
 * @throws ProblemError `not-found` where it lies in none
 */
export async function openClone({ inside, environment }: CloneOptions): Promise<Repository> {
  const folder = dirname(inside);
  const found = await createGit(
    environment,
    folder
  )(['rev-parse', '--show-toplevel']).catch((error: unknown) => {
    if (!(error instanceof GitFailure)) throw error;
    throw new ProblemError('not-found', `${folder} is in no clone of git. Put the file into one, then push again.`);
  });
  const top = await realpath(found.out.replace(/\n$/, ''));
  const git = createGit(environment, top);

  async function refused<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitFailure)) throw error;
      throw new ProblemError('forbidden', `${what}: ${wordsOf(error)}.`, { cause: error });
    }
  }

  async function mustBeBranch(name: string): Promise<void> {
    await git(['check-ref-format', `refs/heads/${name}`]).catch((error: unknown) => {
      if (!(error instanceof GitFailure)) throw error;
      throw new ProblemError('bad-request', `"${name.slice(0, 100)}" cannot be the name of a branch. Choose another.`);
    });
  }

  return {
    top,

    async address(remote) {
      const names = (await git(['remote'])).out.split('\n').filter(Boolean);
      if (names.includes(remote)) return (await git(['remote', 'get-url', '--push', remote])).out.trim();
      const known = names.length > 0 ? `There are: ${names.join(', ')}.` : 'Add one with: git remote add';
      throw new ProblemError('not-found', `This clone has no remote "${remote.slice(0, 100)}". ${known}`);
    },

    async base(remote, wanted) {
      if (wanted !== undefined) await mustBeBranch(wanted);
      const name = wanted ?? (await refused(`${remote} cannot be asked`, () => named(remote)));
      if (name === undefined) {
        throw new ProblemError('not-found', `${remote} names no branch to merge into. Say which with --base.`);
      }
      const source = `refs/heads/${name}`;
      const words = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
      await refused(`The branch ${name} of ${remote} cannot be fetched`, () => git([...words, remote, source]));
      const commit = await tip(remote, name);
      if (commit === undefined) throw new ProblemError('not-found', `${remote} has no branch ${name}.`);
      return { name, commit };
    },

    tip,

    async tree(base, files) {
      const work = await mkdtemp(join(tmpdir(), 'lakeside-push-'));
      // An index of its own: that of the person stays as it is.
      const variables = { GIT_INDEX_FILE: join(work, 'index') };
      try {
        await git(['read-tree', base], { variables });
        for (const { path, file } of files) {
          const before = (await git(['ls-files', '--stage', '--', `:(top,literal)${path}`], { variables })).out;
          const mode = before.startsWith('100755') ? '100755' : '100644';
          const hashed = await git(['hash-object', '-w', `--path=${path}`, '--', file], { variables });
          const entry = `${mode},${hashed.out.trim()},${path}`;
          await git(['update-index', '--add', '--cacheinfo', entry], { variables });
        }
        const tree = (await git(['write-tree'], { variables })).out.trim();
        const { out } = await git(['diff-tree', '-r', '-z', '--name-only', base, tree]);
        return { tree, changed: out.split('\0').filter(Boolean) };
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },

    async commit(tree, parent, message) {
      const words = ['commit-tree', tree, '-p', parent, '-F', '-'];
      return (await refused('git cannot commit', () => git(words, { input: message }))).out.trim();
    },

    async push(remote, commit, branch, options) {
      await mustBeBranch(branch);
      const words = ['push', '--no-follow-tags', '--recurse-submodules=no'];
      const target = [remote, `${commit}:refs/heads/${branch}`];
      const wishes = options.flatMap(option => ['-o', option]);
      try {
        return (await git([...words, ...wishes, ...target])).err;
      } catch (error) {
        if (!(error instanceof GitFailure)) throw error;
        if (options.length === 0 || !error.err.includes('does not support push options')) throw failed(remote, error);
      }
      return (
        await git([...words, ...target]).catch((error: unknown) => {
          throw error instanceof GitFailure ? failed(remote, error) : error;
        })
      ).err;
    }
  };

  async function tip(remote: string, branch: string): Promise<string | undefined> {
    await mustBeBranch(branch);
    const words = ['ls-remote', '--heads', remote, `refs/heads/${branch}`];
    const { out } = await refused(`${remote} cannot be asked`, () => git(words));
    return out.split(/\s/)[0] || undefined;
  }

  async function named(remote: string): Promise<string | undefined> {
    const { out } = await git(['ls-remote', '--symref', remote, 'HEAD']);
    return /^ref: refs\/heads\/(\S+)\s+HEAD$/m.exec(out)?.[1];
  }
}

function failed(remote: string, error: GitFailure): ProblemError {
  return new ProblemError('forbidden', `${remote} did not take the branch: ${wordsOf(error)}.`, { cause: error });
}
