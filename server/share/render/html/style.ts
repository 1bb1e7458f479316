import { code } from './style/code.js';
import { content } from './style/content.js';
import { diff } from './style/diff.js';
import { layout } from './style/layout.js';
import { print } from './style/print.js';
import { theme } from './style/theme.js';

/** The style of every page, without blanks it does not need. */
export const pageStyle = slim([theme, layout, content, code, print]);

/** What a comparison needs beside it. */
export const diffStyle = slim([diff]);

function slim(sheets: readonly string[]): string {
  return sheets
    .join('')
    .replace(/\s*\n\s*/g, '')
    .replace(/\s*([{};])\s*/g, '$1');
}
