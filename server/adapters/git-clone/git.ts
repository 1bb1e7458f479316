import { execFile } from 'node:child_process';
import { ProblemError } from '../../../contract/problem.js';

/** Longest time of one run: a push may wait for hooks. Milliseconds. */
const PATIENCE = 600_000;
const MOST = 256 * 2 ** 20;

/** What a run of git said. */
export interface GitAnswer {
  out: string;
  err: string;
}

/** A run of git that did not end well. */
export class GitFailure extends Error {
  constructor(
    readonly code: number | undefined,
    readonly err: string
  ) {
    super(`git ended with ${code ?? 'a signal'}`);
  }
}

/** Runs the person's git: no shell, their settings and keys. */
export function createGit(environment: Readonly<Record<string, string>>, directory: string) {
  return (
    words: readonly string[],
    { input, variables = {} }: { input?: string; variables?: Record<string, string> } = {}
  ): Promise<GitAnswer> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        [...words],
        {
          cwd: directory,
          env: { ...environment, LC_ALL: 'C', ...variables },
          timeout: PATIENCE,
          maxBuffer: MOST
        },
        (error, out, err) => {
          if (error === null) resolve({ out, err });
          else if (error.code === 'ENOENT') {
            reject(new ProblemError('unavailable', 'There is no program "git" here. Install it, then push again.'));
          } else reject(new GitFailure(typeof error.code === 'number' ? error.code : undefined, err));
        }
      );
      // It may end without reading what it is given.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input ?? '');
    });
}

/** The words of a failure for a person: what the remote said, or what git did, without what it prints besides. */
export function wordsOf(failure: GitFailure): string {
  const lines = failure.err.split('\n').map(line => line.trim());
  const remote = lines.filter(line => line.startsWith('remote:')).map(line => line.slice(7).trim());
  const own = lines.filter(line => /^(fatal|error|!)/.test(line)).map(line => line.replace(/^(fatal|error): /, ''));
  const said = [...remote, ...own].filter(line => line !== '').join('; ');
  // An address may hold a credential.
  const plain = (said || lines.join('; ')).replaceAll(/([a-z+]+:\/\/)[^@/\s]+@/g, '$1');
  return plain.slice(0, 1000).replace(/[.;\s]+$/, '');
}
