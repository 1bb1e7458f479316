import type { Column, Value } from '../../../contract/tables/index.js';
import type { MemorySchemas, MemoryTable } from './tableSource.js';

const SUBJECTS =
  'order customer invoice payment shipment product supplier session event click search booking flight airport airline weather station sensor reading device account balance transfer ledger campaign click_path coupon refund ticket visit page experiment variant employee shift store region country currency rate forecast stock'.split(
    ' '
  );
const SUFFIXES =
  'fact dim daily hourly monthly raw clean snapshot history summary by_region by_store staging v2 v3'.split(' ');
const PARTS =
  'id code name type state amount count rate total created updated closed region store currency source'.split(' ');
const TYPES = [
  ['bigint', 'integer'],
  ['varchar(80)', 'string'],
  ['numeric(12,2)', 'decimal'],
  ['timestamp', 'timestamp'],
  ['double precision', 'float'],
  ['boolean', 'boolean'],
  ['date', 'date']
] as const;

/** How many tables to make up. `distinct`: each column has a name that no other has. */
export interface MadeTables {
  schemas: number;
  tables: number;
  columns: number;
  distinct?: boolean;
}

/** Makes up schemas of tables with names as companies have them. The same each time. */
export function makeTables({ schemas, tables, columns, distinct = false }: MadeTables): MemorySchemas {
  const made: MemorySchemas = new Map();
  const lists = new Map<string, Column[]>();
  for (let s = 0; s < schemas; s++) {
    const own = new Map<string, MemoryTable>();
    for (let t = 0; t < tables; t++) {
      const number = s * tables + t;
      own.set(tableName(number, t), madeTable(number, columns, distinct, lists));
    }
    made.set(schemaName(s), own);
  }
  return made;
}

function schemaName(number: number): string {
  return `${at(SUBJECTS, number)}_${String(number).padStart(3, '0')}`;
}

function tableName(number: number, within: number): string {
  const name = `${at(SUBJECTS, number * 5)}_${at(SUFFIXES, number * 3 + within)}`;
  return `${name}_${String(within).padStart(4, '0')}`;
}

function madeTable(number: number, count: number, distinct: boolean, lists: Map<string, Column[]>): MemoryTable {
  const columns = Array.from({ length: count }, (_, index): Column => {
    const [type, kind] = at(TYPES, number + index);
    const name = `${at(SUBJECTS, number + index * 5)}_${at(PARTS, number * 3 + index)}`;
    return { name: distinct ? `${name}_${number}_${index}` : name, type, kind };
  });
  // Most tables share their columns with others, and so does the memory they take.
  const key = JSON.stringify(columns);
  const shared = distinct ? columns : (lists.get(key) ?? columns);
  if (!distinct) lists.set(key, shared);
  return { columns: shared, rows: () => madeRows(shared, 250) };
}

function* madeRows(columns: readonly Column[], count: number): Iterable<Value[]> {
  for (let row = 0; row < count; row++) yield columns.map((column, index) => madeValue(column, row, index));
}

function madeValue({ kind }: Column, row: number, index: number): Value {
  const number = (row * 7919 + index * 104_729) % 1000;
  if (number % 17 === 0) return null;
  if (kind === 'integer') return number;
  if (kind === 'float') return number / 8;
  if (kind === 'decimal') return (number / 4).toFixed(2);
  if (kind === 'boolean') return number % 2 === 0;
  const day = `2026-${String((number % 12) + 1).padStart(2, '0')}-${String((number % 28) + 1).padStart(2, '0')}`;
  if (kind === 'date') return day;
  return kind === 'timestamp' ? `${day}T07:30:00Z` : `value ${number}`;
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}
