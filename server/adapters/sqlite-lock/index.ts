import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ProblemError } from '../../../contract/problem.js';
import type { Exclusive } from '../../credentials/ports.js';
import type { Clock } from '../../ports.js';

/** Longest wait for another process, and how often it is looked for. Milliseconds. */
const PATIENCE = 15_000;
const LOOK = 10;
/** SQLite's result code for a file that somebody else holds. */
const BUSY = 5;

/**
 * Locks between the processes of a home: the lock of a file by SQLite, which ends with its process however that ends,
 * so nobody has to guess whether a holder is dead.
 *
 * @param directory - where the files of the locks lie; made where it is missing
 */
export function createSqliteLocks(directory: string, clock: Clock): Exclusive {
  const last = new Map<string, Promise<unknown>>();

  async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = join(directory, `${name}.lock`);
    make(file);
    const database = new DatabaseSync(file);
    try {
      await take(database, clock);
      return await work();
    } finally {
      // Closing rolls back, which gives the lock back.
      database.close();
    }
  }

  return {
    run<T>(name: string, work: () => Promise<T>): Promise<T> {
      const before = last.get(name) ?? Promise.resolve();
      const mine = before.catch(() => undefined).then(() => locked(name, work));
      last.set(name, mine);
      const forget = (): void => {
        if (last.get(name) === mine) last.delete(name);
      };
      mine.then(forget, forget);
      return mine;
    }
  };
}

/**
 * Makes the file its owner's alone: SQLite would let everybody read it. One that is there is left alone, since closing
 * it here would give back what this process has locked in it.
 */
function make(file: string): void {
  if (existsSync(file)) return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

async function take(database: DatabaseSync, clock: Clock): Promise<void> {
  const end = clock.monotonic() + PATIENCE;
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== BUSY) throw error;
      if (clock.monotonic() > end) {
        throw new ProblemError(
          'unavailable',
          'Another Lakeside of this account is busy with the same session. Try again in a moment.',
          { retryAfter: 1, cause: error }
        );
      }
      await clock.sleep(LOOK);
    }
  }
}
