import type { ColumnNames } from '../ports.js';
import type { TableEntry, TableType } from '../../../contract/tables/index.js';

/** How names travel between processes and lie in files: as text, because a text is copied in one piece. */

const letters: Record<TableType, string> = { table: 't', view: 'v', 'materialized-view': 'm', external: 'e' };
const types: Record<string, TableType> = { t: 'table', v: 'view', m: 'materialized-view', e: 'external' };

/** The letter that stands for a type before a name. */
export function letterOf(type: TableType): string {
  return letters[type];
}

/** The type that a letter stands for; `table` for any other. */
export function typeOf(letter: string | undefined): TableType {
  return types[letter ?? ''] ?? 'table';
}

/** A name that fits into a line. */
export function toLine(name: string): string {
  return /[\\\n]/.test(name) ? name.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : name;
}

/** The name of a line. */
export function fromLine(line: string): string {
  return line.includes('\\') ? line.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)) : line;
}

/** A text that fits between tabs. */
export function toField(text: string): string {
  return /[\\\n\t]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t') : text;
}

/** The text of a field. */
export function fromField(field: string): string {
  return field.includes('\\')
    ? field.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : char))
    : field;
}

/** Tables, one to a line: the letter of the type, then the name. Each line ends with a new line. */
export function namesText(entries: readonly TableEntry[]): string {
  return entries.map(({ name, type }) => `${letters[type]}${toLine(name)}\n`).join('');
}

/** Longest type that the index keeps: nested ones are of any length. */
const LONGEST_TYPE = 120;

/** Columns, a table to a line: its name, then name and type of each column, between tabs. */
export function columnsText(tables: readonly ColumnNames[]): string {
  return tables
    .map(({ table, columns }) => {
      const fields = columns.map(({ name, type }) => `\t${toField(name)}\t${toField(shortType(type))}`);
      return `${toField(table)}${fields.join('')}\n`;
    })
    .join('');
}

function shortType(type: string): string {
  return type.length > LONGEST_TYPE ? `${type.slice(0, LONGEST_TYPE - 1)}…` : type;
}
