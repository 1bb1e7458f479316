import { CST, Lexer, Parser } from 'yaml';

/** Something that would make reading a file take for ever, or overflow: where, and a clause about it. */
export interface Excess {
  /** From the beginning of the text. */
  offset: number;
  sentence: string;
}

/** How deep lists and maps may stand in each other. */
const DEEPEST = 64;
/** The most pieces of YAML in a file. */
const MOST_PIECES = 400_000;

const openers = new Set(['{', '[']);
const closers = new Set(['}', ']']);
/** Each opens a block within the block, where several stand in one line. */
const nesting = new Set(['-', '?', ':']);
/** Marks of the lexer, which stand for no text. */
const marks = new Set<string>([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/**
 * Looks whether a text is one that a reader of YAML can read in time that grows with its length: not nested deeply, not
 * of endlessly many pieces, and not one error after the other. Whether it is right is not looked at.
 */
export function excessOf(text: string): Excess | undefined {
  return tooDeep(text) ?? brokenEarly(text);
}

function tooDeep(text: string): Excess | undefined {
  let offset = 0;
  let depth = 0;
  let inLine = 0;
  let pieces = 0;
  let isScalar = false;
  for (const piece of new Lexer().lex(text)) {
    if (marks.has(piece)) {
      isScalar = piece === CST.SCALAR;
      continue;
    }
    if (!isScalar) {
      if (openers.has(piece)) depth++;
      else if (closers.has(piece)) depth--;
      else if (nesting.has(piece)) inLine++;
      else if (piece.includes('\n')) inLine = 0;
      if (depth < 0) return { offset, sentence: `this is not YAML: there is a ${piece} too many` };
    }
    isScalar = false;
    if (depth > DEEPEST || inLine > DEEPEST) {
      return { offset, sentence: `lists and maps stand in each other more than ${DEEPEST} deep` };
    }
    if (++pieces > MOST_PIECES) {
      return { offset, sentence: 'the file is too long. Divide it into several' };
    }
    offset += piece.length;
  }
  return undefined;
}

/** What is broken at the top: one such error is enough. */
function brokenEarly(text: string): Excess | undefined {
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') return { offset: token.offset, sentence: `this is not YAML: ${token.message}` };
  }
  return undefined;
}
