import * as z from 'zod';
import { Instant, Ulid } from '../identifiers.js';
import { ProfileId, RoleId } from './types.js';

/** That the runs of a schedule may use a profile: who permitted it, and whether it would work now. Never a key. */
export const ScheduleGrant = z.object({
  id: Ulid,
  /** The schedule, and what it was called when it was saved. */
  schedule: Ulid,
  name: z.string(),
  profile: ProfileId,
  /** The role whose keys its runs get, whichever the person has taken meanwhile. */
  role: RoleId.optional(),
  since: Instant,
  /** `stopped`: a run that is due now would not start. */
  state: z.enum(['ready', 'stopped']),
  /** Why it is stopped and what helps, as a sentence. */
  trouble: z.string().optional(),
  /** Until when keys can be renewed, where the provider says. */
  until: Instant.optional()
});
export type ScheduleGrant = z.infer<typeof ScheduleGrant>;
