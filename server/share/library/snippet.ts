import { createHits } from './hits.js';
import type { Hit, Hits } from './hits.js';
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
 * Prepares snippets for one search: from the texts of a notebook a piece of the first that holds a hit, with every hit
 * in it between U+E000 and U+E001; undefined where no text holds one.
 */
export function createSnippets(terms: readonly Term[]): (sources: SnippetSource) => string | undefined {
  const hits = createHits(terms);
  return sources => {
    for (const source of sources) {
      const start = firstHit(source, hits);
      if (start !== undefined) return mark(windowAt(source, start), hits);
    }
    return undefined;
  };
}

/** Where the first hit begins. Looks for the letters first: reading a long text word by word is slow. */
function firstHit(text: string, hits: Hits): number | undefined {
  const found = hits.first(text);
  if (found) return found.start;
  if (ascii.test(text) || !hits.first(fold(text))) return undefined;
  for (const match of text.matchAll(word)) {
    if (hits.first(fold(match[0]))) return match.index;
  }
  return undefined;
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
function mark(text: string, hits: Hits): string {
  const clean = text.replace(/[\ue000\ue001]/g, '');
  return clean.replace(word, match => {
    const found = hits.all(match);
    if (found.length > 0) return markAll(match, found);
    return !ascii.test(match) && hits.first(fold(match)) ? OPEN + match + CLOSE : match;
  });
}

function markAll(text: string, hits: readonly Hit[]): string {
  let marked = '';
  let at = 0;
  for (const { start, end } of hits) {
    marked += text.slice(at, start) + OPEN + text.slice(start, end) + CLOSE;
    at = end;
  }
  return marked + text.slice(at);
}
