import type { TypeKind, Value } from '../../../contract/tables/index.js';

const kinds: Record<string, TypeKind> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  year: 'integer',
  decimal: 'decimal',
  float: 'float',
  double: 'float',
  char: 'string',
  varchar: 'string',
  tinytext: 'string',
  text: 'string',
  mediumtext: 'string',
  longtext: 'string',
  enum: 'string',
  set: 'string',
  binary: 'binary',
  varbinary: 'binary',
  tinyblob: 'binary',
  blob: 'binary',
  mediumblob: 'binary',
  longblob: 'binary',
  bit: 'binary',
  vector: 'binary',
  date: 'date',
  time: 'time',
  datetime: 'timestamp',
  timestamp: 'timestamp',
  json: 'json',
  uuid: 'uuid'
};

/** What a type is, from how MySQL writes it: `decimal(10,2)`, `bigint(20) unsigned`. */
export function kindOf(type: string): TypeKind {
  if (type === 'bit(1)') return 'boolean';
  return kinds[/^[a-z]+/.exec(type)?.[0] ?? ''] ?? 'other';
}

/** A value as a grid shows it, from the text that the server writes. */
export function valueOf(bytes: Buffer | null, type: string, kind: TypeKind): Value {
  if (bytes === null) return null;
  if (type.startsWith('bit')) return bitsOf(bytes, type);
  const text = bytes.toString('utf8');
  switch (kind) {
    case 'integer': {
      const whole = Number(text);
      return Number.isSafeInteger(whole) ? whole : text;
    }
    case 'float': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'binary':
      return `\\x${text}`;
    case 'timestamp':
      return instantOf(text, type.startsWith('timestamp'));
    default:
      return text;
  }
}

/** One bit is true or false, more are digits. */
function bitsOf(bytes: Buffer, type: string): Value {
  const digits = Number(/\d+/.exec(type)?.[0] ?? '1');
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  return digits === 1 ? bits.endsWith('1') : bits.slice(-digits);
}

/** `2024-01-31 09:00:00` as ISO 8601 has it. `0000-00-00 00:00:00`, which it cannot say, stays as it is. */
export function instantOf(text: string, isUtc: boolean): string {
  const parts = /^(\d{4}-(?!00)\d\d-(?!00)\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/.exec(text);
  return parts ? `${parts[1] ?? ''}T${parts[2] ?? ''}${isUtc ? 'Z' : ''}` : text;
}
