import { lstat, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { FileLocation, NotebookFiles } from '../../share/ports.js';
import { copyStable, openFile, toMilliseconds } from './copy.js';
import { belowOrUndefined, partsOf, printable, toReal } from './resolve.js';
import type { Root } from './resolve.js';

export type { Root } from './resolve.js';

/** The root of places that are files of this machine. */
const FILES = 'file:';

/** Tries to open a file that is replaced again and again. */
const ATTEMPTS = 3;

export interface NotebookFilesOptions {
  root: Root;
  /** Largest notebook that is taken, in bytes. */
  maxBytes: number;
  clock: Clock;
}

/** The notebooks of the person as files. A link is followed, but never out of the root; the place is where it leads. */
export function createNotebookFiles({ root, maxBytes, clock }: NotebookFilesOptions): NotebookFiles {
  return {
    async locate(path) {
      if (root.kind === 'none') {
        const place = { root: root.name, path: partsOf(path, true).join('/') };
        return { place, file: undefined, size: 0, modified: 0 };
      }
      for (let attempt = 1; ; attempt++) {
        const file = await toReal(root, path);
        const handle = await openFile(file, path);
        if (handle === undefined && attempt < ATTEMPTS) continue;
        if (handle === undefined) {
          throw new ProblemError('file-not-found', `${printable(path)} is being replaced again and again. Try again.`);
        }
        try {
          const { size, mtimeNs } = await handle.stat({ bigint: true });
          return {
            place: { root: FILES, path: file },
            file,
            size: Number(size),
            modified: toMilliseconds(mtimeNs)
          };
        } finally {
          await handle.close();
        }
      }
    },
    copy: async (location, target, { durable = true } = {}) => {
      const { file, place } = mustBeFile(location);
      return copyStable(file, target, { name: place.path, maxBytes, durable, clock });
    },
    async exists(place) {
      // What another contents manager has is not known here; a wrong "gone" would give its page away.
      if (place.root !== FILES) return true;
      const found = await lstat(place.path).catch(() => undefined);
      return found !== undefined && !found.isDirectory();
    },
    async pathOf(place) {
      if (root.kind === 'none') return place.root === root.name ? place.path : undefined;
      if (place.root !== FILES) return undefined;
      if (root.kind === 'anywhere') return place.path;
      const folder = await realpath(root.path).catch(() => undefined);
      const parts = folder === undefined ? undefined : belowOrUndefined(folder, place.path)?.split(sep);
      const isShown = root.allowHidden || parts?.every(part => !part.startsWith('.'));
      return isShown === true ? parts?.join('/') : undefined;
    }
  };
}

function mustBeFile(location: FileLocation): FileLocation & { file: string } {
  const { file } = location;
  if (file !== undefined) return { ...location, file };
  throw new ProblemError(
    'file-not-found',
    `${printable(location.place.path)} is no file of this machine. Send its content as an upload.`
  );
}
