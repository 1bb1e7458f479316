import type MarkdownIt from 'markdown-it';
import type { StateBlock, StateInline } from 'markdown-it';

/** Environments that stand for display math without delimiters around them. */
const ENVIRONMENT =
  /\\begin\{((?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|split|aligned|gathered|cases|array|matrix|[pbBvV]matrix|CD)\*?)\}/y;
/** Longer formulas are left as text. */
const MAX_TEX = 20_000;

/** In foreign HTML the search ends after so many delimiters that open nothing. */
const MAX_MISSES = 5000;

/** How many characters may still be searched for the ends of formulas: unclosed ones must not make it quadratic. */
interface MathEnvironment {
  mathBudget?: number;
}

/**
 * Teaches markdown-it the math of Jupyter: `$…$`, `$$…$$`, `\\(…\\)`, `\\[…\\]` and bare environments, as tokens
 * `math_inline` (markup `$$` where it is displayed) and `math_block` with the LaTeX as content.
 */
export function mathPlugin(md: MarkdownIt): void {
  md.inline.ruler.before('escape', 'math_inline', inlineMath);
  md.block.ruler.before('fence', 'math_block', blockMath, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
}

/** Texts and formulas of a text that is no markdown, in order. */
export function mathIn(text: string): (string | { tex: string; display: boolean })[] {
  const parts: (string | { tex: string; display: boolean })[] = [];
  const state = { src: text, env: {} };
  let from = 0;
  let misses = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 0x24 && code !== 0x5c) continue;
    const found = findMath(state, at, text.length) ?? singleBackslash(text, at);
    if (!found && ++misses > MAX_MISSES) break;
    if (!found) continue;
    parts.push(text.slice(from, at), { tex: found.tex, display: found.display });
    from = found.end;
    at = from - 1;
  }
  parts.push(text.slice(from));
  return parts;
}

/** Outside of markdown MathJax sees `\\(…\\)` with one backslash. */
function singleBackslash(text: string, at: number): Found | undefined {
  if (text.startsWith('\\(', at)) return between(text, at, text.length, '\\(', '\\)', false);
  return text.startsWith('\\[', at) ? between(text, at, text.length, '\\[', '\\]', true) : undefined;
}

interface Found {
  tex: string;
  display: boolean;
  end: number;
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const found = findMath(state, state.pos, state.posMax);
  if (!found) return false;
  if (!silent) {
    const token = state.push('math_inline', 'math', 0);
    token.content = found.tex;
    token.markup = found.display ? '$$' : '$';
  }
  state.pos = found.end;
  return true;
}

/** A formula on lines of its own: it may hold blank-free lines that markdown would take for a list or a heading. */
function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const first = state.src.charCodeAt(start);
  if ((first !== 0x24 && first !== 0x5c) || (state.sCount[startLine] ?? 0) - state.blkIndent >= 4) return false;
  const last = state.eMarks[endLine - 1] ?? state.src.length;
  const found = findMath(state, start, last);
  if (!found?.display) return false;
  const rest = state.src.indexOf('\n', found.end);
  const lineEnd = rest < 0 ? state.src.length : rest;
  if (state.src.slice(found.end, lineEnd).trim() !== '') return false;
  if (silent) return true;
  let line = startLine;
  while (line < endLine - 1 && (state.eMarks[line] ?? 0) < found.end) line++;
  const token = state.push('math_block', 'math', 0);
  token.block = true;
  token.content = found.tex;
  token.map = [startLine, line + 1];
  state.line = line + 1;
  return true;
}

/** The formula that begins at a position, if one does. */
function findMath(state: { src: string; env: unknown }, start: number, limit: number): Found | undefined {
  const source = state.src;
  const first = source.charCodeAt(start);
  if (first !== 0x24 && first !== 0x5c) return undefined;
  const environment = state.env as MathEnvironment;
  const budget = (environment.mathBudget ??= 200_000 + 8 * source.length);
  if (budget <= 0) return undefined;
  const found = first === 0x24 ? afterDollar(source, start, limit) : afterBackslash(source, start, limit);
  if (found) environment.mathBudget = budget - (found.end - start);
  else if (first === 0x24 || source.startsWith('\\begin', start) || source.startsWith('\\\\', start))
    environment.mathBudget = budget - Math.min(limit - start, MAX_TEX);
  return found;
}

function afterDollar(source: string, start: number, limit: number): Found | undefined {
  return source.charCodeAt(start + 1) === 0x24
    ? between(source, start, limit, '$$', '$$', true)
    : dollar(source, start, limit);
}

function afterBackslash(source: string, start: number, limit: number): Found | undefined {
  if (source.startsWith('\\\\(', start)) return between(source, start, limit, '\\\\(', '\\\\)', false);
  if (source.startsWith('\\\\[', start)) return between(source, start, limit, '\\\\[', '\\\\]', true);
  ENVIRONMENT.lastIndex = start;
  const name = ENVIRONMENT.exec(source)?.[1];
  if (name === undefined) return undefined;
  const closing = `\\end{${name}}`;
  const end = source.slice(start, Math.min(limit, start + MAX_TEX)).indexOf(closing);
  if (end < 0) return undefined;
  const tex = source.slice(start, start + end + closing.length);
  return { tex, display: true, end: start + tex.length };
}

function between(
  source: string,
  start: number,
  limit: number,
  open: string,
  close: string,
  display: boolean
): Found | undefined {
  const from = start + open.length;
  const end = source.slice(from, Math.min(limit, from + MAX_TEX)).indexOf(close);
  const tex = end < 0 ? '' : source.slice(from, from + end);
  return tex.trim() === '' ? undefined : { tex, display, end: from + end + close.length };
}

/**
 * `$…$` as people mean it: no blank line inside, and prices stay prices. The dollars hug the formula or both keep a
 * distance, and no digit follows.
 */
function dollar(source: string, start: number, limit: number): Found | undefined {
  const spaced = /\s/.test(source.charAt(start + 1));
  let depth = 0;
  for (let at = start + 1; at < limit && at - start < MAX_TEX; at++) {
    const code = source.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x7b) depth++;
    else if (code === 0x7d) depth--;
    else if (code === 0x0a && /^[ \t]*\n/.test(source.slice(at + 1, at + 80))) return undefined;
    else if (code === 0x24 && depth <= 0) {
      const tex = source.slice(start + 1, at);
      const hugs = /\s$/.test(tex) === spaced;
      return tex.trim() !== '' && hugs && !/[0-9]/.test(source.charAt(at + 1))
        ? { tex, display: false, end: at + 1 }
        : undefined;
    }
  }
  return undefined;
}
