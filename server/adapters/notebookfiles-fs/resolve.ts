import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';

/** Where paths are looked for. */
export type Root =
  /** Below the Jupyter server's root folder; paths are contents paths. Hidden files only where the server shows them. */
  | { kind: 'folder'; path: string; allowHidden: boolean }
  /** Anywhere on this machine, as the command line does it. */
  | { kind: 'anywhere'; workingDirectory: string }
  /** Nowhere on this machine: the contents manager keeps no files. Its places get this name. */
  | { kind: 'none'; name: string };

/** A root that holds files. */
export type FileRoot = Exclude<Root, { kind: 'none' }>;

/** A path as text, made absolute. Nothing was looked up yet. */
export function toAbsolute(root: FileRoot, path: string): string {
  if (path === '' || path.includes('\0')) throw refused(path, 'it is empty or holds a NUL character');
  if (root.kind === 'anywhere') return resolve(root.workingDirectory, path);
  return join(root.path, ...partsOf(path, root.allowHidden));
}

/**
 * The parts of a contents path, checked one by one. A leading slash means the root folder, as in the contents API.
 *
 * @throws ProblemError `path-refused`, `file-not-found` for hidden files
 */
export function partsOf(path: string, allowHidden: boolean): string[] {
  if (path.includes('\0')) throw refused(path, 'it holds a NUL character');
  const parts = path.replace(/^\//, '').split('/');
  for (const part of parts) {
    if (part === '' || part === '.' || part === '..') {
      throw refused(path, 'it holds an empty part, "." or ".."');
    }
    if (sep !== '/' && (part.includes(sep) || part.includes(':'))) throw refused(path, 'it names a drive');
    if (part.startsWith('.') && !allowHidden) {
      throw new ProblemError(
        'file-not-found',
        `There is no file ${printable(path)}: hidden files are not shown by this Jupyter server (ContentsManager.allow_hidden).`
      );
    }
  }
  return parts;
}

/**
 * The real path of a file: without symbolic links, and still below the root.
 *
 * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`
 */
export async function toReal(root: FileRoot, path: string): Promise<string> {
  const absolute = toAbsolute(root, path);
  const real = await lookUp(path, () => realpath(absolute));
  if (root.kind === 'anywhere') return real;
  const folder = await lookUp(root.path, () => realpath(root.path));
  const inside = belowOrUndefined(folder, real);
  if (inside === undefined) throw refused(path, 'a link leads out of the folder');
  if (!root.allowHidden && inside.split(sep).some(part => part.startsWith('.'))) {
    throw refused(path, 'a link leads to a hidden file');
  }
  return real;
}

/** The part of a path below a folder; undefined where it is not below it. `/srv/data2` is not below `/srv/data`. */
export function belowOrUndefined(folder: string, path: string): string | undefined {
  const prefix = folder.endsWith(sep) ? folder : folder + sep;
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

/** Runs a file operation; its failure becomes a problem that names the path. */
export async function lookUp<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileProblem(error, path) ?? error;
  }
}

/** The problem that a failed file operation stands for; undefined where the file is not to blame. */
export function fileProblem(error: unknown, path: string): ProblemError | undefined {
  const name = printable(path);
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'EINVAL':
    case 'EILSEQ':
      return new ProblemError('file-not-found', `There is no file ${name}. It may have been renamed or deleted.`, {
        cause: error
      });
    case 'ELOOP':
      return refused(path, 'its symbolic links lead in a circle or were changed just now');
    case 'EACCES':
    case 'EPERM':
      return new ProblemError('file-unreadable', `${name} cannot be read: you have no right to. Ask its owner.`, {
        cause: error
      });
    case 'ENXIO':
    case 'ENODEV':
    case 'EISDIR':
      return notAFile(path);
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return new ProblemError('file-unreadable', `${name} cannot be read: its disk does not answer. Try again.`, {
        cause: error
      });
    default:
      return undefined;
  }
}

/** The problem of something that is no regular file. */
export function notAFile(path: string): ProblemError {
  return new ProblemError(
    'file-unreadable',
    `${printable(path)} is not a file but a folder, a pipe or a device. Choose a notebook file.`
  );
}

/** The problem of a path that leads where nobody may go. */
export function refused(path: string, why: string): ProblemError {
  return new ProblemError(
    'path-refused',
    `${printable(path)} is refused: ${why}. Choose a notebook in the folder you work in.`
  );
}

/** A path as it may stand in a sentence: quoted, short, without control characters. */
export function printable(path: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  const clean = path.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '�');
  return `"${clean.length > 200 ? `…${clean.slice(-199)}` : clean}"`;
}
