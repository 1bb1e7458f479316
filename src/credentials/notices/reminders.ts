import type { Profile } from '../../../contract/credentials/records.js';
import { standingOf } from '../standing.js';

/** When a person is reminded, in minutes before the end. */
const MINUTES = [1, 10, 30] as const;

/** That a session ends soon. */
export interface IReminder {
  profile: Profile;
  /** The mark that was passed. */
  minutes: number;
  /** Tells this reminder from those of other sessions and other marks. */
  key: string;
}

/**
 * What a person is to be reminded of now. The last mark that was passed is told; a session that was shorter from its
 * beginning passes no mark.
 *
 * @param now - the server's time, in milliseconds since 1970
 */
export function remindersOf(profiles: readonly Profile[], now: number): IReminder[] {
  return profiles.flatMap(profile => {
    const { state, endsAt, left } = standingOf(profile, now);
    const { session } = profile;
    if (endsAt === undefined || left === undefined || session === undefined) return [];
    if (state !== 'active' && state !== 'ends-soon' && state !== 'not-renewed') return [];
    const since = session.since === undefined ? 0 : Date.parse(session.since);
    const minutes = MINUTES.find(mark => left <= mark * 60_000 && endsAt - since > mark * 60_000);
    return minutes === undefined ? [] : [{ profile, minutes, key: `${session.id}/${endsAt}/${minutes}` }];
  });
}
