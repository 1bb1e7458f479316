import type { Value } from '../../../../contract/tables/index.js';
import type { Field, TimeUnit } from './fields.js';

/** Bytes of a binary value that are shown. */
const SHOWN_BYTES = 32;

const perSecond: Record<TimeUnit, bigint> = { MILLIS: 1_000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };
const text = new TextDecoder();

/** A raw value of a file as a grid shows it. */
export function valueOf(field: Field, raw: unknown): Value {
  const value = plain(field, raw);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

type Nested = Value | Nested[] | { [name: string]: Nested };

function plain(field: Field, raw: unknown): Nested {
  if (raw === undefined || raw === null) return null;
  const { kind, scale = 0, unit = 'MICROS', utc = false, fields } = field;
  if (kind === 'decimal' && !(typeof raw === 'string')) return decimal(integer(raw), scale);
  if (typeof raw === 'bigint' || typeof raw === 'number') {
    if (kind === 'date') return date(BigInt(raw) * 86_400n);
    if (kind === 'time') return time(BigInt(raw), unit);
    if (kind === 'timestamp') return timestamp(BigInt(raw), unit, utc);
    return number(raw);
  }
  if (raw instanceof Date) return dated(kind, raw, utc);
  if (raw instanceof Uint8Array) return bytes(kind, raw);
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (kind === 'list' && isArrayLike(raw)) {
    const element = fields?.[0];
    return Array.from(raw, each => (element ? plain(element, each) : loose(each)));
  }
  if (kind === 'struct' && fields) {
    const parts = raw as Record<string, unknown>;
    return Object.fromEntries(fields.map(each => [each.name, plain(each, parts[each.name])]));
  }
  if (kind === 'map' && fields?.[1]) {
    const [, value] = fields as [Field, Field];
    return Object.fromEntries(Object.entries(raw).map(([key, each]) => [key, plain(value, each)]));
  }
  return loose(raw);
}

/** A value of which no type is known. */
function loose(raw: unknown): Nested {
  if (raw === undefined || raw === null) return null;
  if (typeof raw === 'bigint' || typeof raw === 'number') return number(raw);
  if (raw instanceof Date) return raw.toISOString();
  if (raw instanceof Uint8Array) return bytes('binary', raw);
  if (typeof raw === 'string' || typeof raw === 'boolean') return raw;
  if (isArrayLike(raw)) return Array.from(raw, loose);
  if (typeof raw === 'object')
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, loose(value)]));
  return null;
}

function isArrayLike(raw: unknown): raw is ArrayLike<unknown> {
  return Array.isArray(raw) || (ArrayBuffer.isView(raw) && 'length' in raw);
}

function number(raw: bigint | number): Value {
  if (typeof raw === 'bigint') {
    const small = Number(raw);
    return Number.isSafeInteger(small) ? small : raw.toString();
  }
  return Number.isFinite(raw) ? raw : String(raw);
}

/** The whole number of a decimal: as such, or in bytes, the highest first. */
function integer(raw: unknown): bigint | number {
  if (typeof raw === 'bigint') return raw;
  if (typeof raw === 'number') return raw;
  if (!(raw instanceof Uint8Array) || raw.length === 0) return 0n;
  return BigInt.asIntN(raw.length * 8, BigInt(`0x${Buffer.from(raw).toString('hex')}`));
}

function decimal(raw: bigint | number, scale: number): string {
  // A library that has scaled it already gives a fraction.
  if (typeof raw === 'number' && !Number.isInteger(raw)) return raw.toFixed(scale);
  const whole = BigInt(raw);
  const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, '0');
  const sign = whole < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function bytes(kind: Field['kind'], raw: Uint8Array): Value {
  if (kind === 'string' || kind === 'json') return text.decode(raw);
  if (kind === 'interval' && raw.length === 12) {
    const view = new DataView(raw.buffer, raw.byteOffset, 12);
    const [months, days, millis] = [0, 4, 8].map(at => view.getUint32(at, true));
    return `${months ?? 0} months ${days ?? 0} days ${(millis ?? 0) / 1000} seconds`;
  }
  const hex = Buffer.from(raw.subarray(0, SHOWN_BYTES)).toString('hex');
  return kind === 'uuid' && raw.length === 16
    ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
    : `0x${hex}${raw.length > SHOWN_BYTES ? '…' : ''}`;
}

function dated(kind: Field['kind'], raw: Date, utc: boolean): string {
  if (Number.isNaN(raw.getTime())) return 'invalid time';
  const seconds = BigInt(raw.getTime());
  return kind === 'date' ? date(seconds / 1000n) : timestamp(seconds, 'MILLIS', utc);
}

/** Seconds since 1970 as a day. Years have four digits at least, and a minus before Christ. */
function date(seconds: bigint): string {
  const at = new Date(Number(seconds) * 1000);
  return Number.isNaN(at.getTime()) ? `${seconds} s` : at.toISOString().split('T')[0] ?? '';
}

function time(raw: bigint, unit: TimeUnit): string {
  const per = perSecond[unit];
  return clock(raw / per) + fraction(raw % per, unit);
}

function timestamp(raw: bigint, unit: TimeUnit, utc: boolean): string {
  const per = perSecond[unit];
  const rest = ((raw % per) + per) % per;
  const seconds = (raw - rest) / per;
  const inDay = ((seconds % 86_400n) + 86_400n) % 86_400n;
  return `${date(seconds - inDay)} ${clock(inDay)}${fraction(rest, unit)}${utc ? 'Z' : ''}`;
}

function clock(seconds: bigint): string {
  const two = (part: bigint): string => part.toString().padStart(2, '0');
  return `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
}

function fraction(rest: bigint, unit: TimeUnit): string {
  if (rest === 0n) return '';
  return `.${rest.toString().padStart(perSecond[unit].toString().length - 1, '0').replace(/0+$/, '')}`;
}
