import { copyFile, mkdir, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { ScheduleFiles } from '../../schedule/ports.js';
import { onStorage } from '../../storage.js';
import { belowOrUndefined, lookUp, notAFile, partsOf, printable, refused, toReal } from './resolve.js';
import type { Root } from './resolve.js';

/**
 * Notebooks of schedules, and folders for what their runs write, below the root that people see.
 *
 * @param pins - folder of the copies of pinned notebooks
 */
export function createScheduleFiles(own: Root, pins: string): ScheduleFiles {
  // Another server of the same person may show hidden files; what its schedules name was seen there.
  const copyOf = (name: string): string => join(pins, `${name}.ipynb`);
  const rootAt = (path: string) => ({ kind: 'folder' as const, path, allowHidden: true });
  return {
    root: () => (own.kind === 'none' ? undefined : own.kind === 'folder' ? own.path : own.workingDirectory),
    async notebook(root, path) {
      const real = await toReal(rootAt(root), path);
      const found = await lookUp(path, () => stat(real));
      if (!found.isFile()) throw notAFile(path);
      return real;
    },
    async pin(source, name) {
      await onStorage(pins, async () => {
        await mkdir(pins, { recursive: true, mode: 0o700 });
        const unfinished = join(pins, `${name}.part`);
        await copyFile(source, unfinished);
        await syncPath(unfinished);
        await rename(unfinished, copyOf(name));
        await syncPath(pins);
      });
    },
    pinned: copyOf,
    unpin: name => rm(copyOf(name), { force: true }),
    async output(root, place) {
      const folder = join(root, ...partsOf(place, true));
      await makeFolder(folder, place);
      const [top, real] = await Promise.all([realpath(root), realpath(folder)]);
      if (belowOrUndefined(top, real) === undefined) throw refused(place, 'a link leads out of the folder');
      return real;
    },
    async result(root, place, name) {
      const file = join(root, ...partsOf(place, true), name);
      try {
        const [top, real] = await Promise.all([realpath(root), realpath(file)]);
        return belowOrUndefined(top, real) !== undefined && (await stat(real)).isFile() ? real : undefined;
      } catch {
        return undefined;
      }
    },
    absolute: (root, path) => join(root, ...partsOf(path, true)),
    below: (root, absolute) => belowOrUndefined(root, absolute)?.split(sep).join('/')
  };
}

/** Where a home keeps the copies of pinned notebooks. */
export function pinnedFolder({ home }: { home: string }): string {
  return join(home, 'schedules');
}

async function makeFolder(folder: string, place: string): Promise<void> {
  try {
    await onStorage(place, () => mkdir(folder, { recursive: true }));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why =
      code === 'EEXIST' || code === 'ENOTDIR'
        ? 'a file of that name is in the way. Move it, or change the output place of the schedule.'
        : code === 'EACCES' || code === 'EPERM'
          ? 'you have no right to write there. Ask its owner, or change the output place of the schedule.'
          : undefined;
    if (why === undefined) throw error;
    throw new ProblemError('path-refused', `Runs cannot write to ${printable(place)}: ${why}`, { cause: error });
  }
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
