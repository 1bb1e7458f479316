import type { WikiDialect } from './ports.js';
import { readStorage } from './storage/tree.js';

/** A page taken apart at the marks of a managed region. `region` holds the marks themselves. */
export interface Parts {
  before: string;
  region: string;
  after: string;
}

/** The lines that open and close a managed region. */
export function regionMarks(dialect: WikiDialect, marker: string): { begin: string; end: string } {
  if (dialect === 'confluence')
    return { begin: anchor(`lakeside-begin-${marker}`), end: anchor(`lakeside-end-${marker}`) };
  // DokuWiki knows no comments, so its readers see the lines: in small letters.
  if (dialect === 'dokuwiki')
    return {
      begin: `<sub>//Lakeside writes from here on, edit above: ''%%lakeside:begin:${marker}%%''//</sub>`,
      end: `<sub>//Lakeside writes up to here, edit below: ''%%lakeside:end:${marker}%%''//</sub>`
    };
  return {
    begin: `<!-- lakeside:begin ${marker} Lakeside writes what stands between these two lines. Edit above or below them. -->`,
    end: `<!-- lakeside:end ${marker} -->`
  };
}

/**
 * Finds the managed region of a notebook in the text of a page. The words in the marks may have been changed or, by the
 * wiki, written otherwise; what counts is the id in them.
 *
 * @returns `absent` where there is no mark of it, `broken` where one is missing, doubled or out of order
 */
export function takeApart(body: string, dialect: WikiDialect, marker: string): Parts | 'absent' | 'broken' {
  const begins = placesOf(body, dialect, 'begin', marker);
  const ends = placesOf(body, dialect, 'end', marker);
  if (begins.length === 0 && ends.length === 0) return 'absent';
  const [begin, end] = [begins[0], ends[0]];
  if (begins.length !== 1 || ends.length !== 1 || begin === undefined || end === undefined) return 'broken';
  if (end.start < begin.end) return 'broken';
  const region = body.slice(begin.start, end.end);
  // A mark that was moved into a table or a list: what lies between holds halves of elements.
  if (dialect === 'confluence' && readStorage(region) === undefined) return 'broken';
  return { before: body.slice(0, begin.start), region, after: body.slice(end.end) };
}

/** True where a page holds a region of this notebook, whole or broken. */
export function holdsMarker(body: string, dialect: WikiDialect, marker: string): boolean {
  return takeApart(body, dialect, marker) !== 'absent';
}

/** The page with another region in the place of the one it has; everything around it stays, byte for byte. */
export function putTogether(parts: Parts, region: string): string {
  return parts.before + region + parts.after;
}

/** What stands between the marks of a region; a text without whole marks is left as it is. */
export function insideOf(region: string, dialect: WikiDialect, marker: string): string {
  const begin = placesOf(region, dialect, 'begin', marker)[0];
  const end = placesOf(region, dialect, 'end', marker).at(-1);
  if (begin === undefined || end === undefined || end.start < begin.end) return region;
  return region.slice(begin.end, end.start).replace(/^\n+|\s+$/g, '');
}

interface Place {
  start: number;
  end: number;
}

function placesOf(body: string, dialect: WikiDialect, which: 'begin' | 'end', marker: string): Place[] {
  const pattern = patternOf(dialect, which, marker);
  return [...body.matchAll(pattern)].map(match => ({ start: match.index, end: match.index + match[0].length }));
}

function patternOf(dialect: WikiDialect, which: 'begin' | 'end', marker: string): RegExp {
  const id = marker.replace(/[^A-Za-z0-9-]/g, '');
  if (dialect === 'confluence') {
    const macro = `<ac:structured-macro\\b(?=[^>]*\\bac:name="anchor")[^>]*>\\s*<ac:parameter\\b[^>]*>lakeside-${which}-${id}</ac:parameter>\\s*</ac:structured-macro>`;
    return new RegExp(`<p\\b[^>]*>\\s*${macro}\\s*</p>|${macro}`, 'g');
  }
  if (dialect === 'dokuwiki')
    return new RegExp(`^(?:<sub>)?//[^%\\n]*''%%lakeside:${which}:${id}%%''//(?:</sub>)?[ \\t]*$`, 'gm');
  return new RegExp(`<!--[ \\t]*lakeside:${which} ${id}(?![A-Za-z0-9])(?:(?!-->)[^\\n])*-->`, 'g');
}

function anchor(name: string): string {
  return `<p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">${name}</ac:parameter></ac:structured-macro></p>`;
}
