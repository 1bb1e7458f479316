import { code } from './style/code.js';
import { content } from './style/content.js';
import { layout } from './style/layout.js';
import { print } from './style/print.js';
import { theme } from './style/theme.js';

/** The style of every page, without blanks it does not need. */
export const pageStyle = [theme, layout, content, code, print]
  .join('')
  .replace(/\s*\n\s*/g, '')
  .replace(/\s*([{};])\s*/g, '$1');
