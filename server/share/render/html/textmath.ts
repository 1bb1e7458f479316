import { decodeEntities } from '../build/entities.js';
import { mathIn } from '../build/math.js';
import type { MathSetter } from './math.js';

const VERBATIM = new Set(['code', 'pre', 'kbd', 'samp', 'tt']);

/** True where foreign HTML may hold formulas in its texts. */
export function mayHoldMath(html: string): boolean {
  return html.includes('$') || html.includes('\\(') || html.includes('\\[') || html.includes('\\begin');
}

/** Sets the formulas in an escaped text between the tags of foreign HTML, as MathJax does on Jupyter's pages. */
export function setTextMath(escaped: string, tag: string, math: MathSetter, keep: (html: string) => string): string {
  if (VERBATIM.has(tag) || !mayHoldMath(escaped)) return escaped;
  const parts = mathIn(escaped);
  return parts
    .map(part => (typeof part === 'string' ? part : keep(inline(math.html(decodeEntities(part.tex), part.display)))))
    .join('');
}

/** A displayed formula inside a paragraph: the same, with elements that may stand there. */
export function inline(html: string): string {
  return html.startsWith('<div') ? `<span${html.slice(4, -6)}</span>` : html;
}
