import type { Entry } from './context.js';
import { escapeHtml } from './escape.js';

/** More headings are not listed. */
const MAX_ENTRIES = 500;
/** A list of fewer headings helps nobody. */
const MIN_ENTRIES = 3;

/** The contents list, or nothing for a short page. Three levels deep, whichever those are. */
export function tocHtml(entries: readonly Entry[]): string {
  if (entries.length < MIN_ENTRIES) return '';
  const levels = [...new Set(entries.map(entry => entry.level))].sort((a, b) => a - b).slice(0, 3);
  const listed = entries
    .filter(entry => levels.includes(entry.level) && entry.text.trim() !== '')
    .slice(0, MAX_ENTRIES);
  const items = listed.map(
    entry =>
      `<li class="t${levels.indexOf(entry.level) + 1}"><a href="#${entry.id}">${escapeHtml(entry.text.slice(0, 200))}</a></li>`
  );
  return `<nav class="contents" aria-label="Contents"><details><summary>Contents</summary><ul>${items.join('')}</ul></details></nav>\n`;
}
