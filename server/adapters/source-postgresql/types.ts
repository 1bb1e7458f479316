import type { Column, TypeKind, Value } from '../../../contract/tables/index.js';

/** What PostgreSQL calls its types, by the word before any length. */
const kinds: Record<string, TypeKind> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  oid: 'integer',
  numeric: 'decimal',
  money: 'decimal',
  real: 'float',
  'double precision': 'float',
  text: 'string',
  'character varying': 'string',
  character: 'string',
  '"char"': 'string',
  name: 'string',
  citext: 'string',
  bytea: 'binary',
  'binary varying': 'binary',
  varbyte: 'binary',
  date: 'date',
  'time without time zone': 'time',
  'time with time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamp',
  interval: 'interval',
  json: 'json',
  jsonb: 'json',
  super: 'json',
  uuid: 'uuid',
  hstore: 'map'
};

/** What a type is, from how PostgreSQL writes it: `numeric(10,2)`, `text[]`. */
export function kindOf(type: string): TypeKind {
  if (type.endsWith('[]')) return 'list';
  const plain = type.replace(/\([^()]*\)/g, '').trim();
  return kinds[plain] ?? (plain.startsWith('interval') ? 'interval' : 'other');
}

/** The element of a list whose type PostgreSQL knows by itself. */
export function elementOf(type: string): Column | undefined {
  if (!type.endsWith('[]')) return undefined;
  const element = type.slice(0, -2);
  return { name: 'element', type: element, kind: kindOf(element) };
}

/** A value as a grid shows it, from the text that the server writes. */
export function valueOf(text: string | null, kind: TypeKind): Value {
  if (text === null) return null;
  switch (kind) {
    case 'boolean':
      return text === 't' || text === 'true' ? true : text === 'f' || text === 'false' ? false : text;
    case 'integer': {
      const whole = Number(text);
      return Number.isSafeInteger(whole) ? whole : text;
    }
    case 'float': {
      const number = Number(text);
      return Number.isFinite(number) ? number : text;
    }
    case 'timestamp':
      return instantOf(text);
    default:
      return text;
  }
}

/** `2024-01-31 09:00:00+00` as ISO 8601 has it. What it cannot say, such as years before 1, stays as it is. */
function instantOf(text: string): string {
  const parts = /^(\d{4,}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)(?:\+00(?::00)?)?$/.exec(text);
  if (!parts) return text;
  return `${parts[1] ?? ''}T${parts[2] ?? ''}${text.includes('+') ? 'Z' : ''}`;
}
