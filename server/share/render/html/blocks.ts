import type { Block, CodeBlock, ErrorBlock, FigureBlock, NoticeBlock, TextBlock } from '../sharedoc.js';
import { ansiHtml, plainText } from './ansi.js';
import type { PageContext } from './context.js';
import { escapeHtml } from './escape.js';
import { placeHeadings } from './foreign.js';
import { inlineHtml, markdownHtml, pictureTag } from './markdown.js';
import { cuts, tableHtml } from './table.js';

/** Where a block stands. */
export interface Place {
  /** Position of the cell, from 0. */
  cell: number;
  /** True where nothing stands before it on the page. */
  opens: boolean;
}

/** Writes one block. Notes on what it lacks go to the page. */
export async function blockHtml(block: Block, page: PageContext, place: Place): Promise<string> {
  switch (block.kind) {
    case 'heading': {
      const { id, level } = page.heading(block.text, block.level, place.opens);
      return `<h${level} id="${id}" class="h${block.level}">${await inlineHtml(block.inline, block.pictures, page)}</h${level}>`;
    }
    case 'markdown':
      return markdownHtml(block, page, place.opens);
    case 'math':
      await page.math.load();
      return page.math.html(block.tex, true);
    case 'code':
      return codeHtml(block, page, place);
    case 'text':
      return textHtml(block, page, place);
    case 'table':
      for (const cut of cuts(block)) page.note(`Cell ${place.cell + 1}: ${cut}.`);
      return tableHtml(block, page);
    case 'image':
      return `<figure>${pictureTag(block.picture, block.alt)}</figure>`;
    case 'html':
      return `<div class="foreign scroll" role="region" tabindex="0" aria-label="Output ${page.number('output')}">${placeHeadings(block.html, page, { listed: false, opens: false })}</div>`;
    case 'error':
      return errorHtml(block, place);
    case 'notice':
      if (block.tone !== 'info')
        page.note(`Cell ${place.cell + 1}: ${block.text}${block.link === undefined ? '' : ` ${block.link}`}`);
      return noticeHtml(block);
    case 'figure':
      return figureHtml(block, page, place);
  }
}

async function codeHtml(block: CodeBlock, page: PageContext, place: Place): Promise<string> {
  await page.code.load(block.language);
  const magic = block.magic === undefined ? '' : `<span class="magic">${escapeHtml(block.magic)}</span>\n`;
  return `<pre class="code" tabindex="0" role="group" aria-label="Code of cell ${place.cell + 1}"><code>${magic}${page.code.html(block.text, block.language)}</code></pre>`;
}

function textHtml(block: TextBlock, page: PageContext, place: Place): string {
  const name = `${block.origin === 'stderr' ? 'Messages' : 'Output'} of cell ${place.cell + 1}`;
  const long = block.omitted !== undefined || lineCount(block.head) > 40;
  const open = `<pre class="text ${block.origin}${long ? ' long' : ''}" tabindex="0" role="group" aria-label="${name}">`;
  if (block.omitted === undefined) return `${open}${ansiHtml(block.head)}</pre>`;
  const lines = `${block.omitted.toLocaleString('en-US')} lines omitted`;
  const missing = `${lines}, open the full notebook`;
  page.note(`Cell ${place.cell + 1}: ${missing}.`);
  const text = `${ansiHtml(block.head)}\n<span class="omitted">… ${lines} …</span>\n${ansiHtml(block.tail ?? '')}`;
  return `${open}${text}</pre><p class="below">${missing}</p>`;
}

function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= 40; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** The last line stays visible, the way there is folded. */
function errorHtml(block: ErrorBlock, place: Place): string {
  const summary = `<span class="error-name">${escapeHtml(plainText(block.summary))}</span>`;
  if (block.traceback.trim() === '') return `<div class="error"><p>${summary}</p></div>`;
  return `<details class="error"><summary>${summary}</summary><pre class="text" tabindex="0" role="group" aria-label="Traceback of cell ${place.cell + 1}">${ansiHtml(block.traceback)}</pre></details>`;
}

function noticeHtml(block: NoticeBlock): string {
  const link =
    block.link === undefined
      ? ''
      : ` <a href="${escapeHtml(block.link)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(block.link)}</a>`;
  return `<p class="notice ${block.tone}">${escapeHtml(block.text)}${link}</p>`;
}

async function figureHtml(block: FigureBlock, page: PageContext, place: Place): Promise<string> {
  const { number } = block.figure;
  const title = block.title === undefined ? '' : ` “${block.title}”`;
  const caption = `Figure ${number}: ${block.label}${title}`;
  if (block.still.length === 0) {
    page.note(`Cell ${place.cell + 1}: figure ${number} is interactive and the notebook holds no picture of it.`);
    return `<figure class="live" id="figure-${number}"><div class="placeholder">${escapeHtml(caption)}<br><small>Interactive; the notebook holds no picture of it.</small></div></figure>`;
  }
  let still = '';
  for (const part of block.still) still += await blockHtml(part, page, place);
  return `<figure class="live" id="figure-${number}">${still.replace(/^<figure>([^]*)<\/figure>$/, '$1')}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}
