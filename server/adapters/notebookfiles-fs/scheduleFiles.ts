import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { ScheduleFiles } from '../../schedule/ports.js';
import { belowOrUndefined, lookUp, notAFile, partsOf, refused, toReal } from './resolve.js';
import type { Root } from './resolve.js';

/** Notebooks of schedules, and folders for what their runs write, below the root that people see. */
export function createScheduleFiles(own: Root): ScheduleFiles {
  // Another server of the same person may show hidden files; what its schedules name was seen there.
  const rootAt = (path: string) => ({ kind: 'folder' as const, path, allowHidden: true });
  return {
    root: () => (own.kind === 'none' ? undefined : own.kind === 'folder' ? own.path : own.workingDirectory),
    async notebook(root, path) {
      const real = await toReal(rootAt(root), path);
      const found = await lookUp(path, () => stat(real));
      if (!found.isFile()) throw notAFile(path);
      return real;
    },
    async output(root, place) {
      if (/^[a-z0-9]+:\/\//.test(place)) {
        throw new ProblemError('invalid', `Runs cannot write to ${place} yet. Name a folder as the output place.`);
      }
      const folder = join(root, ...partsOf(place, true));
      await lookUp(place, () => mkdir(folder, { recursive: true }));
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
