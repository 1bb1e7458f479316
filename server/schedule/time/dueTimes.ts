import type { When } from '../../../contract/schedule/spec.js';
import { ClockMinutes } from './cron.js';
import { Zone } from './zone.js';
import type { Civil } from './zone.js';

const DAY = 86_400_000;

/** One time at which a schedule is due. */
export interface DueTime extends Civil {
  /** What the clocks of the zone show, or would show, as milliseconds of a clock in UTC. */
  civil: number;
}

/**
 * When a schedule is due. Lakeside's rule for clock changes, the same on every backend: a time that the clocks show
 * twice is due once, the first time; one that they skip is due at the end of the gap. Times that fall on the same
 * instant so are one.
 */
export class DueTimes {
  private readonly clock: ClockMinutes;
  private readonly zone: Zone;
  private readonly first: number;
  private readonly last: number;

  constructor(when: When) {
    this.clock = new ClockMinutes(when.cron);
    this.zone = new Zone(when.zone);
    this.first = when.start === undefined ? -Infinity : Date.parse(when.start);
    this.last = when.end === undefined ? Infinity : Date.parse(when.end) + DAY - 1;
  }

  /** The first due time after an instant; undefined where there is none any more. */
  next(after: number): DueTime | undefined {
    // Times that the zone's clocks have shown by now have had their instant.
    let civil = Math.max(this.zone.civilAt(after), this.first - 1);
    for (;;) {
      const found = this.clock.after(civil);
      if (found === undefined || found > this.last) return undefined;
      civil = found;
      const { instant, occurrence } = this.zone.instantOf(civil);
      if (instant > after) return { instant, occurrence, civil };
    }
  }

  /** The due times after `from` up to `to`, both instants, the earliest first. */
  *between(from: number, to: number): Generator<DueTime> {
    for (let due = this.next(from); due !== undefined && due.instant <= to; due = this.next(due.instant)) yield due;
  }

  /**
   * The due time before one, from which its interval begins; the same distance back as the one after it is ahead where
   * there was none.
   */
  before(due: DueTime): number {
    for (let civil = this.clock.before(due.civil); civil !== undefined && civil >= this.first;) {
      const { instant } = this.zone.instantOf(civil);
      if (instant < due.instant) return instant;
      civil = this.clock.before(civil);
    }
    const after = this.next(due.instant);
    return after === undefined ? due.instant : due.instant - (after.instant - due.instant);
  }
}
