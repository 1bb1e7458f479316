/** One of the five fields of a cron expression. */
interface Field {
  name: string;
  min: number;
  max: number;
  /** Names that stand for numbers, from `min` on. */
  names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
  },
  { name: 'day of the week', min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] }
];

const nicknames: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *'
};

/** What a cron expression means, or why it is none: a sentence that names the field and the cure. */
export type CronReading = { ok: true; cron: string } | { ok: false; message: string };

/**
 * Reads a cron expression: five fields (minute, hour, day of the month, month, day of the week) of numbers, names,
 * ranges, steps and lists, or `@hourly` to `@yearly`. Everything else that some cron takes (seconds, `L`, `W`, `#`, `?`,
 * `H`) is refused, since not every backend takes it.
 *
 * @returns the expression in one way of writing that every backend takes: numbers only, Sunday as 0, single spaces
 */
export function readCron(text: string): CronReading {
  const words = text.trim().toLowerCase().split(/\s+/);
  const [first = ''] = words;
  if (first.startsWith('@')) {
    const cron = words.length === 1 ? nicknames[first] : undefined;
    if (cron !== undefined) return { ok: true, cron };
    return refused(`does not know ${quoted(first)}. Known are ${Object.keys(nicknames).join(', ')}`);
  }
  if (words.length !== fields.length) {
    const cure =
      words.length === 6
        ? 'Leave the field of seconds out'
        : 'Write minute, hour, day of the month, month, day of the week, such as 30 7 * * 1-5';
    return refused(`needs five fields and has ${first === '' ? 0 : words.length}. ${cure}`);
  }
  const read: string[] = [];
  for (const [at, field] of fields.entries()) {
    const word = words[at] ?? '';
    const parts: string[] = [];
    for (const part of word.split(',')) {
      const reading = readPart(part, field);
      if (!reading.ok) return refused(`${field.name}: ${reading.message}`);
      parts.push(reading.cron);
    }
    read.push(parts.join(','));
  }
  return { ok: true, cron: read.join(' ') };
}

function readPart(part: string, field: Field): CronReading {
  const { min, max, names } = field;
  const [, range = '', step] = /^([^/]*)(?:\/(.*))?$/.exec(part) ?? [];
  if (step !== undefined && (!/^\d{1,2}$/.test(step) || Number(step) < 1 || Number(step) > max)) {
    return refused(`the step ${quoted(step)} must be a number from 1 to ${max}`);
  }
  const suffix = step === undefined ? '' : `/${Number(step)}`;
  if (range === '*') return { ok: true, cron: `*${suffix}` };
  const ends = range.split('-');
  const numbers = ends.map(end => numberOf(end, field));
  const wrong = ends[numbers.indexOf(undefined)];
  if (wrong !== undefined || ends.length > 2) {
    const known = `a number from ${min} to ${max}${names ? `, or ${names.join(', ')}` : ''}`;
    return refused(
      `${quoted(wrong ?? range)} must be ${known}; ranges as ${min}-${max}, lists with commas, steps as */2`
    );
  }
  const [from = min, to = from] = numbers as number[];
  if (from > to) {
    return refused(`the range ${quoted(range)} runs backwards. Write it as two: ${from}-${max},${min}-${to}`);
  }
  if (ends.length === 1 && step !== undefined) {
    return refused(`the step of ${quoted(part)} has no range. Write ${from}-${max}/${Number(step)}`);
  }
  return { ok: true, cron: field.max === 7 ? daysOfWeek(from, to, Number(step ?? 1)) : written(from, to, suffix) };
}

/** Sunday is 0 here; where a range reaches 7 its days are named one by one. */
function daysOfWeek(from: number, to: number, step: number): string {
  if (to < 7) return written(from, to, step === 1 ? '' : `/${step}`);
  const days = new Set<number>();
  for (let day = from; day <= to; day += step) days.add(day % 7);
  return [...days].sort((a, b) => a - b).join(',');
}

function written(from: number, to: number, suffix: string): string {
  return from === to ? String(from) : `${from}-${to}${suffix}`;
}

function numberOf(word: string, { min, max, names }: Field): number | undefined {
  const at = names?.indexOf(word) ?? -1;
  // Months count from 1, days of the week from 0: both from the least of their field.
  if (at >= 0) return at + min;
  if (!/^\d{1,2}$/.test(word)) return undefined;
  const number = Number(word);
  return number >= min && number <= max ? number : undefined;
}

function quoted(text: string): string {
  return text.length > 40 ? `"${text.slice(0, 40)}…"` : `"${text}"`;
}

function refused(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
