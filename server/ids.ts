import { decodeTime, monotonicFactory } from 'ulid';
import type { Clock, Ids } from './ports.js';

/** ULIDs that only grow, also when the clock steps back or another machine's clock is ahead. */
export function createIds(clock: Clock): Ids {
  const monotonic = monotonicFactory();
  let last = '';
  return {
    next(after = '') {
      const floor = after > last ? after : last;
      let id = monotonic(clock.now());
      if (id <= floor) id = monotonic(decodeTime(floor) + 1);
      last = id;
      return id;
    }
  };
}
