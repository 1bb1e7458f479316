import { ProblemError } from '../../../contract/problem.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** From one 29 February to the next there are eight years at most. */
const LONGEST_WAIT = 8 * 366 + 1;

/** The minutes of a clock that a cron expression names. Clocks are read as milliseconds since 1970 of one in UTC. */
export class ClockMinutes {
  private readonly minutes: readonly number[];
  private readonly hours: readonly number[];
  private readonly days: ReadonlySet<number>;
  private readonly months: ReadonlySet<number>;
  private readonly weekdays: ReadonlySet<number>;
  /** Days of month and of week both named: a day is due where either names it. */
  private readonly isEither: boolean;

  /**
   * @param cron - as `readCron` writes it
   * @throws ProblemError `invalid` where it is no such thing: something else than this program has written it
   */
  constructor(cron: string) {
    const [minute = '', hour = '', day = '', month = '', weekday = ''] = cron.split(' ');
    this.minutes = numbers(minute, 0, 59);
    this.hours = numbers(hour, 0, 23);
    this.days = new Set(numbers(day, 1, 31));
    this.months = new Set(numbers(month, 1, 12));
    this.weekdays = new Set(numbers(weekday, 0, 6));
    this.isEither = day !== '*' && weekday !== '*';
    if (
      [this.minutes, this.hours, [...this.days], [...this.months], [...this.weekdays]].some(each => each.length === 0)
    ) {
      const message = `when.cron holds "${cron.slice(0, 100)}", which names no time. Correct it and save the schedule.`;
      throw new ProblemError('invalid', message, { errors: [{ field: 'when.cron', message }] });
    }
  }

  /** The first one after a reading of the clock; undefined where none ever comes. */
  after(clock: number): number | undefined {
    const today = Math.floor(clock / DAY) * DAY;
    for (let ahead = 0; ahead <= LONGEST_WAIT; ahead++) {
      const day = today + ahead * DAY;
      if (!this.isDue(day)) continue;
      const found = ahead === 0 ? this.inDay(clock - today + 1) : this.inDay(0);
      if (found !== undefined) return day + found;
    }
    return undefined;
  }

  /** The last one before a reading of the clock; undefined where there was none for years. */
  before(clock: number): number | undefined {
    const today = Math.floor(clock / DAY) * DAY;
    for (let back = 0; back <= LONGEST_WAIT; back++) {
      const day = today - back * DAY;
      if (!this.isDue(day)) continue;
      const found = this.lastInDay(back === 0 ? clock - today : DAY);
      if (found !== undefined) return day + found;
    }
    return undefined;
  }

  private isDue(day: number): boolean {
    const date = new Date(day);
    if (!this.months.has(date.getUTCMonth() + 1)) return false;
    const onDay = this.days.has(date.getUTCDate());
    const onWeekday = this.weekdays.has(date.getUTCDay());
    return this.isEither ? onDay || onWeekday : onDay && onWeekday;
  }

  /** The first at or after a time of the day, in milliseconds since its beginning. */
  private inDay(from: number): number | undefined {
    for (const hour of this.hours) {
      if ((hour + 1) * 60 * MINUTE <= from) continue;
      const minute = this.minutes.find(each => (hour * 60 + each) * MINUTE >= from);
      if (minute !== undefined) return (hour * 60 + minute) * MINUTE;
    }
    return undefined;
  }

  private lastInDay(until: number): number | undefined {
    for (const hour of this.hours.toReversed()) {
      const minute = this.minutes.findLast(each => (hour * 60 + each) * MINUTE < until);
      if (minute !== undefined) return (hour * 60 + minute) * MINUTE;
    }
    return undefined;
  }
}

/** What a field of numbers, ranges, steps and lists stands for, in order. */
function numbers(field: string, min: number, max: number): number[] {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1'] = part.split('/');
    const [from = min, to = from] = range === '*' ? [min, max] : range.split('-').map(Number);
    if (!(Number(step) > 0) || !(from >= min)) continue;
    for (let number = from; number <= Math.min(to, max); number += Number(step)) found.add(number);
  }
  return [...found].sort((a, b) => a - b);
}
