import { mkdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { ScheduleFiles } from '../../schedule/ports.js';
import { belowOrUndefined, lookUp, notAFile, partsOf, refused, toReal } from './resolve.js';
import type { FileRoot } from './resolve.js';

/** Notebooks of schedules, and folders for what their runs write, below the root that people see. */
export function createScheduleFiles(root: FileRoot): ScheduleFiles {
  const base = root.kind === 'folder' ? root.path : root.workingDirectory;
  return {
    async notebook(path) {
      const real = await toReal(root, path);
      const found = await lookUp(path, () => stat(real));
      if (!found.isFile()) throw notAFile(path);
      return real;
    },
    async output(place, attempt) {
      if (/^[a-z0-9]+:\/\//.test(place)) {
        throw new ProblemError('invalid', `Runs cannot write to ${place} yet. Name a folder as the output place.`);
      }
      const parts = partsOf(place.replace(/\/+$/, ''), true);
      // The first attempt has the folder as it was named; nothing that an attempt wrote is written again.
      const folder = join(base, ...parts, ...(attempt === 1 ? [] : [`attempt-${attempt}`]));
      await lookUp(place, () => mkdir(folder, { recursive: true }));
      const [top, real] = await Promise.all([realpath(base), realpath(folder)]);
      if (belowOrUndefined(top, real) === undefined) throw refused(place, 'a link leads out of the folder');
      return real;
    }
  };
}
