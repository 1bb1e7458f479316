import type { HLJSApi } from 'highlight.js';
import { escapeHtml, revealDirection } from './escape.js';
import { grammars } from './grammars.js';

/** Longer code is shown without colours. */
const MAX_CODE = 60_000;

/** Colours code; loads the highlighter at its first use and each language at its own. */
export class Highlighter {
  private library: HLJSApi | undefined;
  private readonly ready = new Set<string>();

  /** Loads what a language needs. Unknown ones need nothing. */
  async load(language: string | undefined): Promise<void> {
    if (language === undefined || this.ready.has(language)) return;
    const load = Object.hasOwn(grammars, language) ? grammars[language] : undefined;
    if (!load) return;
    this.library ??= (await import('highlight.js/lib/core')).default;
    this.library.registerLanguage(language, (await load()).default);
    this.ready.add(language);
  }

  /** HTML of code in a language that was loaded; plain where it was not. */
  html(code: string, language: string | undefined): string {
    const known = language !== undefined && this.ready.has(language) && code.length <= MAX_CODE;
    return revealDirection(
      known && this.library ? this.library.highlight(code, { language, ignoreIllegals: true }).value : escapeHtml(code)
    );
  }
}
