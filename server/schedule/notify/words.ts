/** A length of time as people say it: `0.4 s`, `12 s`, `4 min 12 s`, `2 h 5 min`. */
export function inTime(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return joined(minutes, 'min', whole % 60, 's');
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A time on the clock of a zone: `Mon, 23 Nov 2026, 07:30 (Europe/Paris)`. */
export function atTime(instant: string, zone: string): string {
  try {
    return timeIn(zone, instant);
  } catch {
    // That the zone is not known here is what this notice may be about.
    return timeIn('UTC', instant);
  }
}

function timeIn(zone: string, instant: string): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit'
  }).format(new Date(instant));
  return `${words} (${zone})`;
}

/** A text on one line, with a sign where it was cut. Never cuts a character in two. */
export function oneLine(text: string, most: number): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it takes out
  return shorten(text.replace(/[\u0000-\u001f\u007f\u2028\u2029\s]+/g, ' ').trim(), most);
}

/** A text of at most so many characters, with a sign where it was cut. */
export function shorten(text: string, most: number): string {
  const clean = text.toWellFormed();
  if (clean.length <= most) return clean;
  return `${clean
    .slice(0, most - 1)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd()}…`;
}

/** The middle one of some numbers; undefined of none. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
