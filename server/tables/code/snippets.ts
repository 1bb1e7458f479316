import type { Column, Snippet, SourceId, TableRef } from '../../../contract/tables/index.js';
import { levelsOf } from '../../../contract/tables/index.js';
import type { TableReach } from '../ports.js';
import { fileSnippets } from './files.js';
import { icebergSnippets } from './iceberg.js';
import { pythonText, survivesEditors, variableName } from './literals.js';
import { quotedPath } from './quoting.js';
import { sparkSnippets } from './spark.js';
import { selectOf } from './select.js';
import type { SqlDialect } from './quoting.js';

/**
 * Code that reads the first 100 rows of a table in every way there is for it: it runs as it stands, connecting lines
 * included, whatever characters the names hold.
 *
 * @param columns - those of the table, as far as they are known
 * @returns the best way first; several of the dialect `sql` differ in `language`
 */
export function snippetsOf(
  source: SourceId,
  ref: TableRef,
  reach: TableReach,
  columns: readonly Pick<Column, 'name'>[]
): Snippet[] {
  if (reach.kind === 'spark') return sparkSnippets(reach.name);
  const variable = variableName(ref.table);
  const [name, dialect] = sqlName(ref, reach);
  const names = columns.map(column => column.name);
  const all = selectOf(quotedPath(name, dialect), [], dialect);
  const readable = selectOf(quotedPath(name, dialect), names, dialect);
  return [
    magic(source, variable, readable),
    ...(reach.kind === 'files' && !reach.path.includes('://') ? fileSnippets(variable, reach) : []),
    ...(reach.kind === 'iceberg' ? icebergSnippets(source, variable, reach.identifier) : []),
    ...(reach.kind === 'sql' || reach.kind === 'iceberg-folder' || isBucket(reach)
      ? readings(source, variable, all)
      : []),
    { dialect: 'sql', label: 'SQL', code: `${readable};\n`, language: 'sql' }
  ];
}

function isBucket(reach: TableReach): boolean {
  return reach.kind === 'files' && reach.path.includes('://');
}

/** By which name `%%sql` knows a table. Tables of files have schemas of one part: folders within folders are joined by `/`. */
function sqlName(ref: TableRef, reach: Exclude<TableReach, { kind: 'spark' }>): [string[], SqlDialect] {
  if (reach.kind === 'sql') return [reach.name, reach.dialect];
  const levels = levelsOf(ref.schema);
  const schema = levels.join(reach.kind === 'iceberg' ? '.' : '/');
  return [schema === '' ? [ref.table] : [schema, ref.table], 'duckdb'];
}

function magic(source: SourceId, variable: string, select: string): Snippet {
  const code = survivesEditors(select)
    ? `%%sql ${variable} --source ${source}\n${select}\n`
    : reading(source, variable, select, '');
  return { dialect: 'sql', label: '%%sql', code, language: 'python' };
}

function readings(source: SourceId, variable: string, select: string): Snippet[] {
  return (
    [
      ['pandas', 'pandas', ''],
      ['arrow', 'PyArrow', ', engine="arrow"'],
      ['polars', 'Polars', ', engine="polars"']
    ] as const
  ).map(([dialect, label, engine]) => ({
    dialect,
    label,
    code: reading(source, variable, select, engine),
    language: 'python'
  }));
}

function reading(source: SourceId, variable: string, select: string, engine: string): string {
  return `import lakeside\n\n${variable} = lakeside.read_sql(${pythonText(select)}, ${pythonText(source)}${engine})\n${variable}\n`;
}
