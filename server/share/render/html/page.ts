import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import type { Assets } from '../assets.js';
import type { PageContext } from './context.js';
import { escapeHtml } from './escape.js';
import { mathStyle } from './fonts.js';
import { diffStyle, pageStyle } from './style.js';
import { tocHtml } from './toc.js';

/** Nothing runs, nothing is loaded: what the page shows is in it. */
export const DOCUMENT_POLICY =
  "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The end and the frame of a page, known when its cells are written. */
export interface PageFrame {
  title: string;
  /** `Python 3.11 · 38 cells`, below the title. */
  subtitle: string;
  lang: string;
  /** Said at the end of the cells where a preview stops. */
  cut: string | undefined;
  /** True for a comparison of two notebooks. */
  diff?: boolean;
}

/**
 * Writes a self-contained page: the cells go to a file beside it as they come, head and contents are put before them
 * at the end, so a large notebook is never in memory as a whole.
 */
export class PageFile {
  private readonly body: string;
  private descriptor: number;
  private waiting = '';
  private flushed = 0;

  /** @param file - must not exist; `file.body` is used meanwhile */
  constructor(private readonly file: string) {
    this.body = `${file}.body`;
    this.descriptor = openSync(this.body, 'wx+');
  }

  /** Bytes of the cells so far; those that wait are counted as characters. */
  get size(): number {
    return this.flushed + this.waiting.length;
  }

  write(html: string): void {
    this.waiting += html;
    if (this.waiting.length > 512 * 1024) this.flush();
  }

  /** Puts the page together. @returns its size in bytes */
  finish(frame: PageFrame, page: PageContext, assets: Assets): number {
    this.flush();
    const target = openSync(this.file, 'wx');
    try {
      let size = writeAll(target, Buffer.from(pageHead(frame, page, assets)));
      const buffer = Buffer.allocUnsafe(1024 * 1024);
      for (let at = 0; ;) {
        const read = readSync(this.descriptor, buffer, 0, buffer.length, at);
        if (read === 0) break;
        writeAll(target, buffer.subarray(0, read));
        at += read;
        size += read;
      }
      return size + writeAll(target, Buffer.from(pageFoot(frame, page)));
    } finally {
      closeSync(target);
      this.discard();
    }
  }

  /** Removes what was written so far. */
  discard(): void {
    if (this.descriptor < 0) return;
    closeSync(this.descriptor);
    this.descriptor = -1;
    rmSync(this.body, { force: true });
  }

  private flush(): void {
    if (this.waiting === '') return;
    this.flushed += writeAll(this.descriptor, Buffer.from(this.waiting));
    this.waiting = '';
  }
}

function pageHead(frame: PageFrame, page: PageContext, assets: Assets): string {
  const math = page.math.used ? mathStyle(assets.katex, page.math.classes) : '';
  const toc = frame.diff ? '' : tocHtml(page.entries);
  const title = page.ownTitle === undefined ? `<h1>${escapeHtml(frame.title)}</h1>\n` : '';
  return `<!DOCTYPE html>
<html lang="${frame.lang}">
<head>
<meta http-equiv="Content-Security-Policy" content="${DOCUMENT_POLICY}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(frame.title)}</title>
<style>${math}${pageStyle}${frame.diff ? diffStyle : ''}</style>
</head>
<body${toc === '' ? '' : ' class="with-contents"'}>
${toc}<main${frame.diff ? ' class="diff"' : ''}>
${title === '' ? '' : `<header class="prose">${title}<p class="subtitle">${escapeHtml(frame.subtitle)}</p></header>\n`}`;
}

function pageFoot(frame: PageFrame, page: PageContext): string {
  const cut = frame.cut === undefined ? '' : `<p class="notice cut">${escapeHtml(frame.cut)}</p>\n`;
  const notes = noteList(page.notes);
  return `${cut}</main>\n${notes === '' ? '' : `<footer>${notes}</footer>\n`}</body>\n</html>\n`;
}

/** What a reader does not see here, folded. */
function noteList(notes: readonly string[]): string {
  if (notes.length === 0) return '';
  const items = notes.slice(0, 100).map(note => `<li>${escapeHtml(note)}</li>`);
  const more = notes.length > 100 ? `<li>… and ${notes.length - 100} more.</li>` : '';
  return `<details class="fold"><summary>${notes.length === 1 ? 'One thing is' : `${notes.length} things are`} not shown in full</summary><ul>${items.join('')}${more}</ul></details>`;
}

function writeAll(descriptor: number, bytes: Buffer): number {
  for (let written = 0; written < bytes.length;) written += writeSync(descriptor, bytes, written);
  return bytes.length;
}
