import type { Snippet } from '../../../contract/tables/index.js';
import { pythonText } from './literals.js';
import { quotedPath } from './quoting.js';
import { selectOf } from './select.js';

/** Code that reads a table which only Spark can read. */
export function sparkSnippets(name: readonly string[]): Snippet[] {
  const path = quotedPath(name, 'spark');
  const session =
    'from pyspark.sql import SparkSession\n\nspark = SparkSession.builder.enableHiveSupport().getOrCreate()';
  return [
    {
      dialect: 'spark',
      label: 'Spark',
      code: `${session}\nspark.table(${pythonText(path)}).limit(100).toPandas()\n`,
      language: 'python'
    },
    { dialect: 'sql', label: 'SQL', code: `${selectOf(path, [], 'spark')};\n`, language: 'sql' }
  ];
}
