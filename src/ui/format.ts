/** What turns an English sentence into the person's language. */
interface IText {
  __(text: string, ...values: unknown[]): string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago a time was, in few words: "just now", "3 min ago", "yesterday", "12 Mar", "12 Mar 2024". */
export function ago(instant: string, now: number, trans: IText): string {
  const time = Date.parse(instant);
  const past = now - time;
  if (past < MINUTE) return trans.__('just now');
  if (past < HOUR) return trans.__('%1 min ago', Math.floor(past / MINUTE));
  const days = civilDays(time, now);
  if (past < 12 * HOUR || days === 0) return trans.__('%1 h ago', Math.floor(past / HOUR));
  if (days === 1) return trans.__('yesterday');
  if (days < 7) return trans.__('%1 days ago', days);
  return shortDate(instant, now);
}

/** A day without its time: "12 Mar", with the year where it is another one. */
export function shortDate(instant: string, now: number): string {
  const date = new Date(instant);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return date.toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(!sameYear && { year: 'numeric' })
  });
}

/** The exact time in the person's zone, for tooltips. */
export function exactTime(instant: string): string {
  return new Date(instant).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}

/** Bytes for people: "812 B", "41 KB", "1.2 MB". */
export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${units[unit] ?? ''}`;
}

/** A whole number with separators of the person's language. */
export function wholeNumber(value: number): string {
  return value.toLocaleString();
}

/** Midnights between two times in the person's zone. */
function civilDays(from: number, to: number): number {
  const midnight = (time: number) => {
    const date = new Date(time);
    return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  };
  return Math.round((midnight(to) - midnight(from)) / DAY);
}
