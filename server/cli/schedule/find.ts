import type { Client } from '../../../contract/client.js';
import { Ulid } from '../../../contract/identifiers.js';
import { ProblemError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import type { ScheduleSummary } from '../../../contract/schedule/index.js';
import { nearest } from '../../nearest.js';
import { plain } from '../output.js';

/** The caller's schedules. */
export async function allSchedules(client: Client, deleted = false): Promise<ScheduleSummary[]> {
  const { schedules } = await client.call(routes.schedule.list, { query: deleted ? { deleted: 'true' } : {} });
  return schedules;
}

/**
 * Finds one of the caller's schedules.
 *
 * @param given - its name or id
 * @param deleted - look among the deleted ones
 * @throws ProblemError `not-found` with the nearest name; `conflict` where several have the name
 */
export async function findSchedule(client: Client, given: string, deleted = false): Promise<ScheduleSummary> {
  const all = await allSchedules(client, deleted);
  const byId = Ulid.safeParse(given).success ? all.find(({ schedule }) => schedule.id === given) : undefined;
  if (byId !== undefined) return byId;
  const named = all.filter(({ schedule }) => schedule.spec.name === given);
  const [found] = named;
  if (found !== undefined && named.length === 1) return found;
  if (found !== undefined) {
    const ids = named.map(({ schedule }) => schedule.id).join(', ');
    throw new ProblemError('conflict', `${named.length} schedules are called "${plain(given)}". Say which: ${ids}`);
  }
  const near = nearest(
    given.slice(0, 200),
    all.map(({ schedule }) => schedule.spec.name)
  );
  const hint = near === undefined ? 'See: lakeside schedule list' : `Did you mean "${plain(near)}"?`;
  throw new ProblemError(
    'not-found',
    `There is no ${deleted ? 'deleted ' : ''}schedule "${plain(given)}" of yours. ${hint}`
  );
}
