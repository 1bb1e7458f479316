import type { Snippet } from '../../../contract/tables/index.js';
import type { TableReach } from '../ports.js';
import { pythonText } from './literals.js';

/** Code that reads files of this machine, with nothing of Lakeside in it. */
export function fileSnippets(variable: string, reach: Extract<TableReach, { kind: 'files' }>): Snippet[] {
  const path = pythonText(reach.path);
  const dataset = `ds.dataset(${path}, format="${reach.format}"${reach.hive ? ', partitioning="hive"' : ''})`;
  return [
    python(
      'pandas',
      'pandas',
      `import pyarrow.dataset as ds\n\n${variable} = ${dataset}.head(100).to_pandas()`,
      variable
    ),
    python('arrow', 'PyArrow', `import pyarrow.dataset as ds\n\n${variable} = ${dataset}.head(100)`, variable),
    python('polars', 'Polars', polars(variable, reach, path, dataset), variable)
  ];
}

function polars(
  variable: string,
  reach: Extract<TableReach, { kind: 'files' }>,
  path: string,
  dataset: string
): string {
  const isFile = /\.(parquet|csv|csv\.gz)$/i.test(reach.path);
  // Its own reader takes patterns: a name with such characters, and compressed text, go through PyArrow.
  if (/[*?[\]{}\\]/.test(reach.path) || !(isFile || reach.format === 'parquet') || /\.gz$/i.test(reach.path)) {
    return `import polars as pl\nimport pyarrow.dataset as ds\n\n${variable} = pl.from_arrow(${dataset}.head(100))`;
  }
  const hive = reach.hive ? ', hive_partitioning=True' : '';
  return `import polars as pl\n\n${variable} = pl.scan_${reach.format}(${path}${hive}).head(100).collect()`;
}

function python(dialect: Snippet['dialect'], label: string, code: string, variable: string): Snippet {
  return { dialect, label, code: `${code}\n${variable}\n`, language: 'python' };
}
