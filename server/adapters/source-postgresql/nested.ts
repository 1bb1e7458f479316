import type { Column } from '../../../contract/tables/index.js';
import type { PostgresSession } from './session.js';
import { elementOf, kindOf } from './types.js';

/** How deep composite types are followed. */
const DEPTH = 5;
/** Types that the server brings along have smaller numbers. */
const FIRST_OWN = 16_384;

interface Described {
  column: Column;
  typeId: string;
}

/** A type that people made. */
interface OwnType {
  kind: string;
  relation: string;
  element: string;
  base: string;
  /** As it is written where it is an element or a base. */
  elementName: string;
}

const isOwn = (typeId: string): boolean => Number(typeId) >= FIRST_OWN;

/** The columns of a table, with the fields of composite types and the elements of lists. */
export async function describeColumns(session: PostgresSession, relation: string): Promise<Column[]> {
  const columns = (await readAttributes(session, [relation])).get(relation) ?? [];
  await addFields(session, columns, DEPTH);
  return columns.map(({ column }) => column);
}

/** The columns of tables or composite types, by their oid. */
async function readAttributes(session: PostgresSession, relations: string[]): Promise<Map<string, Described[]>> {
  const rows = await session.query(
    `SELECT attrelid, attname, atttypid, pg_catalog.format_type(atttypid, atttypmod), attnotnull,
            pg_catalog.col_description(attrelid, attnum)
     FROM pg_catalog.pg_attribute
     WHERE attrelid = ANY($1::oid[]) AND attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum`,
    [relations]
  );
  const found = new Map<string, Described[]>();
  for (const [relation, name, typeId, type, notNull, comment] of rows) {
    const element = elementOf(type ?? '');
    const column: Column = {
      name: name ?? '',
      type: type ?? '',
      kind: kindOf(type ?? ''),
      nullable: notNull !== 't',
      ...(comment != null && { comment }),
      ...(element && { fields: [element] })
    };
    const others = found.get(relation ?? '') ?? [];
    others.push({ column, typeId: typeId ?? '' });
    found.set(relation ?? '', others);
  }
  return found;
}

/** Follows the types that people made, a level at a time. */
async function addFields(session: PostgresSession, columns: Described[], depth: number): Promise<void> {
  const own = columns.filter(({ typeId }) => isOwn(typeId));
  if (own.length === 0 || depth === 0) return;
  const types = await readTypes(session, [...new Set(own.map(({ typeId }) => typeId))]);
  const relations = [...types.values()].map(({ relation }) => relation).filter(relation => relation !== '0');
  const attributes = relations.length === 0 ? new Map<string, Described[]>() : await readAttributes(session, relations);
  const next: Described[] = [];
  for (const { column, typeId } of own) {
    const type = types.get(typeId);
    if (!type) continue;
    if (type.kind === 'c') {
      // Each column gets fields of its own: they are filled in place.
      const fields = (attributes.get(type.relation) ?? []).map(each => ({ ...each, column: { ...each.column } }));
      column.kind = 'struct';
      column.fields = fields.map(each => each.column);
      next.push(...fields);
    } else if (type.kind === 'e') {
      column.kind = 'string';
    } else if (type.element !== '0') {
      const element: Column = { name: 'element', type: type.elementName, kind: kindOf(type.elementName) };
      column.kind = 'list';
      column.fields = [element];
      next.push({ column: element, typeId: type.element });
    } else if (type.kind === 'd') {
      column.kind = kindOf(type.elementName);
      next.push({ column, typeId: type.base });
    }
  }
  await addFields(session, next, depth - 1);
}

async function readTypes(session: PostgresSession, ids: string[]): Promise<Map<string, OwnType>> {
  const rows = await session.query(
    `SELECT oid, typtype, typrelid, CASE WHEN typcategory = 'A' THEN typelem ELSE 0 END, typbasetype,
            pg_catalog.format_type(CASE WHEN typtype = 'd' THEN typbasetype ELSE typelem END, typtypmod)
     FROM pg_catalog.pg_type WHERE oid = ANY($1::oid[])`,
    [ids]
  );
  return new Map(
    rows.map(([id, kind, relation, element, base, elementName]) => [
      id ?? '',
      {
        kind: kind ?? '',
        relation: relation ?? '0',
        element: kind === 'd' ? '0' : (element ?? '0'),
        base: base ?? '0',
        elementName: elementName ?? ''
      }
    ])
  );
}
