/** What is kept. */
export interface Retention {
  /** Versions older than this go, the newest of a notebook never; a deleted notebook so long after its deletion. Days. */
  days: number;
  /** Most versions of one notebook. */
  versions: number;
  /** Most bytes on the disk over all notebooks of the home. */
  bytes: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Everything of this time is kept, then one of each hour, then one of each day. Milliseconds. */
const EVERYTHING = 2 * DAY;
const HOURLY = 30 * DAY;

/**
 * Chooses the versions of a notebook that are no longer kept.
 *
 * @param versions - all of them, newest first; `at` in milliseconds since 1970
 * @param now - for a deleted notebook the time of its deletion: its versions grow no older
 */
export function superfluous<V extends { at: number }>(versions: readonly V[], now: number, retention: Retention): V[] {
  const seen = new Set<string>();
  let kept = 0;
  return versions.filter(({ at }, place) => {
    const isFirstOfSlot = slotOf(at, now, seen);
    const isYoung = now - at <= retention.days * DAY;
    const stays = place === 0 || (isFirstOfSlot && isYoung && kept < retention.versions);
    if (stays) kept++;
    return !stays;
  });
}

/** True for the first, thus the newest version of its hour or day. */
function slotOf(at: number, now: number, seen: Set<string>): boolean {
  const age = now - at;
  if (age <= EVERYTHING) return true;
  const slot = age <= HOURLY ? `h${Math.floor(at / HOUR)}` : `d${Math.floor(at / DAY)}`;
  if (seen.has(slot)) return false;
  seen.add(slot);
  return true;
}
