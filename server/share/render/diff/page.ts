import { ProblemError } from '../../../../contract/problem.js';
import type { Renderer, RenderCall } from '../../ports.js';
import type { Notebook } from '../../notebook/model.js';
import type { Assets } from '../assets.js';
import { DocBuilder } from '../build/doc.js';
import type { FigureLibraries } from '../build/figures.js';
import { blockHtml } from '../html/blocks.js';
import { PageContext } from '../html/context.js';
import { escapeHtml } from '../html/escape.js';
import { PageFile } from '../html/page.js';
import type { Block } from '../sharedoc.js';
import type { Step } from './compare.js';
import { changedHtml, plainSource } from './source.js';

interface Compared {
  before: Notebook;
  after: Notebook;
  steps: readonly Step[];
  diff: Awaited<ReturnType<Renderer['diff']>>['diff'];
}

/** Writes a comparison as a self-contained document: cells side by side, what did not change folded. @returns its bytes */
export async function writeDiffPage(
  compared: Compared,
  path: string,
  options: Parameters<Renderer['diff']>[2],
  call: RenderCall,
  resources: { assets: Assets; libraries: FigureLibraries }
): Promise<number> {
  const page = new PageContext(options.title, false);
  const file = new PageFile(path);
  const writer = new DiffWriter(compared, page, resources.libraries);
  try {
    file.write(summaryHtml(compared.diff));
    file.write(
      `<div class="sides heads" aria-hidden="true"><div>${escapeHtml(options.beforeLabel)}</div><div>${escapeHtml(options.afterLabel)}</div></div>\n`
    );
    let last = performance.now();
    for (const [at, run] of runs(compared.steps).entries()) {
      file.write(await writer.run(run));
      if (call.signal?.aborted === true) throw new ProblemError('cancelled', 'Comparing was cancelled.');
      if (performance.now() - last < 50) continue;
      call.onProgress?.(at, compared.steps.length);
      await new Promise(resolve => setImmediate(resolve));
      last = performance.now();
    }
    const subtitle = `${options.beforeLabel} → ${options.afterLabel}`;
    const frame = { title: options.title, subtitle, lang: 'en', cut: undefined, diff: true };
    return file.finish(frame, page, resources.assets);
  } finally {
    file.discard();
  }
}

/** Steps in groups: unchanged ones that follow each other are one group. */
function runs(steps: readonly Step[]): Step[][] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.change.kind === 'same' && last?.[0]?.change.kind === 'same') last.push(step);
    else groups.push([step]);
  }
  return groups;
}

function summaryHtml(diff: Compared['diff']): string {
  const parts = [
    [diff.changed, 'changed'],
    [diff.added, 'added'],
    [diff.removed, 'removed'],
    [diff.moved, 'moved'],
    [diff.unchanged, 'unchanged']
  ] as const;
  const words = parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number.toLocaleString('en-US')} ${word}`);
  const metadata = diff.metadataChanged ? ' The notebook’s own metadata (kernel, language or the like) changed.' : '';
  const nothing = diff.changed + diff.added + diff.removed + diff.moved === 0;
  const sentence = nothing ? `No cell changed.` : `Cells: ${words.join(', ')}.`;
  return `<p class="summary">${sentence}${metadata}</p>\n`;
}

const MARKS = { added: '+', removed: '−', changed: '±', moved: '↕', same: '=' } as const;

class DiffWriter {
  private readonly builders: { before: DocBuilder; after: DocBuilder };

  constructor(
    private readonly compared: Compared,
    private readonly page: PageContext,
    libraries: FigureLibraries
  ) {
    this.builders = {
      before: new DocBuilder(compared.before, libraries),
      after: new DocBuilder(compared.after, libraries)
    };
  }

  async run(steps: readonly Step[]): Promise<string> {
    const first = steps[0];
    if (!first) return '';
    if (first.change.kind === 'same') return this.unchanged(steps);
    return this.change(first);
  }

  private unchanged(steps: readonly Step[]): string {
    const name = steps.length === 1 ? '1 unchanged cell' : `${steps.length.toLocaleString('en-US')} unchanged cells`;
    const sources = steps.map(step => plainSource(step.newer ?? '')).join('');
    return `<details class="fold same"><summary>${name}</summary>${sources}</details>\n`;
  }

  private async change(step: Step): Promise<string> {
    const { change } = step;
    const label = `<div class="change"><span class="mark ${change.kind}" aria-hidden="true">${MARKS[change.kind]}</span> ${escapeHtml(describe(step))}</div>`;
    return `<section class="step ${change.kind}">${label}${sourceHtml(step)}${await this.outputs(step)}</section>\n`;
  }

  /** Outputs side by side, where they changed. */
  private async outputs(step: Step): Promise<string> {
    if (step.change.outputs !== 'changed') return '';
    const before = await this.side('before', step.before);
    const after = await this.side('after', step.after);
    return before === '' && after === '' ? '' : sides(before, after);
  }

  private async side(which: 'before' | 'after', position: number | undefined): Promise<string> {
    if (position === undefined) return '';
    const section = await this.builders[which].section(this.compared[which].cell(position), position);
    return this.blocks(section.outputs, position);
  }

  private async blocks(blocks: readonly Block[], cell: number): Promise<string> {
    let html = '';
    for (const block of blocks) html += await blockHtml(block, this.page, { cell, opens: false });
    // Figures of both sides have the same numbers; nothing links to them here.
    return html.replace(/ id="figure-\d+"/g, '');
  }
}

/** What happened, in words: `Cell 4, code: source and outputs changed`. */
function describe(step: Step): string {
  const { change } = step;
  const place = (at: number | undefined): string => String((at ?? 0) + 1);
  const kind = change.type === 'markdown' ? 'text' : change.type;
  if (change.kind === 'added') return `Cell ${place(step.after)}, ${kind}: added`;
  if (change.kind === 'removed') return `Cell ${place(step.before)}, ${kind}: removed`;
  const moved = step.moved || change.kind === 'moved' ? `moved from ${place(step.before)} to ${place(step.after)}` : '';
  const what = change.source
    ? change.outputs === 'changed'
      ? 'source and outputs changed'
      : 'changed'
    : change.outputs === 'changed'
      ? 'outputs changed'
      : '';
  return `Cell ${place(step.after)}, ${kind}: ${[moved, what].filter(Boolean).join(', ')}`;
}

function sourceHtml(step: Step): string {
  const { change } = step;
  if (change.source) {
    const { before, after } = changedHtml(change.source);
    return sides(before, after);
  }
  if (change.kind === 'added') return sides('', plainSource(step.newer ?? '', 'added'));
  if (change.kind === 'removed') return sides(plainSource(step.older ?? '', 'removed'), '');
  return `<details class="fold"><summary>Source, unchanged</summary>${plainSource(step.newer ?? '')}</details>`;
}

function sides(before: string, after: string): string {
  return `<div class="sides"><div class="before">${before}</div><div class="after">${after}</div></div>`;
}
