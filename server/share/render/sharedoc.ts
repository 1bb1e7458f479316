/**
 * ShareDoc: a notebook as what a reader sees, in blocks that say what they are. The viewer's HTML is one emitter of it;
 * wikis are others. Types only.
 */
import type { Token } from 'markdown-it';
import type { Figure } from '../../../contract/share/index.js';
import type { CellType } from '../notebook/model.js';

/** A heading. Ids of headings are given by the emitter, which knows what else is on its page. */
export interface HeadingBlock {
  kind: 'heading';
  level: number;
  /** Inline tokens of markdown-it. */
  inline: Token[];
  text: string;
  pictures: ReadonlyMap<string, Picture>;
}

/**
 * Prose as markdown-it tokens, with `math_inline` and `math_block` among them. Links are judged already.
 * `html_inline` and `html_block` hold foreign HTML as it was written: an emitter sanitises or drops it.
 */
export interface MarkdownBlock {
  kind: 'markdown';
  tokens: Token[];
  /** True where there is foreign HTML among the tokens. */
  html: boolean;
  /** By the address that image tokens and foreign HTML use for them. */
  pictures: ReadonlyMap<string, Picture>;
}

/** A formula on a line of its own, as LaTeX without delimiters. */
export interface MathBlock {
  kind: 'math';
  tex: string;
}

export interface CodeBlock {
  kind: 'code';
  text: string;
  /** Name of the language as highlighters know it; undefined for plain text. */
  language: string | undefined;
  /** The cell magic in front of code in that language (`%%sql db`), as its own line. */
  magic?: string;
}

/** Text that a program wrote. May hold colours as ANSI SGR sequences, no other control characters. */
export interface TextBlock {
  kind: 'text';
  origin: 'stdout' | 'stderr' | 'result';
  /** Head and, after a cut, tail; `omitted` lines are missing between them. */
  head: string;
  tail?: string;
  omitted?: number;
}

export interface TableCell {
  text: string;
  header?: boolean;
  columns?: number;
  rows?: number;
  align?: 'left' | 'center' | 'right';
  /** Harmless CSS declarations, already filtered. */
  style?: string;
}

/** A plain text for the plain cells, which are nearly all. */
export type TableRow = (string | TableCell)[];

export interface TableBlock {
  kind: 'table';
  caption?: string;
  head: TableRow[];
  body: TableRow[];
  /** What stands below: `4,320 rows × 12 columns`. */
  footer?: string;
  /** Rows left out of the body before position `at`. */
  omitted?: { rows: number; at: number };
  omittedColumns?: number;
}

/** A picture, content-addressed: its bytes as base64, verified and of the type they say. */
export interface Picture {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/svg+xml';
  base64: string;
  width?: number;
  height?: number;
  /** True where it may be see-through and was drawn for white paper. */
  paper: boolean;
}

export interface ImageBlock {
  kind: 'image';
  picture: Picture;
  alt: string;
}

/** Sanitised HTML: nothing in it runs, loads or covers the page. */
export interface HtmlBlock {
  kind: 'html';
  html: string;
}

export interface ErrorBlock {
  kind: 'error';
  /** `ZeroDivisionError: division by zero`, one line. */
  summary: string;
  /** The whole, with ANSI colours. */
  traceback: string;
}

/** A sentence of Lakeside's own: what was cut, is missing or cannot be shown. */
export interface NoticeBlock {
  kind: 'notice';
  tone: 'cut' | 'missing' | 'info';
  text: string;
  /** An address the sentence speaks of, http or https. */
  link?: string;
}

/** An interactive figure: what the notebook holds of it that stands still, else nothing. */
export interface FigureBlock {
  kind: 'figure';
  figure: Figure;
  /** "Plotly chart", "Vega-Lite chart", "Bokeh plot", "interactive output". */
  label: string;
  /** The title the figure itself has. */
  title?: string;
  still: Block[];
}

export type Block =
  | HeadingBlock
  | MarkdownBlock
  | MathBlock
  | CodeBlock
  | TextBlock
  | TableBlock
  | ImageBlock
  | HtmlBlock
  | ErrorBlock
  | NoticeBlock
  | FigureBlock;

/** What one cell became. */
export interface Section {
  /** Position of the cell, from 0. */
  cell: number;
  type: CellType;
  /** The number in `[3]`. */
  count: number | undefined;
  /** What the person wrote: prose, or one block of code. */
  blocks: Block[];
  outputs: Block[];
  /** What the author folded away in JupyterLab. */
  folded: { code: boolean; outputs: boolean };
}

/** What the document says about the notebook as a whole. */
export interface DocHead {
  /** Highlighter's name of the kernel's language. */
  language: string | undefined;
  cells: number;
}
