import { mkdirSync, watch as watchFolder } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import type { SavedCopies, SavedCopy } from '../../history/ports.js';
import type { Clock, Log } from '../../ports.js';

/** Names as the front door gives them: time in nanoseconds, process id, counter. */
const NAME = /^(\d{20})-(\d+)-(\d+)\.save$/;

/** Longest first line of a copy. Bytes. */
const HEAD = 64 * 1024;

/** From a change to the call, and between two looks where the file system tells nothing. Milliseconds. */
const SOON = 200;
const LOOK = 5_000;

/** A copy that is still being written after this time never will be whole. Milliseconds. */
const ABANDONED = 3_600_000;

/** The first line of a copy. */
const Head = z.object({
  format: z.literal(1),
  path: z.string().refine(isAbsolute, 'must be absolute'),
  /** Milliseconds since 1970. */
  at: z.number().int(),
  kind: z.enum(['save', 'before']),
  by: z.object({ name: z.string().min(1), shown: z.string() })
});

export interface SavesOptions {
  /** `<home>/history/saves`. May be missing: then nothing waits. */
  directory: string;
  clock: Clock;
  log: Log;
}

/**
 * The copies that the front doors of a home took of saved notebooks: a line of JSON, then the notebook. What is no such
 * copy is set aside into `broken/`.
 */
export function createSavedCopies({ directory, clock, log }: SavesOptions): SavedCopies {
  async function setAside(name: string, error: unknown): Promise<void> {
    await mkdir(join(directory, 'broken'), { recursive: true });
    await rename(join(directory, name), join(directory, 'broken', name)).catch(ignoreMissing);
    log.warn({ err: error, file: name }, 'a copy of a saved notebook cannot be understood; set aside');
  }

  async function removeAbandoned(): Promise<void> {
    for (const name of await readdir(directory).catch(() => [])) {
      if (!name.endsWith('.part')) continue;
      const info = await stat(join(directory, name)).catch(() => undefined);
      if (info && info.mtimeMs < clock.now() - ABANDONED) await rm(join(directory, name), { force: true });
    }
  }

  return {
    async names() {
      const names = (await readdir(directory).catch(ignoreMissing)) ?? [];
      return names.filter(name => NAME.test(name)).sort(byTime);
    },
    async read(name) {
      const file = join(directory, name);
      try {
        return await readCopy(name, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if ((error as NodeJS.ErrnoException).code !== undefined) throw error;
        await setAside(name, error);
        return undefined;
      }
    },
    remove: name => rm(join(directory, name), { force: true }),
    watch(came) {
      let soon: NodeJS.Timeout | undefined;
      const tell = (): void => {
        soon ??= setTimeout(() => {
          soon = undefined;
          came();
        }, SOON);
      };
      const look = async (): Promise<void> => {
        if ((await this.names().catch(() => [])).length > 0) tell();
      };
      void removeAbandoned();
      void look();
      const timer = setInterval(() => void look(), LOOK);
      let watcher: ReturnType<typeof watchFolder> | undefined;
      try {
        // A disk that takes no writes has no copies to watch for, and everything else goes on.
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        watcher = watchFolder(directory, (_, name) => {
          if (name === null || NAME.test(name)) tell();
        });
        watcher.on('error', error => log.debug({ err: error }, 'saved notebooks are looked for now and then only'));
      } catch (error) {
        log.debug({ err: error }, 'saved notebooks are looked for now and then only');
      }
      return () => {
        clearInterval(timer);
        clearTimeout(soon);
        watcher?.close();
      };
    }
  };
}

async function readCopy(name: string, file: string): Promise<SavedCopy> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const head = Buffer.alloc(Math.min(size, HEAD));
    await handle.read(head, 0, head.length, 0);
    const end = head.indexOf(0x0a);
    if (end < 0) throw new Error('It has no first line.');
    const { path, at, kind, by } = Head.parse(JSON.parse(head.toString('utf8', 0, end)));
    return { name, file, path, at, kind, by, offset: end + 1, size: size - end - 1 };
  } finally {
    await handle.close();
  }
}

function byTime(a: string, b: string): number {
  const [one, two] = [NAME.exec(a) ?? [], NAME.exec(b) ?? []];
  if (one[1] !== two[1]) return (one[1] ?? '') < (two[1] ?? '') ? -1 : 1;
  return Number(one[2]) - Number(two[2]) || Number(one[3]) - Number(two[3]);
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
