import type { Term } from './query.js';
import { fold } from './words.js';

/** Around a hit. Characters. */
const BEFORE = 60;
const LENGTH = 200;

const OPEN = '\ue000';
const CLOSE = '\ue001';

// eslint-disable-next-line no-control-regex -- asks whether there is nothing but ASCII
const ascii = /^[\u0000-\u007f]*$/;
const word = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;

/** Texts of a notebook in which a snippet is looked for, in this order. */
export type SnippetSource = readonly string[];

/**
 * A piece of the first text that holds a hit, with every hit in it between U+E000 and U+E001.
 *
 * @returns undefined where no text holds one
 */
export function snippetOf(sources: SnippetSource, terms: readonly Term[]): string | undefined {
  for (const source of sources) {
    const start = firstHit(source, terms);
    if (start !== undefined) return mark(windowAt(source, start), terms);
  }
  return undefined;
}

/** Where the first hit begins. Looks for the letters first: reading a long text word by word is slow. */
function firstHit(text: string, terms: readonly Term[]): number | undefined {
  const pattern = patternOf(terms);
  const found = pattern.exec(text);
  if (found) return found.index;
  if (ascii.test(text) || !pattern.test(fold(text))) return undefined;
  for (const match of text.matchAll(word)) {
    if (pattern.test(fold(match[0]))) return match.index;
  }
  return undefined;
}

/** Finds what a term stands for in folded text. */
function patternOf(terms: readonly Term[], flags = ''): RegExp {
  const choices = terms.flatMap(({ words, marks, prefix }) => {
    if (marks !== words) return marks;
    return words.map((each, index) => {
      const open = prefix && index === words.length - 1;
      return `(?<![\\p{L}\\p{N}])${each}${open ? '[\\p{L}\\p{N}\\p{M}]*' : '(?![\\p{L}\\p{N}])'}`;
    });
  });
  return new RegExp(choices.join('|'), `iu${flags}`);
}

/** A piece of the text that begins and ends between words where it can. */
function windowAt(text: string, hit: number): string {
  let start = Math.max(0, hit - BEFORE);
  if (start > 0) {
    const space = text.slice(start, hit).search(/\s/u);
    start = space === -1 ? start : start + space + 1;
  }
  let end = Math.min(text.length, start + LENGTH);
  if (end < text.length) {
    const space = text.slice(start, end).search(/\s\S*$/u);
    if (start + space > hit) end = start + space;
  }
  // Never in the middle of a pair of surrogates.
  const piece = text.slice(start, end).toWellFormed().replaceAll('\ufffd', '');
  return `${start > 0 ? '… ' : ''}${piece.replace(/\s+/gu, ' ').trim()}${end < text.length ? ' …' : ''}`;
}

/** Puts the marks around hits; marks that the text itself holds are dropped. */
function mark(text: string, terms: readonly Term[]): string {
  const clean = text.replace(/[\ue000\ue001]/g, '');
  const pattern = patternOf(terms);
  const every = patternOf(terms, 'g');
  return clean.replace(word, match => {
    const exact = match.replace(every, hit => OPEN + hit + CLOSE);
    return exact === match && pattern.test(fold(match)) ? OPEN + match + CLOSE : exact;
  });
}
