import cronstrue from 'cronstrue';
import type { DueTime as DueTimeToTell, Times } from '../../../contract/schedule/form.js';
import type { When } from '../../../contract/schedule/spec.js';
import { DueTimes } from '../time/dueTimes.js';
import type { DueTime } from '../time/dueTimes.js';
import { Zone } from '../time/zone.js';

const MINUTE = 60_000;
/** Next times that are told. */
const SHOWN = 5;

/** What a `when` means to a person: its words and its next five times after an instant (milliseconds since 1970). */
export function timesOf(when: When, now: number): Times {
  const zone = new Zone(when.zone);
  const next: DueTimeToTell[] = [];
  for (const due of new DueTimes(when).between(now, Infinity)) {
    next.push(told(due, zone));
    if (next.length === SHOWN) break;
  }
  return { words: `${wordsOf(when.cron)}, ${when.zone}${bounds(when)}`, next };
}

function wordsOf(cron: string): string {
  const words = cronstrue.toString(cron, { use24HourTimeFormat: true, verbose: false });
  return words.replace('Monday through Friday', 'every weekday');
}

function bounds({ start, end }: When): string {
  return `${start === undefined ? '' : `, from ${start}`}${end === undefined ? '' : `, until ${end}`}`;
}

function told(due: DueTime, zone: Zone): DueTimeToTell {
  const shown = zone.civilAt(due.instant);
  const note = noteOf(due, shown);
  return {
    at: new Date(due.instant).toISOString(),
    civil: clockOf(shown),
    offset: offsetOf(shown - Math.floor(due.instant / 1000) * 1000),
    ...(note !== undefined && { note })
  };
}

function noteOf({ occurrence, civil }: DueTime, shown: number): string | undefined {
  const time = clockOf(civil).slice(11);
  if (occurrence === 'never') {
    return `Clocks go forward on this day and skip ${time}; it runs at ${clockOf(shown).slice(11)}.`;
  }
  if (occurrence === 'twice') return `Clocks go back on this day and show ${time} twice; it runs once, the first time.`;
  return undefined;
}

function clockOf(civil: number): string {
  return new Date(civil).toISOString().slice(0, 16);
}

function offsetOf(milliseconds: number): string {
  const minutes = Math.abs(Math.round(milliseconds / MINUTE));
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${milliseconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
