import type { TypeKind } from '../../../../contract/tables/index.js';
import type { Field } from '../lake/fields.js';
import type { IcebergField, IcebergType } from './metadata.js';

/** A column of an Iceberg table, its type written as Iceberg does. */
export function fieldOf({ id, name, type, required, doc }: IcebergField): Field {
  return { name, ...typed(type), nullable: !required, id, ...(doc && { comment: doc }) };
}

function typed(type: IcebergType): Omit<Field, 'name'> {
  if (typeof type === 'string') return simple(type);
  switch (type.type) {
    case 'struct': {
      const fields = type.fields.map(fieldOf);
      return {
        type: `struct<${fields.map(each => `${each.name}: ${each.type}`).join(', ')}>`,
        kind: 'struct',
        fields
      };
    }
    case 'list': {
      const element: Field = { name: 'element', ...typed(type.element), nullable: type['element-required'] !== true };
      return { type: `list<${element.type}>`, kind: 'list', fields: [element] };
    }
    case 'map': {
      const key: Field = { name: 'key', ...typed(type.key), nullable: false };
      const value: Field = { name: 'value', ...typed(type.value), nullable: type['value-required'] !== true };
      return { type: `map<${key.type}, ${value.type}>`, kind: 'map', fields: [key, value] };
    }
  }
}

const kinds: Record<string, TypeKind> = {
  boolean: 'boolean',
  int: 'integer',
  long: 'integer',
  float: 'float',
  double: 'float',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp',
  timestamp_ns: 'timestamp',
  timestamptz_ns: 'timestamp',
  string: 'string',
  uuid: 'uuid',
  binary: 'binary',
  variant: 'json'
};

function simple(type: string): Omit<Field, 'name'> {
  const decimal = /^decimal\(\s*\d+\s*,\s*(\d+)\s*\)$/.exec(type);
  if (decimal) return { type, kind: 'decimal', scale: Number(decimal[1]) };
  const kind = kinds[type] ?? (/^(fixed|geometry|geography)/.test(type) ? 'binary' : 'other');
  if (kind === 'time') return { type, kind, unit: 'MICROS' };
  if (kind !== 'timestamp') return { type, kind };
  return { type, kind, unit: type.endsWith('_ns') ? 'NANOS' : 'MICROS', utc: type.startsWith('timestamptz') };
}
