import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isElsewhere } from '../../../contract/schedule/places.js';
import type { Caller, Ids } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { ScheduleFiles } from '../ports.js';
import type { RunPlaces } from './ports.js';

/** A notebook as a runner takes it. */
export interface TakenNotebook {
  /** Absolute. */
  file: string;
  /** Where its kernel works: beside it, or in the root where it lies elsewhere. */
  cwd: string;
  /** What exactly it is, where it lies elsewhere. */
  source?: string;
  /** What people call it there. */
  title?: string;
  /** To be called when nobody needs the file any more. */
  release: () => Promise<void>;
}

export interface TakingOptions {
  files: Pick<ScheduleFiles, 'notebook' | 'absolute'>;
  places: Pick<RunPlaces, 'fetch'>;
  ids: Ids;
  /** Scratch folder of this home. */
  workDirectory: string;
}

/** Takes a notebook by its path or reference, as a caller may read it. */
export type Take = (caller: Caller, root: string, path: string, signal?: AbortSignal) => Promise<TakenNotebook>;

/** Makes what takes notebooks. @throws ProblemError of files, or what `RunPlaces.fetch` throws */
export function createTake({ files, places, ids, workDirectory }: TakingOptions): Take {
  return async (caller, root, path, signal) => {
    if (!isElsewhere(path)) {
      const file = await files.notebook(root, path);
      return { file, cwd: workingFolder(files, root, path), release: () => Promise.resolve() };
    }
    const folder = join(workDirectory, ids.next());
    const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
    await onStorage(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
    try {
      return { ...(await places.fetch(caller, path, folder, signal)), cwd: workingFolder(files, root, path), release };
    } catch (error) {
      await release();
      throw error;
    }
  };
}

/** Where the kernel of a notebook works. */
export function workingFolder(files: Pick<ScheduleFiles, 'absolute'>, root: string, path: string): string {
  return isElsewhere(path) ? root : dirname(files.absolute(root, path));
}
