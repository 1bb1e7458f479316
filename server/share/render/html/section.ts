import type { Block, Section } from '../sharedoc.js';
import { blockHtml, type Place } from './blocks.js';
import type { PageContext } from './context.js';

/** Writes one cell: what the person wrote, and what came out. Empty where there is nothing to show. */
export async function sectionHtml(section: Section, page: PageContext, opens: boolean): Promise<string> {
  const place: Place = { cell: section.cell, opens };
  const written = await all(section.blocks, page, place);
  const outputs = await all(section.outputs, page, { ...place, opens: false });
  if (written === '' && outputs === '') return '';
  const anchor = ` id="cell-${section.cell + 1}"`;
  if (section.type === 'markdown') return `<div class="cell prose"${anchor}>${written}</div>\n`;
  if (section.type === 'raw') return `<div class="cell raw"${anchor}>${written}</div>\n`;
  return `<div class="cell"${anchor}>${input(section, written, page.hideCode)}${output(section, outputs)}</div>\n`;
}

async function all(blocks: readonly Block[], page: PageContext, place: Place): Promise<string> {
  let html = '';
  for (const [at, block] of blocks.entries())
    html += await blockHtml(block, page, at === 0 ? place : { ...place, opens: false });
  return html;
}

function input(section: Section, code: string, hideCode: boolean): string {
  if (code === '') return '';
  const count = `<div class="prompt" aria-hidden="true">[${section.count ?? '\u00a0'}]:</div>`;
  if (!hideCode && !section.folded.code) return `<div class="input">${count}${code}</div>`;
  return `<details class="fold input"><summary>Code<span class="for"> of cell ${section.cell + 1}</span></summary>${code}</details>`;
}

function output(section: Section, outputs: string): string {
  if (outputs === '') return '';
  if (!section.folded.outputs) return `<div class="output">${outputs}</div>`;
  return `<details class="fold output"><summary>Output<span class="for"> of cell ${section.cell + 1}</span></summary>${outputs}</details>`;
}
