import { readCron } from '../../../contract/schedule/cron.js';

/** The ways of saying when that need no cron expression. Times are `HH:MM`, Sunday is day 0. */
export type CronPreset =
  | { kind: 'minute' }
  | { kind: 'hour'; minute: number }
  | { kind: 'day'; time: string }
  | { kind: 'weekdays'; time: string }
  | { kind: 'week'; time: string; days: readonly number[] }
  | { kind: 'month'; time: string; day: number };

export type PresetKind = CronPreset['kind'];

/** All of them, the most frequent first. */
export const presetKinds: readonly PresetKind[] = ['minute', 'hour', 'day', 'weekdays', 'week', 'month'];

/** The cron expression that says the same. */
export function cronOf(preset: CronPreset): string {
  switch (preset.kind) {
    case 'minute':
      return '* * * * *';
    case 'hour':
      return `${preset.minute} * * * *`;
    case 'day':
      return `${clock(preset.time)} * * *`;
    case 'weekdays':
      return `${clock(preset.time)} * * 1-5`;
    case 'week':
      return `${clock(preset.time)} * * ${[...preset.days].sort((a, b) => a - b).join(',')}`;
    case 'month':
      return `${clock(preset.time)} ${preset.day} * *`;
  }
}

/** The preset that says the same as a cron expression; undefined where there is none, or the expression is none. */
export function presetOf(text: string): CronPreset | undefined {
  const reading = readCron(text);
  if (!reading.ok) return undefined;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = reading.cron.split(' ');
  if (month !== '*') return undefined;
  const everyDay = day === '*' && weekday === '*';
  if (minute === '*') return hour === '*' && everyDay ? { kind: 'minute' } : undefined;
  if (!isNumber(minute)) return undefined;
  if (hour === '*') return everyDay ? { kind: 'hour', minute: Number(minute) } : undefined;
  if (!isNumber(hour)) return undefined;
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (everyDay) return { kind: 'day', time };
  if (weekday === '*') return isNumber(day) ? { kind: 'month', time, day: Number(day) } : undefined;
  if (day !== '*') return undefined;
  if (weekday === '1-5') return { kind: 'weekdays', time };
  const days = daysOf(weekday);
  return days && { kind: 'week', time, days };
}

/**
 * Another way of saying when, which keeps what it has in common with the one before.
 *
 * @param before - undefined where it could not be said without cron
 */
export function changeKind(before: CronPreset | undefined, kind: PresetKind): CronPreset {
  const time = before && 'time' in before ? before.time : '07:30';
  switch (kind) {
    case 'minute':
      return { kind };
    case 'hour':
      return { kind, minute: before && 'time' in before ? Number(before.time.slice(3)) : 0 };
    case 'day':
    case 'weekdays':
      return { kind, time };
    case 'week':
      return { kind, time, days: before?.kind === 'weekdays' ? [1, 2, 3, 4, 5] : [1] };
    case 'month':
      return { kind, time, day: 1 };
  }
}

/** `07:30` → `30 7`. */
function clock(time: string): string {
  return `${Number(time.slice(3))} ${Number(time.slice(0, 2))}`;
}

function isNumber(field: string): boolean {
  return /^\d+$/.test(field);
}

/** Days and ranges of days; undefined for steps and `*`. */
function daysOf(field: string): number[] | undefined {
  const days = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\d)(?:-(\d))?$/.exec(part);
    if (match === null) return undefined;
    const from = Number(match[1]);
    for (let day = from; day <= Number(match[2] ?? from); day += 1) days.add(day);
  }
  return [...days].sort((a, b) => a - b);
}
