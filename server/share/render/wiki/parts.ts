/**
 * A notebook as wikis can say it: the parts of a page, whatever dialect they are written in. Foreign HTML is among them
 * only as the text, tables and pictures it holds. Types only.
 */
import type { Picture, TableCell } from '../sharedoc.js';

export type Style = 'strong' | 'emphasis' | 'strike' | 'underline' | 'sub' | 'sup';

/** What stands in a line. Neighbouring texts are joined, and hold no line breaks. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'break' }
  | { kind: 'span'; style: Style; inner: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'link'; href: string; inner: Inline[] }
  | { kind: 'math'; tex: string; display: boolean }
  | { kind: 'picture'; picture: Picture; alt: string };

/** A cell of a table; `inner` instead of `text` where it holds more than text. */
export type Cell = Omit<TableCell, 'text'> & { inner: Inline[] };

export type Part =
  | { kind: 'heading'; level: number; id: string; inner: Inline[] }
  | { kind: 'paragraph'; inner: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Part[][] }
  | { kind: 'quote'; parts: Part[] }
  | { kind: 'code'; text: string; language: string | undefined }
  /** What a program wrote; `long` where it should not fill the page. */
  | { kind: 'text'; text: string; long: boolean }
  | { kind: 'math'; tex: string }
  | { kind: 'table'; caption: string | undefined; head: Cell[][]; body: Cell[][] }
  | { kind: 'picture'; picture: Picture; alt: string }
  | { kind: 'rule' }
  /** A sentence of Lakeside's own, set apart. */
  | { kind: 'notice'; inner: Inline[] }
  /** Small words below a table or an output. */
  | { kind: 'below'; text: string }
  | { kind: 'fold'; summary: Inline[]; parts: Part[] };

/** An attachment as an emitter refers to it. */
export interface Placed {
  name: string;
  /** In CSS pixels, where the notebook wants it smaller than it is. */
  width: number | undefined;
}

/** What an emitter asks while it writes. */
export interface Surroundings {
  /** Gives a picture its name among the attachments; undefined where the wiki does not take it. */
  place(picture: Picture): Placed | undefined;
}

/** Writes parts in the words of a wiki. Emitters differ in this alone. */
export interface Emitter {
  /** Parts one below the other. */
  write(parts: readonly Part[]): string;
  /** What goes to the end of the managed region for the tags of the page; empty where tags are no text. */
  tags(tags: readonly string[]): string;
}
