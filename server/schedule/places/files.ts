import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isElsewhere } from '../../../contract/schedule/places.js';
import type { Clock, Ids } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { ScheduleFiles } from '../ports.js';
import type { PlacedFiles, RunPlaces } from './ports.js';

/** Tells that all of a folder lies at its place too. */
const DELIVERED = '.delivered';
/** How long such a folder stays, so that what is looked at often is not brought again and again. Milliseconds. */
const KEPT = 7 * 86_400_000;

export interface PlacedFilesOptions {
  files: ScheduleFiles;
  places: Pick<RunPlaces, 'deliver' | 'recall'>;
  /** Gets a folder for each output that lies elsewhere. */
  directory: string;
  clock: Pick<Clock, 'now'>;
  ids: Ids;
}

/** Adds outputs elsewhere to files of schedules. Each has a folder here, named by its place: all processes find it. */
export function createPlacedFiles({ files, places, directory, clock, ids }: PlacedFilesOptions): PlacedFiles {
  const folderOf = (place: string): string =>
    join(directory, createHash('sha256').update(place).digest('hex').slice(0, 32));

  /** Brings an output that is not here any more. Whoever is first makes the folder. */
  async function bring(place: string, folder: string): Promise<void> {
    const unfinished = `${folder}.${ids.next()}`;
    await onStorage(directory, () => mkdir(unfinished, { recursive: true, mode: 0o700 }));
    try {
      if (!(await places.recall(place, unfinished))) return;
      await writeFile(join(unfinished, DELIVERED), '');
      await rename(unfinished, folder).catch((error: unknown) => {
        const { code = '' } = error as NodeJS.ErrnoException;
        if (!['ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
      });
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  }

  return {
    ...files,
    async output(root, place) {
      if (!isElsewhere(place)) return files.output(root, place);
      const folder = folderOf(place);
      await onStorage(directory, () => mkdir(folder, { recursive: true, mode: 0o700 }));
      await rm(join(folder, DELIVERED), { force: true });
      return folder;
    },
    async result(root, place, name) {
      if (!isElsewhere(place)) return files.result(root, place, name);
      const folder = folderOf(place);
      if (!(await isThere(folder))) await bring(place, folder);
      const file = join(folder, name);
      return (await isThere(file)) ? file : undefined;
    },
    async deliver(_, place, signal) {
      if (!isElsewhere(place)) return;
      const folder = folderOf(place);
      await places.deliver(place, folder, signal);
      await onStorage(folder, () => writeFile(join(folder, DELIVERED), ''));
    },
    async tidy() {
      for (const name of await readdir(directory).catch(() => [])) {
        const folder = join(directory, name);
        // What was being brought when its process ended has a dot in its name.
        const sign = await stat(name.includes('.') ? folder : join(folder, DELIVERED)).catch(() => undefined);
        if (sign !== undefined && clock.now() - sign.mtimeMs > KEPT) await rm(folder, { recursive: true, force: true });
      }
    }
  };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
