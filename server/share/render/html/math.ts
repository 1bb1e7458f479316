import type { KatexOptions } from 'katex';
import { escapeHtml } from './escape.js';

/** Longer formulas are shown as LaTeX. */
const MAX_TEX = 10_000;

/** Sets formulas with KaTeX, which is loaded at the first one. Macros of one cell hold in the cells after it. */
export class MathSetter {
  private katex: { renderToString(tex: string, options: KatexOptions): string } | undefined;
  private readonly macros: Record<string, string> = {};
  /** Class names in what was set: they say which fonts the page needs. */
  readonly classes = new Set<string>();

  async load(): Promise<void> {
    this.katex ??= (await import('katex')).default;
  }

  /** True once a formula was set: the page needs KaTeX's style. */
  get used(): boolean {
    return this.classes.size > 0;
  }

  /** HTML of a formula. One that cannot be set is shown as it was written. */
  html(tex: string, display: boolean): string {
    const source = understood(tex);
    if (this.katex === undefined || source.length > MAX_TEX) return asWritten(tex, display);
    try {
      const html = this.katex.renderToString(source, {
        displayMode: display,
        throwOnError: true,
        trust: false,
        strict: 'ignore',
        maxExpand: 1000,
        maxSize: 40,
        globalGroup: true,
        macros: this.macros
      });
      for (const match of html.matchAll(/class="([^"]*)"/g)) this.note(match[1] ?? '');
      return display ? `<div class="formula" tabindex="0" role="group" aria-label="Formula">${html}</div>` : html;
    } catch {
      // Not KaTeX's error alone: deep nesting ends in a stack overflow.
      return asWritten(tex, display);
    }
  }

  private note(names: string): void {
    if (this.classes.has(names)) return;
    this.classes.add(names);
  }
}

function asWritten(tex: string, display: boolean): string {
  const html = escapeHtml(tex.trim());
  return display ? `<pre class="tex">${html}</pre>` : `<code class="tex">${html}</code>`;
}

/** Writes what MathJax knows and KaTeX does not in KaTeX's words. */
function understood(tex: string): string {
  return tex
    .replace(/\\label\s*\{[^{}]{0,200}\}/g, '')
    .replace(/\\(?:eq)?ref\s*\{([^{}]{0,200})\}/g, '\\text{($1)}')
    .replace(/\\begin\{eqnarray(\*?)\}/g, '\\begin{array}{rcl}')
    .replace(/\\end\{eqnarray(\*?)\}/g, '\\end{array}')
    .replace(/\\(begin|end)\{(?:multline|displaymath|math)(\*?)\}/g, '\\$1{gather$2}')
    .replace(/\\(begin|end)\{flalign(\*?)\}/g, '\\$1{align$2}')
    .replace(/\\(?:nonumber|notag)\b(?=[^]*\\end\{array\})/g, '')
    .trim();
}
