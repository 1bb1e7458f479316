/** Languages whose code is looked into. */
export type CodeKind = 'python' | 'r' | 'julia' | 'sql' | 'other';

/** The kind of code a kernel's language is; Python where nothing is said, as most notebooks are. */
export function kindOfCode(language: string | undefined): CodeKind {
  const name = (language ?? 'python').toLowerCase();
  if (name.includes('python') || name === 'pyspark') return 'python';
  if (name === 'r') return 'r';
  if (name === 'julia') return 'julia';
  return name.includes('sql') ? 'sql' : 'other';
}

/** The cell magic at the start of a cell: its name, the rest of its line, and what follows. */
export function cellMagic(source: string): { name: string; line: string; body: string } | undefined {
  const match = /^\s*%%([A-Za-z_][\w.]*)([^\n]*)(?:\n([^]*))?$/.exec(source);
  if (!match) return undefined;
  return { name: match[1] ?? '', line: match[2] ?? '', body: match[3] ?? '' };
}

/** Cell magics whose body is still the kernel's own language. */
const OWN_LANGUAGE = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'spark', 'pyspark', 'local']);

/** True where the cell's magic makes it another language than the kernel's. */
export function isMagicFor(source: string, kind: CodeKind): boolean {
  const magic = kind === 'python' ? cellMagic(source) : undefined;
  return magic !== undefined && !OWN_LANGUAGE.has(magic.name);
}
