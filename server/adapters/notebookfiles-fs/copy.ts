import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, realpath, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { onStorage } from '../../storage.js';
import { fileProblem, lookUp, notAFile, printable, refused } from './resolve.js';

const CHUNK = 1024 * 1024;
const ATTEMPTS = 4;
/** Time that a file must have been left alone to count as written. Longer than the grain of file times. Milliseconds. */
const SETTLE = 25;

export interface Copied {
  size: number;
  sha256: string;
  modified: number;
}

export interface CopyOptions {
  /** How the person knows the file. */
  name: string;
  maxBytes: number;
  /** Whether the copy must survive a crash of the machine. */
  durable: boolean;
  clock: Clock;
}

/**
 * Copies a file while hashing it. A file that changes meanwhile is copied again.
 *
 * @param file - a real path; a link in its place is refused
 * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`, `too-large`, `conflict`, `storage-full`, `storage-read-only`
 */
export async function copyStable(file: string, target: string, options: CopyOptions): Promise<Copied> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const copied = await copyOnce(file, target, options);
    if (copied) return copied;
    await options.clock.sleep(SETTLE * attempt);
  }
  throw new ProblemError(
    'conflict',
    `${printable(options.name)} keeps changing while it is read. Wait until it is saved, then try again.`
  );
}

/** One copy; undefined, and no target, where the file changed meanwhile. */
async function copyOnce(file: string, target: string, options: CopyOptions): Promise<Copied | undefined> {
  const { name, maxBytes, clock } = options;
  const source = await openFile(file, name);
  if (source === undefined) return undefined;
  try {
    const before = await stampOf(source);
    if (before.size > maxBytes) throw tooLarge(name, before.size, maxBytes);
    const copied = await onStorage(target, () => write(source, target, options));
    const age = clock.now() - toMilliseconds(before.modified);
    if (age >= 0 && age < SETTLE) await clock.sleep(SETTLE);
    const after = await stampOf(source);
    const now = await lstat(file, { bigint: true }).catch(() => undefined);
    const isSame =
      before.size === after.size &&
      before.modified === after.modified &&
      copied.size === after.size &&
      now?.ino === after.inode;
    if (isSame) return { ...copied, modified: toMilliseconds(before.modified) };
    await rm(target, { force: true });
    return undefined;
  } finally {
    await source.close();
  }
}

/** A time of a file in nanoseconds as milliseconds since 1970; always the same number for the same time. */
export function toMilliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e6;
}

/**
 * Opens a regular file without following a link in its last part, and without waiting for a pipe's writer.
 *
 * @param file - a real path
 * @returns undefined where another file took its place meanwhile
 * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`
 */
export async function openFile(file: string, name: string): Promise<FileHandle | undefined> {
  const handle = await lookUp(name, () => open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK));
  try {
    const opened = await handle.stat({ bigint: true });
    if (!opened.isFile()) throw notAFile(name);
    // A folder on the way may have become a link since the path was resolved.
    if ((await lookUp(name, () => realpath(file))) !== file) throw refused(name, 'a folder on its way became a link');
    const again = await lookUp(name, () => lstat(file, { bigint: true }));
    if (again.ino === opened.ino && again.dev === opened.dev) return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function stampOf(handle: FileHandle): Promise<{ size: number; modified: bigint; inode: bigint }> {
  const { size, mtimeNs, ino } = await handle.stat({ bigint: true });
  return { size: Number(size), modified: mtimeNs, inode: ino };
}

async function write(
  source: FileHandle,
  target: string,
  { name, maxBytes, durable }: CopyOptions
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const copy = await open(target, 'wx', 0o600);
  let size = 0;
  let isWhole = false;
  try {
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, CHUNK, size).catch((error: unknown) => {
        throw fileProblem(error, name) ?? error;
      });
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await copy.writeFile(chunk);
      size += bytesRead;
      if (size > maxBytes) throw tooLarge(name, size, maxBytes);
    }
    if (durable) await copy.sync();
    isWhole = true;
  } finally {
    await copy.close();
    if (!isWhole) await rm(target, { force: true });
  }
  return { size, sha256: hash.digest('hex') };
}

function tooLarge(name: string, size: number, maxBytes: number): ProblemError {
  const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(bytes < 10_485_760 ? 1 : 0);
  return new ProblemError(
    'too-large',
    `${printable(name)} has ${megabytes(size)} MB; at most ${megabytes(maxBytes)} MB are taken (LAKESIDE_MAX_NOTEBOOK_MB). Clear large outputs, save, and try again.`
  );
}
