import { setImmediate as turn } from 'node:timers/promises';
import type { ColumnProfile, TypeKind, Value } from '../../contract/tables/index.js';
import type { Rows } from './ports.js';

/** Most bars of a histogram, and most of the frequent values. */
const BARS = 20;
const TOP = 10;
/** Longest value that is told. */
const LONGEST = 200;

const numbers: readonly TypeKind[] = ['integer', 'decimal', 'float'];
const times: readonly TypeKind[] = ['date', 'timestamp'];

/** What the values of each column are like. Others get their turn between two columns. */
export async function profileOf({ columns, rows }: Rows, signal?: AbortSignal): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  for (const [index, column] of columns.entries()) {
    const values = rows.map(row => row[index] ?? null);
    profiles.push({ ...column, ...profileColumn(values, column.kind) });
    await turn();
    signal?.throwIfAborted();
  }
  return profiles;
}

/** What the values of one column are like. Numbers and times that are none as their kind says count as texts. */
export function profileColumn(values: readonly Value[], kind: TypeKind): Omit<ColumnProfile, 'name' | 'type' | 'kind'> {
  const present = values.filter(value => value !== null);
  const nulls = values.length - present.length;
  const counts = new Map<string, number>();
  for (const value of present) {
    const text = String(value);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const common = { nulls, distinct: counts.size };
  const measured = numbers.includes(kind) ? asNumbers(present) : times.includes(kind) ? asTimes(present) : undefined;
  if (measured !== undefined && measured.length > 0) {
    return { ...common, ...(numbers.includes(kind) ? ofNumbers(measured) : ofTimes(measured, kind)) };
  }
  return { ...common, ...extremes([...counts.keys()]), ...(counts.size > 0 && { top: topOf(counts) }) };
}

interface Measured {
  /** As it is told. */
  text: string;
  at: number;
}

/** Undefined where one of them is no number: then there is no order. NaN and infinities are left out. */
function asNumbers(values: readonly Exclude<Value, null>[]): Measured[] | undefined {
  const measured: Measured[] = [];
  for (const value of values) {
    const at = typeof value === 'number' ? value : Number(value);
    if (Number.isFinite(at) && value !== '') measured.push({ text: String(value), at });
    else if (!/^[+-]?(nan|inf(inity)?)$/i.test(String(value))) return undefined;
  }
  return measured;
}

function asTimes(values: readonly Exclude<Value, null>[]): Measured[] | undefined {
  const measured: Measured[] = [];
  for (const value of values) {
    const text = String(value);
    // A time without zone is taken as UTC: only distances matter here.
    const at = Date.parse(
      /[zZ]$|[+-]\d\d(:?\d\d)?$/.test(text.slice(10)) ? text : `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`
    );
    if (Number.isNaN(at)) return undefined;
    measured.push({ text, at });
  }
  return measured;
}

function ofNumbers(measured: readonly Measured[]): Partial<ColumnProfile> {
  const { least, greatest } = range(measured);
  const isWhole = measured.every(({ at }) => Number.isInteger(at));
  const sum = measured.reduce((total, { at }) => total + at / measured.length, 0);
  return {
    min: least.text,
    max: greatest.text,
    ...(Number.isFinite(sum) && { mean: sum }),
    histogram: histogram(measured, least, greatest, at => String(isWhole ? Math.round(at) : rounded(at)))
  };
}

function ofTimes(measured: readonly Measured[], kind: TypeKind): Partial<ColumnProfile> {
  const { least, greatest } = range(measured);
  const words = (at: number): string => {
    const iso = new Date(at).toISOString();
    return kind === 'date' ? iso.slice(0, 10) : iso.replace('.000Z', 'Z');
  };
  return { min: least.text, max: greatest.text, histogram: histogram(measured, least, greatest, words) };
}

function range(measured: readonly Measured[]): { least: Measured; greatest: Measured } {
  return measured.reduce(
    ({ least, greatest }, each) => ({
      least: each.at < least.at ? each : least,
      greatest: each.at > greatest.at ? each : greatest
    }),
    { least: measured[0] as Measured, greatest: measured[0] as Measured }
  );
}

/** Bars of equal width from the least to the greatest; one where all are equal. */
function histogram(
  measured: readonly Measured[],
  least: Measured,
  greatest: Measured,
  words: (at: number) => string
): ColumnProfile['histogram'] {
  const width = (greatest.at - least.at) / BARS;
  if (width === 0 || !Number.isFinite(width)) {
    return [{ from: least.text, to: greatest.text, count: measured.length }];
  }
  const counts = new Array<number>(BARS).fill(0);
  for (const { at } of measured) {
    const bar = Math.min(BARS - 1, Math.floor((at - least.at) / width));
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts.map((count, bar) => ({
    from: bar === 0 ? least.text : words(least.at + bar * width),
    to: bar === BARS - 1 ? greatest.text : words(least.at + (bar + 1) * width),
    count
  }));
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

function extremes(texts: readonly string[]): { min?: string; max?: string } {
  const [first, ...rest] = texts;
  if (first === undefined) return {};
  let [min, max] = [first, first];
  for (const each of rest) {
    if (each < min) min = each;
    if (each > max) max = each;
  }
  return { min: shown(min), max: shown(max) };
}

/** The most frequent, of equally frequent ones the first by name. */
function topOf(counts: ReadonlyMap<string, number>): ColumnProfile['top'] {
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, TOP)
    .map(([value, count]) => ({ value: shown(value), count }));
}

function shown(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
