import type { TranslationBundle } from '@jupyterlab/translation';
import { exactTime, shortDate } from '../ui/format.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** When something will be, in few words: "in a moment", "in 12 min", "today 07:30", "tomorrow 07:30", "Mon 07:30". */
export function soon(instant: string, now: number, trans: TranslationBundle): string {
  const wait = Date.parse(instant) - now;
  if (wait < MINUTE) return trans.__('in a moment');
  if (wait < 60 * MINUTE) return trans.__('in %1 min', Math.round(wait / MINUTE));
  return dayAndTime(instant, now, trans);
}

/** A time by its day: "today 07:30", "yesterday 07:30", "Mon 07:30" within a week, else "12 Mar 07:30". */
export function dayAndTime(instant: string, now: number, trans: TranslationBundle): string {
  const date = new Date(instant);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const days = midnights(now, date.getTime());
  if (days === 0) return trans.__('today %1', time);
  if (days === 1) return trans.__('tomorrow %1', time);
  if (days === -1) return trans.__('yesterday %1', time);
  if (days > 1 && days < 7) return `${date.toLocaleDateString(undefined, { weekday: 'short' })} ${time}`;
  return `${shortDate(instant, now)} ${time}`;
}

/** The exact time in the person's zone and, where its clock shows another time then, in the schedule's zone. */
export function exactIn(instant: string, zone: string): string {
  const here = exactTime(instant);
  const there = inZone(instant, zone);
  return there === undefined || there === inZone(instant, undefined) ? here : `${here}\n${there} ${zone}`;
}

function inZone(instant: string, timeZone: string | undefined): string | undefined {
  try {
    return new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  } catch {
    // A zone that this browser does not know: the person's own stands alone.
    return undefined;
  }
}

/** Midnights from one time to another in the person's zone; less than nothing for the past. */
function midnights(from: number, to: number): number {
  const midnight = (time: number) => {
    const date = new Date(time);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / DAY);
}
