import type { Snippet, SourceId } from '../../../contract/tables/index.js';
import { pythonText } from './literals.js';

/** Code that reads an Iceberg table of a catalogue through pyiceberg. */
export function icebergSnippets(source: SourceId, variable: string, identifier: readonly string[]): Snippet[] {
  const name = `(${identifier.map(pythonText).join(', ')}${identifier.length === 1 ? ',' : ''})`;
  const table = `table = lakeside.get_catalog(${pythonText(source)}).load_table(${name})`;
  const snippet = (dialect: Snippet['dialect'], label: string, more: string, read: string): Snippet => ({
    dialect,
    label,
    code: `import lakeside\n${more}\n${table}\n${variable} = ${read}\n${variable}\n`,
    language: 'python'
  });
  return [
    snippet('pandas', 'pandas', '', 'table.scan(limit=100).to_pandas()'),
    snippet('arrow', 'PyArrow', '', 'table.scan(limit=100).to_arrow()'),
    snippet('polars', 'Polars', 'import polars as pl\n', 'pl.from_arrow(table.scan(limit=100).to_arrow())')
  ];
}
