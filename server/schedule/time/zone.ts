import { ProblemError } from '../../../contract/problem.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How a time on a zone's clocks stands to instants: it comes `once`, `twice` (clocks set back) or `never` (set forward). */
export type Occurrence = 'once' | 'twice' | 'never';

/** The instant that stands for a time on a zone's clocks. */
export interface Civil {
  /** Milliseconds since 1970. */
  instant: number;
  occurrence: Occurrence;
}

/**
 * A time zone. Times on its clocks ("civil") are given as the milliseconds since 1970 that the same reading of a clock
 * in UTC would have.
 */
export class Zone {
  private readonly format: Intl.DateTimeFormat;

  /**
   * @param name - IANA name
   * @throws ProblemError `invalid` where this machine does not know it; another one, or a newer Node, may
   */
  constructor(readonly name: string) {
    this.format = formatOf(name);
  }

  /** What the clocks show at an instant, in whole seconds. */
  civilAt(instant: number): number {
    // By its text, which takes a third of the time of its parts.
    const [month = 1, day = 1, year = 0, hour = 0, minute = 0, second = 0] = this.format
      .format(instant)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /**
   * The instant at which something is done that is due at a time of the clocks: the first where the time comes twice,
   * the end of the gap where it does not come at all.
   */
  instantOf(civil: number): Civil {
    // No zone changes twice within two days, so the offsets a day before and after are the only two there can be.
    const earlier = this.offsetAt(civil - 24 * HOUR);
    const later = this.offsetAt(civil + 24 * HOUR);
    if (earlier === later) return { instant: civil - earlier, occurrence: 'once' };
    const real = [civil - earlier, civil - later].filter(instant => this.civilAt(instant) === civil);
    if (real.length > 0) return { instant: Math.min(...real), occurrence: real.length > 1 ? 'twice' : 'once' };
    return { instant: this.gapEnd(civil), occurrence: 'never' };
  }

  /** The first instant at which the clocks show a later time than this one, which they never show. */
  private gapEnd(civil: number): number {
    let before = civil - 26 * HOUR;
    let after = civil + 26 * HOUR;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (this.civilAt(middle) > civil) after = middle;
      else before = middle;
    }
    return after;
  }

  private offsetAt(instant: number): number {
    const second = Math.floor(instant / 1000) * 1000;
    return this.civilAt(second) - second;
  }
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric'
    });
  } catch (error) {
    const message = `when.zone names "${name.slice(0, 100)}", a time zone that this machine does not know. Choose another one and save the schedule.`;
    throw new ProblemError('invalid', message, { errors: [{ field: 'when.zone', message }], cause: error });
  }
}
