import { join } from 'node:path';
import { createSqliteLocks } from '../../../server/adapters/sqlite-lock/index.js';
import type { Exclusive } from '../../../server/credentials/ports.js';
import type { Clock } from '../../../server/ports.js';

/** The locks of processes, each with its own connections to the same files. */
export function locksOf(directory: string, clock: Clock): { exclusive: () => Exclusive } {
  return { exclusive: () => createSqliteLocks(join(directory, 'locks'), clock) };
}
