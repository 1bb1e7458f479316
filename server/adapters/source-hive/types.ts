import type { TypeKind } from '../../../contract/tables/index.js';
import type { Field } from '../common/lake/fields.js';

const kinds: Record<string, TypeKind> = {
  boolean: 'boolean',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  float: 'float',
  double: 'float',
  decimal: 'decimal',
  string: 'string',
  varchar: 'string',
  char: 'string',
  binary: 'binary',
  date: 'date',
  timestamp: 'timestamp',
  'timestamp with local time zone': 'timestamp',
  interval_year_month: 'interval',
  interval_day_time: 'interval',
  array: 'list',
  map: 'map',
  struct: 'struct'
};

/** Levels of a nested type that are told. */
const DEEPEST = 20;

/** A column of Hive with a type such as `struct<a:int,b:array<string>>`. */
export function hiveField(name: string, type: string, comment?: string): Field {
  return { ...typed(name, type, 0), nullable: true, ...(comment && { comment }) };
}

function typed(name: string, type: string, depth: number): Field {
  const [, head = '', inner] = /^\s*([^<(]+?)\s*(?:\(.*\))?\s*(?:<(.*)>)?\s*$/s.exec(type) ?? [];
  const kind = kinds[head.toLowerCase()] ?? 'other';
  const field: Field = { name, type, kind };
  if (inner === undefined || depth > DEEPEST) return field;
  const parts = split(inner, ',');
  if (kind === 'list') return { ...field, fields: [typed('element', inner, depth + 1)] };
  if (kind === 'map' && parts.length === 2)
    return { ...field, fields: parts.map((part, at) => typed(at === 0 ? 'key' : 'value', part, depth + 1)) };
  if (kind !== 'struct') return field;
  return {
    ...field,
    fields: parts.map(part => {
      const [fieldName = '', ...rest] = split(part, ':');
      return typed(fieldName.trim(), rest.join(':'), depth + 1);
    })
  };
}

/** Parts of a text at a mark that is in no brackets. */
function split(text: string, mark: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (const character of text) {
    if (character === '<' || character === '(') depth++;
    if (character === '>' || character === ')') depth--;
    if (character === mark && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts;
}
