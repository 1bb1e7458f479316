import { cellMagic, kindOfCode } from './language.js';
import { tablesInSql } from './sql.js';

/** Cell magics whose body is SQL. */
const SQL_MAGIC =
  /^(sql|sparksql|spark_sql|bigquery|trino|presto|hive|impala|athena|duckdb|dremio|postgres|mysql|read_sql)$/i;
const QUERY = /^\s*(?:--[^\n]*\n\s*)*(?:select|with|from|insert|create|merge|explain|describe|show|table)\b/i;

/** Calls whose first argument names a table. */
const TABLE_CALL =
  /\b(?:spark|session|sqlContext|catalog|cat)?\.?(?:read\.)?(table|read_sql_table|load_table|readStream\.table|cacheTable|scan_iceberg|scan_delta|read_delta|forName)\(\s*(?:\w+\s*,\s*)?(?:table_name\s*=\s*|tableName\s*=\s*)?[rf]?("""|'''|"|')([^"'\n{}]{1,300})\2/g;
/** Calls whose first argument is the path of a table file. */
const FILE_CALL =
  /\b(?:read|scan)[._](csv|parquet|json|ndjson|feather|orc|excel|avro|ipc|table|text|delta|fwf|pickle|hdf|stata|sas|spss|csv2|tsv|delim|rds)(?:_auto)?\(\s*(?:path\s*=\s*|source\s*=\s*|filepath_or_buffer\s*=\s*)?[rf]?("""|'''|"|')([^"'\n{}]{1,300})\2/g;
const LOAD_CALL = /\.load\(\s*[rf]?("|')([^"'\n{}]{1,300})\1/g;

/** The tables and table files a code cell reads, as they are named there. */
export function tablesOf(source: string, language: string | undefined): string[] {
  const kind = kindOfCode(language);
  const magic = cellMagic(source);
  if (magic && SQL_MAGIC.test(magic.name)) return clean(tablesInSql(afterMagicLine(magic)));
  if (kind === 'sql') return clean(tablesInSql(source));
  if (magic && /^(bash|sh|html|javascript|js|latex|writefile|markdown|svg|perl|ruby)$/.test(magic.name)) return [];
  const code = magic ? magic.body : source;
  const found: string[] = [];
  for (const line of code.matchAll(/^[^\n#"']*%(?:sql|read_sql)\b([^\n]*)/gm))
    found.push(...tablesInSql(line[1] ?? ''));
  for (const text of stringsOf(code)) if (QUERY.test(text)) found.push(...tablesInSql(text));
  for (const call of code.matchAll(TABLE_CALL)) found.push(call[3] ?? '');
  for (const call of code.matchAll(FILE_CALL)) found.push(call[3] ?? '');
  if (/\bspark\.read\b/.test(code)) for (const call of code.matchAll(LOAD_CALL)) found.push(call[2] ?? '');
  return clean(found);
}

/** With `%%sql connection` the line is no query; with `%%sql SELECT …` it is its beginning. */
function afterMagicLine(magic: { line: string; body: string }): string {
  return QUERY.test(magic.line) ? `${magic.line}\n${magic.body}` : magic.body;
}

/** The string literals of Python-like code; comments are skipped. `{x}` of f-strings stays, so such names are dropped. */
function stringsOf(code: string): string[] {
  const strings: string[] = [];
  const literal = /#[^\n]*|"""([^]*?)"""|'''([^]*?)'''|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g;
  for (const match of code.matchAll(literal)) {
    const text = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (text !== undefined && text.length > 10) strings.push(text.replace(/\\n/g, '\n'));
  }
  return strings;
}

function clean(names: string[]): string[] {
  return [...new Set(names.map(name => name.trim()))].filter(
    // eslint-disable-next-line no-control-regex -- control characters have no place in a name
    name => name !== '' && name.length <= 300 && !/[{}\u0000-\u001f\u007f]/.test(name) && name.isWellFormed()
  );
}
