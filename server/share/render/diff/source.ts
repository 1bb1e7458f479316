import type { TextRun } from '../../../../contract/share/index.js';
import { escapeHtml, revealDirection } from '../html/escape.js';

/** The source of a cell as it was typed; all of it added or removed where that is said. */
export function plainSource(source: string, kind?: 'added' | 'removed'): string {
  const text = shown(source);
  return block(kind === undefined ? text : run(kind, text));
}

/** Both sides of a changed source, with the words that differ marked. */
export function changedHtml(runs: readonly TextRun[]): { before: string; after: string } {
  const side = (other: TextRun['kind']): string =>
    block(
      runs
        .filter(({ kind }) => kind !== other)
        .map(({ kind, text }) => (kind === 'same' ? shown(text) : run(kind, shown(text))))
        .join('')
    );
  return { before: side('added'), after: side('removed') };
}

function run(kind: 'added' | 'removed', html: string): string {
  const tag = kind === 'added' ? 'ins' : 'del';
  return `<${tag}>${html}</${tag}>`;
}

function block(html: string): string {
  return `<pre class="code" tabindex="0"><code>${html}</code></pre>`;
}

function shown(text: string): string {
  return revealDirection(escapeHtml(text));
}
