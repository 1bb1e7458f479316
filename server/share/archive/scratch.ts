import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports.js';
import { onStorage } from '../../storage.js';

/** What processes that died have left behind is removed after so long. Milliseconds. */
const ABANDONED = 24 * 3_600_000;

/**
 * Runs something with a folder of its own, which is removed at the end.
 *
 * @param directory - where such folders are made; made when needed, used for nothing else
 */
export function withScratch<T>(directory: string, clock: Clock, work: (folder: string) => Promise<T>): Promise<T> {
  return onStorage(directory, async () => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(directory)) {
      const info = await stat(join(directory, name)).catch(() => undefined);
      if (info && clock.now() - info.mtimeMs > ABANDONED) {
        await rm(join(directory, name), { recursive: true, force: true });
      }
    }
    const folder = await mkdtemp(join(directory, 'work-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
