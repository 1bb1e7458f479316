import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from './adapters/clock-system/index.js';
import { createSavedCopies } from './adapters/saves-fs/index.js';
import type { Config } from './config.js';
import type { Usage } from './history/ports.js';
import type { Log } from './ports.js';

/** How the history of a home stands, as the doctor tells it. */
export interface HistoryStanding {
  /** Undefined where nothing was ever kept. */
  usage: Usage | undefined;
  /** Copies of saved notebooks that are no versions yet, and when the oldest was made (milliseconds since 1970). */
  waiting: number;
  since: number | undefined;
  /** Copies that could not be understood. */
  broken: number;
}

/**
 * Looks at the history of a home. Makes none where there is none.
 *
 * @throws ProblemError where the database of the history cannot be read
 */
export async function lookAtHistory({ config, log }: { config: Config; log: Log }): Promise<HistoryStanding> {
  const folder = join(config.home, 'history');
  const saves = join(folder, 'saves');
  const names = await createSavedCopies({ directory: saves, clock: systemClock, log }).names();
  const broken = await readdir(join(saves, 'broken')).catch(() => []);
  const usage = await usageOf(join(folder, 'history.db'));
  // Names begin with the time of the save in nanoseconds.
  const since = names[0] === undefined ? undefined : Number(BigInt(names[0].slice(0, 20)) / 1_000_000n);
  return { usage, waiting: names.length, since, broken: broken.length };
}

async function usageOf(file: string): Promise<Usage | undefined> {
  if (!existsSync(file)) return undefined;
  const { createHistoryStore } = await import('./adapters/sqlite-state/history/index.js');
  const store = createHistoryStore(file);
  try {
    return store.usage();
  } finally {
    store.close();
  }
}
