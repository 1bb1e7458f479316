/** Everything the CLI prints goes through here: results to standard output, words about them to standard error. */

/** Prints a line of result. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a result for programs. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Prints a word to the person; never part of the result. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Rewrites one line of progress; says nothing where standard error is no terminal. */
export function progress(line: string | undefined): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(line === undefined ? '\r\u001b[K' : `\r\u001b[K${line.slice(0, process.stderr.columns)}`);
}

/**
 * Prints rows in columns as wide as their widest cell.
 *
 * @param rows - the first one is the heading
 */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => width(row[column] ?? ''))));
  for (const row of rows) {
    const cells = row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)));
    print(cells.join('  ').trimEnd());
  }
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

/** Columns a text takes on a terminal. */
function width(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

/** Text from outside, safe to print: control characters could drive the terminal. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

/** Bytes as people read them: 41 KB, 1.2 MB. */
export function bytesInWords(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${step === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[step] ?? 'B'}`;
}

/** An instant in the person's zone: 2026-11-21 09:38. */
export function localTime(instant: string): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
