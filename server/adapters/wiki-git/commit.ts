import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Git } from './git.js';
import type { WikiState } from './state.js';

/** A change of the wiki: files that get another content, or come. */
export interface Change {
  /** Objects that are in the copy, by the path of the file that they become. */
  files: ReadonlyMap<string, string>;
  /** A sentence for the history. */
  message: string;
  /** The person for whom it is made. */
  author: { name: string; email: string };
  committer: { name: string; email: string };
}

const MODE = '100644';

/** Puts a text into the copy. @returns its object */
export function storeText(git: Git, directory: string, text: string): Promise<string> {
  return git.line(['hash-object', '-w', '--stdin'], { directory, input: text });
}

/** Puts files into the copy, or only tells what objects they would be. @returns the object of each */
export async function storeFiles(
  git: Git,
  directory: string,
  files: readonly string[],
  { write }: { write: boolean }
): Promise<string[]> {
  if (files.length === 0) return [];
  const words = ['hash-object', ...(write ? ['-w'] : []), '--no-filters', '--stdin-paths'];
  return (await git.line(words, { directory, input: files.map(file => `${file}\n`).join('') })).split('\n');
}

/**
 * Makes a commit upon a state. Nobody sees it before it is pushed. Only one at a time in a copy.
 *
 * @returns its name
 */
export async function makeCommit(
  git: Git,
  directory: string,
  state: WikiState,
  { files, message, author, committer }: Change,
  now: number
): Promise<string> {
  for (const path of files.keys()) mustFit(state, path);
  const index = join(directory, 'lakeside-index');
  const how = { directory, variables: { GIT_INDEX_FILE: index } };
  try {
    await rm(`${index}.lock`, { force: true });
    await git.run(['read-tree', ...(state.commit === undefined ? ['--empty'] : [state.commit])], how);
    const lines = [...files].map(([path, oid]) => `${state.entries.get(path)?.mode ?? MODE} ${oid}\t${path}\0`);
    await git.run(['update-index', '-z', '--index-info'], { ...how, input: lines.join('') });
    const tree = await git.line(['write-tree'], how);
    const date = `@${Math.floor(now / 1000)} +0000`;
    const variables = {
      GIT_AUTHOR_NAME: person(author.name),
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: committer.name,
      GIT_COMMITTER_EMAIL: committer.email,
      GIT_COMMITTER_DATE: date
    };
    const parents = state.commit === undefined ? [] : ['-p', state.commit];
    return await git.line(['commit-tree', tree, ...parents], { directory, variables, input: `${message}\n` });
  } finally {
    await rm(index, { force: true });
  }
}

/** A file never takes the place of a folder, nor a folder that of a file. */
function mustFit(state: WikiState, path: string): void {
  if (state.entries.has(path)) return;
  const parts = path.split('/');
  const folders = parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
  const inTheWay =
    folders.find(folder => state.entries.has(folder)) ??
    [...state.entries.keys()].find(each => each.startsWith(`${path}/`));
  if (inTheWay === undefined) return;
  throw new ProblemError(
    'target-conflict',
    `The wiki has "${inTheWay}" where Lakeside has to put "${path}". Move it there, or choose another title.`
  );
}

/** A name as commits can carry it. */
function person(name: string): string {
  const tidy = name
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    .replace(/[\u0000-\u001f\u007f<>]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 100);
  return /[\p{L}\p{N}]/u.test(tidy) ? tidy : 'Lakeside';
}
