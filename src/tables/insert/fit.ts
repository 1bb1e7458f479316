import type { Dialect, Snippet } from '../../../contract/tables/records.js';

/** A part of a code that needs a cell of its own. */
export interface IPart {
  readonly code: string;
  /** Begins with a magic that must be first in its cell. */
  readonly isCellMagic: boolean;
}

/** The code of a dialect for Python; the first there is where a source does not have that one. */
export function snippetOf(snippets: readonly Snippet[], dialect: Dialect): Snippet | undefined {
  const runnable = snippets.filter(({ language }) => language === 'python');
  return runnable.find(each => each.dialect === dialect) ?? runnable[0] ?? snippets[0];
}

/** The statement alone, for a file of SQL; undefined where no snippet has one. */
export function statementOf(snippets: readonly Snippet[]): string | undefined {
  const own = snippets.find(each => each.language === 'sql');
  if (own) return own.code;
  const magic = snippets.find(each => each.dialect === 'sql');
  return (
    magic &&
    partsOf(magic.code)
      .at(-1)
      ?.code.replace(/^%%\w+[^\n]*\n/, '')
  );
}

/** A code as cells: what stands above a cell magic gets a cell of its own. */
export function partsOf(code: string): IPart[] {
  const at = code.search(/^%%\w/m);
  if (at < 0) return [{ code, isCellMagic: false }];
  const above = code.slice(0, at).trim();
  const magic = { code: code.slice(at), isCellMagic: true };
  return above === '' ? [magic] : [{ code: above, isCellMagic: false }, magic];
}
