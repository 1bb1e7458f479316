import * as z from 'zod';
import { readCron } from './cron.js';

/** When a schedule is due: a cron expression, read and written in one way (see `readCron`). */
export const Cron = z
  .string()
  .max(500, 'must have at most 500 characters')
  .transform((text, context) => {
    const reading = readCron(text);
    if (reading.ok) return reading.cron;
    context.addIssue({ code: 'custom', message: reading.message });
    return z.NEVER;
  });
export type Cron = z.infer<typeof Cron>;

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A length of time as people write it: a whole number and one of s, m, h, d. At most 366 days. */
export const Duration = z
  .string()
  .regex(/^[1-9]\d{0,7}[smhd]$/, 'must be a whole number and one of s, m, h, d, such as 90s, 15m, 2h or 1d')
  .refine(text => secondsOf(text) <= 366 * units.d, 'must be at most 366d');
export type Duration = z.infer<typeof Duration>;

/** Seconds of a `Duration`. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * units[duration.slice(-1) as keyof typeof units];
}

const binary = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

/** An amount of memory in Kubernetes' way: a whole number and one of Ki, Mi, Gi, Ti. */
export const MemorySize = z
  .string()
  .regex(/^[1-9]\d{0,5}(Ki|Mi|Gi|Ti)$/, 'must be a whole number and one of Ki, Mi, Gi, Ti, such as 512Mi or 4Gi');
export type MemorySize = z.infer<typeof MemorySize>;

/** Bytes of a `MemorySize`. */
export function bytesOf(size: string): number {
  return Number(size.slice(0, -2)) * binary[size.slice(-2) as keyof typeof binary];
}

/** A day of the calendar, `2026-11-21`. */
export const CalendarDay = z.iso.date({ error: 'must be a day such as 2026-11-21' });
export type CalendarDay = z.infer<typeof CalendarDay>;

/** A time zone by its IANA name. Offsets and abbreviations are refused: they know no summer time. */
export const TimeZone = z
  .string()
  .max(100)
  .refine(isTimeZone, 'must be the name of a time zone such as Europe/Paris, Asia/Shanghai or UTC');
export type TimeZone = z.infer<typeof TimeZone>;

/** Names that were found good: asking takes a while, and lists of schedules hold the same few thousands of times. */
const knownZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!/^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+){1,2})$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    knownZones.add(name);
    return true;
  } catch {
    return false;
  }
}

/** Names of parameters: what every kernel's language takes as the name of a variable. */
export const ParameterName = z
  .string()
  .max(200, 'must have at most 200 characters')
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and _, not beginning with a digit');
export type ParameterName = z.infer<typeof ParameterName>;

/** A value of a parameter: anything JSON can say. Whole numbers beyond 2^53 would lose digits and are refused. */
export type ParameterValue = string | number | boolean | null | ParameterValue[] | { [key: string]: ParameterValue };
export const ParameterValue: z.ZodType<ParameterValue> = z.lazy(() =>
  z.union(
    [
      z
        .string()
        .max(100_000, 'must have at most 100,000 characters')
        .refine(isWellFormed, 'must be well-formed Unicode'),
      z.number().refine(isExact, 'is a whole number too large to be kept exactly; write it as text'),
      z.boolean(),
      z.null(),
      z.array(ParameterValue).max(10_000),
      z.record(z.string().max(1000), ParameterValue)
    ],
    'must be text, a number, true or false, null, a list or a map'
  )
);

function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

function isExact(number: number): boolean {
  return !Number.isInteger(number) || Number.isSafeInteger(number);
}
