import type { SchemaElement, SchemaTree } from 'hyparquet';
import type { TypeKind } from '../../../../contract/tables/index.js';
import type { Field, TimeUnit } from './fields.js';

type Simple = Omit<Field, 'name'>;

/** The columns of a Parquet file. Types are named as Arrow does. */
export function fieldsOf(root: SchemaTree): Field[] {
  return root.children.map(child => fieldOf(child));
}

function fieldOf(node: SchemaTree, name = node.element.name): Field {
  const { repetition_type, field_id } = node.element;
  // Old writers repeat a value without saying that it is a list.
  if (repetition_type === 'REPEATED') {
    const element = { ...typed(node), name: 'element' };
    return { name, type: `list<${element.type}>`, kind: 'list', nullable: false, fields: [element] };
  }
  return {
    name,
    ...typed(node),
    nullable: repetition_type !== 'REQUIRED',
    ...(field_id !== undefined && { id: field_id })
  };
}

function typed(node: SchemaTree): Simple {
  const { element, children } = node;
  const says = element.logical_type?.type ?? element.converted_type;
  if (children.length === 0) return simple(element);
  const inner = children[0];
  if (says === 'LIST' && inner) {
    const isElement = inner.children.length !== 1 || inner.element.name === 'array';
    const element = isElement ? { ...typed(inner), name: 'element' } : fieldOf(inner.children[0] as SchemaTree, 'element');
    return { type: `list<${element.type}>`, kind: 'list', fields: [element] };
  }
  if ((says === 'MAP' || says === 'MAP_KEY_VALUE') && inner?.children.length === 2) {
    const [key, value] = inner.children.map((child, at) => fieldOf(child, at === 0 ? 'key' : 'value')) as [Field, Field];
    return { type: `map<${key.type}, ${value.type}>`, kind: 'map', fields: [key, value] };
  }
  if (says === 'VARIANT') return { type: 'variant', kind: 'json' };
  const fields = children.map(child => fieldOf(child));
  return { type: `struct<${fields.map(({ name, type }) => `${name}: ${type}`).join(', ')}>`, kind: 'struct', fields };
}

const units: Record<string, TimeUnit> = { MILLIS: 'MILLIS', MICROS: 'MICROS', NANOS: 'NANOS' };
const short: Record<TimeUnit, string> = { MILLIS: 'ms', MICROS: 'us', NANOS: 'ns' };

function simple({ type, type_length, logical_type, converted_type, precision, scale = 0 }: SchemaElement): Simple {
  if (logical_type?.type === 'DECIMAL' || converted_type === 'DECIMAL') {
    const places = logical_type?.type === 'DECIMAL' ? logical_type.scale : scale;
    const digits = logical_type?.type === 'DECIMAL' ? logical_type.precision : (precision ?? 0);
    return { type: `decimal(${digits}, ${places})`, kind: 'decimal', scale: places };
  }
  if (logical_type?.type === 'TIMESTAMP') {
    const { unit, isAdjustedToUTC: utc } = logical_type;
    return { type: `timestamp[${short[unit]}${utc ? ', UTC' : ''}]`, kind: 'timestamp', unit, utc };
  }
  if (logical_type?.type === 'TIME') return timeOf(logical_type.unit);
  if (logical_type?.type === 'INTEGER') {
    const { bitWidth, isSigned } = logical_type;
    return { type: `${isSigned ? '' : 'u'}int${bitWidth}`, kind: 'integer' };
  }
  const converted = /^(TIMESTAMP|TIME)_(MILLIS|MICROS)$/.exec(converted_type ?? '');
  const unit = units[converted?.[2] ?? ''];
  if (unit !== undefined)
    return converted?.[1] === 'TIME'
      ? timeOf(unit)
      : { type: `timestamp[${short[unit]}, UTC]`, kind: 'timestamp', unit, utc: true };
  const sized = /^(U?)INT_(\d+)$/.exec(converted_type ?? '');
  if (sized) return { type: `${sized[1] === 'U' ? 'u' : ''}int${sized[2] ?? ''}`, kind: 'integer' };
  const known = named[logical_type?.type ?? converted_type ?? ''];
  if (known) return known;
  return type === 'FIXED_LEN_BYTE_ARRAY'
    ? { type: `fixed_size_binary[${type_length ?? 0}]`, kind: 'binary' }
    : (physical[type ?? ''] ?? { type: 'unknown', kind: 'other' });
}

function timeOf(unit: TimeUnit): Simple {
  return { type: `time[${short[unit]}]`, kind: 'time', unit };
}

const is = (type: string, kind: TypeKind): Simple => ({ type, kind });

/** By their logical type. */
const named: Record<string, Simple> = {
  STRING: is('string', 'string'),
  UTF8: is('string', 'string'),
  ENUM: is('string', 'string'),
  DATE: is('date', 'date'),
  JSON: is('json', 'json'),
  BSON: is('bson', 'binary'),
  UUID: is('uuid', 'uuid'),
  FLOAT16: is('float16', 'float'),
  INTERVAL: is('interval', 'interval'),
  NULL: is('null', 'other'),
  GEOMETRY: is('geometry', 'binary'),
  GEOGRAPHY: is('geography', 'binary')
};

/** By how they are stored, where nothing else is said. */
const physical: Record<string, Simple> = {
  BOOLEAN: is('bool', 'boolean'),
  INT32: is('int32', 'integer'),
  INT64: is('int64', 'integer'),
  INT96: { type: 'timestamp[ns]', kind: 'timestamp', unit: 'NANOS', utc: false },
  FLOAT: is('float', 'float'),
  DOUBLE: is('double', 'float'),
  BYTE_ARRAY: is('binary', 'binary')
};
