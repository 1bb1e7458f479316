import type { Outbox } from '../../../schedule/notify/ports.js';
import type { Connection } from '../connection.js';
import { createChanges } from '../schedules/changes.js';
import { createEnds } from './ends.js';
import { createNotices } from './notices.js';

/**
 * Ends of runs and notices as rows.
 *
 * @param isGone - whether a worker is surely dead, so that the notices it had are free before its claim runs out
 */
export function createOutbox(connection: Connection, isGone: (worker: string) => boolean): Outbox {
  const notices = createNotices(connection, isGone);
  return { ...createEnds(connection, notices.insert, createChanges(connection).next), ...notices.outbox };
}
