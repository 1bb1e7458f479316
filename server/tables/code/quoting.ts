/** How a dialect of SQL writes names. */
export type SqlDialect = 'postgresql' | 'mysql' | 'duckdb' | 'spark';

/** A name of one part in quotes: whatever it holds, it stands for itself. */
export function quoted(name: string, dialect: SqlDialect): string {
  return dialect === 'mysql' || dialect === 'spark'
    ? `\`${name.replaceAll('`', '``')}\``
    : `"${name.replaceAll('"', '""')}"`;
}

/** A name of several parts, from the outermost. */
export function quotedPath(names: readonly string[], dialect: SqlDialect): string {
  return names.map(name => quoted(name, dialect)).join('.');
}
