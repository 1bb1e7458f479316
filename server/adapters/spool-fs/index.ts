import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../ports.js';
import type { ContentsSpool } from '../../share/ports.js';
import { onStorage } from '../../storage.js';
import { readEvent } from './entry.js';

/** Names as the front door gives them: time in nanoseconds, process id, counter. */
const NAME = /^(\d{20})-(\d+)-(\d+)\.json$/;

export interface SpoolOptions {
  /** `<home>/spool`. May be missing: then nothing waits. */
  directory: string;
  log: Log;
}

/**
 * The spool that the front doors of a home write. Files that cannot be understood are set aside into `broken/`.
 * An event may be handed over twice, here or in another process; its `id` tells.
 */
export function createContentsSpool({ directory, log }: SpoolOptions): ContentsSpool {
  async function setAside(name: string, error: unknown): Promise<void> {
    await mkdir(join(directory, 'broken'), { recursive: true });
    await rename(join(directory, name), join(directory, 'broken', name)).catch(ignoreMissing);
    log.warn({ err: error, file: name }, 'an event of the contents manager cannot be understood; set aside');
  }

  async function hand(name: string, apply: Parameters<ContentsSpool['drain']>[0]): Promise<boolean> {
    const text = await readFile(join(directory, name), 'utf8').catch(ignoreMissing);
    if (text === undefined) return false;
    let event;
    try {
      event = await readEvent(name, text);
    } catch (error) {
      await setAside(name, error);
      return false;
    }
    await apply(event);
    await rm(join(directory, name), { force: true });
    return true;
  }

  return {
    drain: apply =>
      onStorage(directory, async () => {
        let handed = 0;
        const names = (await readdir(directory).catch(ignoreMissing)) ?? [];
        for (const name of names.filter(each => NAME.test(each)).sort(byTime)) {
          if (await hand(name, apply)) handed++;
        }
        return handed;
      })
  };
}

function byTime(a: string, b: string): number {
  const [one, two] = [NAME.exec(a) ?? [], NAME.exec(b) ?? []];
  if (one[1] !== two[1]) return (one[1] ?? '') < (two[1] ?? '') ? -1 : 1;
  return Number(one[2]) - Number(two[2]) || Number(one[3]) - Number(two[3]);
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
