import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { FileLocation, NotebookFiles } from '../../share/ports.js';

/** Notebooks that lie in memory, under contents paths. */
export interface MemoryNotebookFiles extends NotebookFiles {
  /** Saves a file, as an editor would. */
  save(path: string, content: string | Uint8Array): void;
  move(from: string, to: string): void;
  remove(path: string): void;
}

/** The root of the places of these files. They count as files of this machine, though only `copy` reaches them. */
const ROOT = 'file:';

/** @param options.maxBytes - larger notebooks are refused */
export function createMemoryNotebookFiles(options: { clock: Clock; maxBytes?: number }): MemoryNotebookFiles {
  const { clock, maxBytes = Infinity } = options;
  const files = new Map<string, { bytes: Uint8Array; modified: number }>();
  const real = (path: string): string => `/${path.replace(/^\/+/, '')}`;

  function find(path: string): { bytes: Uint8Array; modified: number } {
    const file = files.get(path);
    if (file === undefined) throw new ProblemError('file-not-found', `There is no file ${path}. Check its name.`);
    return file;
  }

  return {
    async locate(path) {
      if (path.split('/').some(part => part === '..')) {
        throw new ProblemError('path-refused', `${path} leads out of the folder you work in.`);
      }
      const { bytes, modified } = find(real(path));
      const place = { root: ROOT, path: real(path) };
      return Promise.resolve({ place, file: place.path, size: bytes.byteLength, modified } satisfies FileLocation);
    },
    async copy({ place }, target) {
      const { bytes, modified } = find(place.path);
      if (bytes.byteLength > maxBytes) {
        throw new ProblemError(
          'too-large',
          `${place.path} has ${bytes.byteLength} bytes; at most ${maxBytes} are taken.`
        );
      }
      await writeFile(target, bytes, { flag: 'wx', mode: 0o600 });
      return { size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex'), modified };
    },
    pathOf: place => Promise.resolve(place.root === ROOT ? place.path.slice(1) : undefined),
    exists: place => Promise.resolve(place.root !== ROOT || files.has(place.path)),
    save: (path, content) =>
      void files.set(real(path), {
        bytes: typeof content === 'string' ? new TextEncoder().encode(content) : Uint8Array.from(content),
        modified: clock.now()
      }),
    move(from, to) {
      files.set(real(to), find(real(from)));
      files.delete(real(from));
    },
    remove: path => void files.delete(real(path))
  };
}
