import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, open, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import type { HistoryFiles } from '../../history/ports.js';
import { onStorage } from '../../storage.js';
import { belowOrUndefined, fileProblem, lookUp, partsOf, refused, toAbsolute } from './resolve.js';
import type { Root } from './resolve.js';

/** File systems without hard links answer with one of these. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** The notebooks of the person, for their history: places of files that may be gone, and new files. */
export function createHistoryFiles(root: Root): HistoryFiles {
  const realRoot = async (): Promise<string | undefined> => {
    if (root.kind === 'none') return undefined;
    return root.kind === 'anywhere' ? sep : lookUp(root.path, () => realpath(root.path));
  };
  const isShown = (inside: string): boolean => {
    if (root.kind !== 'folder' || root.allowHidden) return true;
    return !inside.split(sep).some(part => part.startsWith('.'));
  };

  /** Makes a folder below the root, following no link on the way. */
  async function makeFolder(folder: string): Promise<void> {
    const top = (await realRoot()) ?? '';
    await onStorage(folder, () => mkdir(folder, { recursive: true }));
    const real = await realpath(folder);
    if (real !== folder || (real !== top && belowOrUndefined(top, real) === undefined)) {
      throw refused(folder, 'a folder on its way became a link');
    }
  }

  return {
    root: realRoot,
    async locate(path) {
      if (root.kind === 'none') return partsOf(path, true).join('/');
      const real = await nearest(toAbsolute(root, path));
      const top = (await realRoot()) ?? '';
      if (belowOrUndefined(top, real) === undefined) throw refused(path, 'a link leads out of the folder');
      return real;
    },
    pathOf(file, top) {
      const inside = belowOrUndefined(top, file);
      if (inside === undefined || !isShown(inside)) return undefined;
      return root.kind === 'anywhere' ? file : inside.split(sep).join('/');
    },
    async exists(file) {
      const found = await lstat(file).catch(() => undefined);
      return found !== undefined && !found.isDirectory();
    },
    async create(file, content) {
      const folder = dirname(file);
      try {
        await makeFolder(folder);
        return await onStorage(file, () => writeNew(folder, file, content));
      } catch (error) {
        throw fileProblem(error, basename(file)) ?? error;
      }
    }
  };
}

/** Writes a file whole and durable, where nothing is. */
async function writeNew(folder: string, file: string, content: AsyncIterable<Uint8Array>): Promise<boolean> {
  const staged = join(folder, `.lakeside-${randomUUID()}.tmp`);
  try {
    const handle = await open(staged, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // Both make a name only where there is none.
    await link(staged, file).catch((error: unknown) => {
      if (!withoutLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return copyFile(staged, file, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(staged, { force: true });
  }
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return true;
}

/** The real path of a file; of one that is gone, that of the nearest folder that is there and the names below it. */
async function nearest(absolute: string): Promise<string> {
  const names: string[] = [];
  for (let rest = absolute; ; rest = dirname(rest)) {
    const real = await realpath(rest).catch(() => undefined);
    if (real !== undefined) return join(real, ...names);
    if (dirname(rest) === rest) return absolute;
    names.unshift(basename(rest));
  }
}
