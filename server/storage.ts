import { statfsSync } from 'node:fs';
import { ProblemError } from '../contract/problem.js';

const full = new Set(['ENOSPC', 'EDQUOT']);

/**
 * The problem that a failed write stands for, where the disk is to blame.
 *
 * @param error - what a file operation threw
 * @param place - the folder or file that was written
 * @returns undefined where it is not about a full or read-only disk
 */
export function storageProblem(error: unknown, place: string): ProblemError | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (full.has(code)) return storageFull(place, error);
  return code === 'EROFS' ? storageReadOnly(place, error) : undefined;
}

/** The problem of a disk without room. */
export function storageFull(place: string, cause?: unknown): ProblemError {
  return new ProblemError('storage-full', `There is no room left on the disk of ${place}. Make room, then try again.`, {
    cause
  });
}

/** The problem of a disk that takes no writes. */
export function storageReadOnly(place: string, cause?: unknown): ProblemError {
  return new ProblemError(
    'storage-read-only',
    `The disk of ${place} is read-only, so nothing can be saved. Ask whoever runs this machine to make it writable, then try again.`,
    { cause }
  );
}

/** Runs file operations; a full or read-only disk becomes its typed problem. */
export async function onStorage<T>(place: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw storageProblem(error, place) ?? error;
  }
}

/** File systems whose locks and shared memory cannot carry SQLite's WAL: NFS, SMB, CIFS, FUSE, 9p, AFS, Ceph, GlusterFS and the like. */
const networkTypes = new Set([
  0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x65735546, 0x01021997, 0x5346414f, 0x00c36400, 0x0bd00bd0, 0x47504653,
  0x19830326, 0x786f4256, 0x73757245, 0x564c
]);

/** Whether a folder lies on a network file system, as its type number says. */
export function isNetworkFileSystem(folder: string): boolean {
  return networkTypes.has(statfsSync(folder).type >>> 0);
}
