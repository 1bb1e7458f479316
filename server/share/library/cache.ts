import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { onStorage } from '../../storage.js';
import type { Clock } from '../../ports.js';

/** An entry that was used so recently is left alone: somebody may be reading it. Milliseconds. */
const IN_USE = 10 * 60_000;

/** Unfinished entries older than this are of processes that died. Milliseconds. */
const ABANDONED = 3_600_000;

/** How often the size is looked at. Milliseconds. */
const CHECK_EVERY = 60_000;

export interface CacheOptions {
  /** A folder of its own; made when needed. Many processes may use it at once. */
  directory: string;
  /** About how much is kept, in bytes; the longest unused goes first. */
  maxBytes: number;
  clock: Clock;
}

/** Files that can be made again, in a folder per key. */
export interface Cache {
  /**
   * The folder of a key, made if it is not there. Of several who ask at once, one makes it.
   *
   * @param make - writes the files into the folder it is given; the signal is raised when nobody waits any more
   * @param signal - raised when this caller does not wait any more
   */
  folder(
    key: string,
    make: (folder: string, signal: AbortSignal) => Promise<void>,
    signal?: AbortSignal
  ): Promise<string>;
  /** Removes what is too much or was left unfinished. */
  trim(): Promise<void>;
}

interface Flight {
  done: Promise<string>;
  waiting: number;
  abort: AbortController;
}

/** A cache in a folder: entries appear by a rename, so they are whole or not there. */
export function createCache({ directory, maxBytes, clock }: CacheOptions): Cache {
  const flights = new Map<string, Flight>();
  let checkedAt = -Infinity;

  /** Notes that an entry is used. False where there is none. */
  async function touch(folder: string): Promise<boolean> {
    const now = clock.now() / 1000;
    return utimes(folder, now, now).then(
      () => true,
      () => false
    );
  }

  async function build(key: string, make: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(directory, key);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const work = await mkdtemp(join(directory, '+'));
    try {
      await make(work);
      await syncAll(work);
      // Another process may have been faster; its entry is as good.
      const cause = await rename(work, folder).catch((error: unknown) => error);
      if (!(await touch(folder))) throw new Error(`${folder} could not be put in place.`, { cause });
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    if (clock.monotonic() - checkedAt > CHECK_EVERY) await trim();
    return folder;
  }

  async function trim(): Promise<void> {
    checkedAt = clock.monotonic();
    const now = clock.now();
    const entries = await Promise.all(
      (await readdir(directory).catch(() => [])).map(async name => ({
        name,
        ...(await measure(join(directory, name)))
      }))
    );
    let total = 0;
    for (const { name, used, size } of entries.sort((a, b) => b.used - a.used)) {
      const unfinished = name.startsWith('+');
      total += size;
      const tooMuch = total > maxBytes && now - used > IN_USE;
      if (unfinished ? now - used > ABANDONED : tooMuch) {
        await rm(join(directory, name), { recursive: true, force: true });
      }
    }
  }

  function start(key: string, make: (folder: string, signal: AbortSignal) => Promise<void>): Flight {
    const abort = new AbortController();
    const done = onStorage(directory, () => build(key, folder => make(folder, abort.signal)));
    const flight = { done, waiting: 0, abort };
    const land = (): void => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    done.then(land, land);
    flights.set(key, flight);
    return flight;
  }

  return {
    async folder(key, make, signal) {
      const folder = join(directory, key);
      if (await touch(folder)) return folder;
      let flight = flights.get(key);
      if (flight === undefined || flight.abort.signal.aborted) flight = start(key, make);
      flight.waiting++;
      try {
        return await untilAborted(flight.done, signal);
      } finally {
        if (--flight.waiting === 0) flight.abort.abort();
      }
    },
    trim
  };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new ProblemError('cancelled', 'The request was given up.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** Without this a crash of the machine could leave an entry that is there, but empty. */
async function syncAll(folder: string): Promise<void> {
  for (const name of [...(await readdir(folder, { recursive: true })), '.']) {
    const handle = await open(join(folder, name), 'r');
    await handle.sync().finally(() => handle.close());
  }
}

async function measure(folder: string): Promise<{ used: number; size: number }> {
  try {
    const { mtimeMs } = await stat(folder);
    const names = await readdir(folder, { recursive: true });
    const sizes = await Promise.all(names.map(async name => (await stat(join(folder, name))).size));
    return { used: mtimeMs, size: sizes.reduce((sum, size) => sum + size, 0) };
  } catch {
    return { used: Infinity, size: 0 };
  }
}

/** A file as a stream that opens it only when it is read. */
export async function* readLazily(file: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}
