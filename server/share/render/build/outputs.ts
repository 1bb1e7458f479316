import type { Figure } from '../../../../contract/share/index.js';
import { isObject, objectAt, own, stringAt, textOf, type JsonObject } from '../../notebook/json.js';
import { cellOutputs } from '../../notebook/model.js';
import { isDisplay } from '../../notebook/normalise.js';
import type { Block, ErrorBlock, ImageBlock } from '../sharedoc.js';
import { describe, findFigure, hasPlainForm, isLoader, type FigureLibraries } from './figures.js';
import { visibleText, type HtmlReader } from './html.js';
import type { MarkdownReader } from './markdown.js';
import { rasterPicture, svgPicture } from './picture.js';
import { embeddedFrame } from './table.js';
import { screenText, textBlock } from './text.js';
import { WIDGET_VIEW, type WidgetStates } from './widgets.js';

const RASTER = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
/** JSON up to so many characters is shown as code, longer one as text that can be cut. */
const MAX_JSON = 20_000;

export interface OutputContext {
  cell: number;
  markdown: () => Promise<MarkdownReader>;
  html: HtmlReader;
  widgets: WidgetStates;
  libraries: FigureLibraries;
  /** All figures so far; this cell's are added. */
  figures: Figure[];
}

/** The blocks of a cell's outputs: of each output the one representation that shows most. */
export async function readOutputs(cell: JsonObject, context: OutputContext): Promise<Block[]> {
  const blocks: Block[] = [];
  let stream: { name: string; text: string } | undefined;
  const endStream = (): void => {
    const block = stream && textBlock(stream.name === 'stderr' ? 'stderr' : 'stdout', stream.text);
    if (block) blocks.push(block);
    stream = undefined;
  };
  for (const { output } of cellOutputs(cell)) {
    const type = stringAt(output, 'output_type');
    if (type === 'stream') {
      const name = stringAt(output, 'name') ?? 'stdout';
      if (stream?.name !== name) endStream();
      stream = { name, text: (stream?.text ?? '') + textOf(own(output, 'text')) };
      continue;
    }
    endStream();
    if (type === 'error') blocks.push(errorBlock(output));
    else if (isDisplay(output)) blocks.push(...(await displayBlocks(output, context)));
    else blocks.push({ kind: 'notice', tone: 'missing', text: 'An output of an unknown kind is not shown.' });
  }
  endStream();
  return blocks;
}

function errorBlock(output: JsonObject): ErrorBlock {
  const name = oneLine(stringAt(output, 'ename') ?? '');
  const value = oneLine(screenText(stringAt(output, 'evalue') ?? ''));
  const lines = own(output, 'traceback');
  const traceback = Array.isArray(lines) ? lines.filter(line => typeof line === 'string').join('\n') : textOf(lines);
  const text = textBlock('stderr', traceback);
  return {
    kind: 'error',
    summary:
      [name, value]
        .filter(part => part !== '')
        .join(': ')
        .slice(0, 2000) || 'Error',
    traceback: text
      ? [text.head, ...(text.omitted === undefined ? [] : [`… ${text.omitted} lines omitted …`, text.tail ?? ''])].join(
          '\n'
        )
      : ''
  };
}

async function displayBlocks(output: JsonObject, context: OutputContext): Promise<Block[]> {
  const data = objectAt(output, 'data');
  if (isLoader(data)) return [];
  const metadata = objectAt(output, 'metadata');
  const picture = pictureBlock(data, metadata, context.cell);
  const found = findFigure(data);
  if (found) {
    const figure = describe(found, context.figures.length + 1, context.cell, context.libraries);
    context.figures.push(figure);
    const still = picture ? [picture] : await stillBlocks(found.kind, data, context);
    return [
      { kind: 'figure', figure, label: found.label, ...(found.title !== undefined && { title: found.title }), still }
    ];
  }
  const view = own(data, WIDGET_VIEW);
  if (isObject(view) && !picture) return widgetBlocks(view, data, context);
  return (await htmlBlocks(data, context)) ?? (await otherBlocks(data, picture, context));
}

/** What can be shown of a figure without running it: the words and tables of its HTML, if it has any. */
async function stillBlocks(kind: Figure['kind'], data: JsonObject, context: OutputContext): Promise<Block[]> {
  if (kind !== 'html') return [];
  const blocks = await context.html.read(textOf(own(data, 'text/html')));
  return blocks.every(block => block.kind !== 'html' || visibleText(block.html).length > 40) ? blocks : [];
}

async function htmlBlocks(data: JsonObject, context: OutputContext): Promise<Block[] | undefined> {
  const html = textOf(own(data, 'text/html'));
  if (html.trim() === '') return undefined;
  const text = textOf(own(data, 'text/plain'));
  if (hasPlainForm(html, data)) return plainBlocks(text);
  const frame = embeddedFrame(html);
  if (frame && /<script\b/i.test(html)) return [frame];
  const blocks = await context.html.read(html);
  if (blocks.length > 0) return blocks;
  return text === '' || isObjectName(text) ? [] : undefined;
}

async function otherBlocks(
  data: JsonObject,
  picture: ImageBlock | undefined,
  context: OutputContext
): Promise<Block[]> {
  const markdown = textOf(own(data, 'text/markdown'));
  if (markdown.trim() !== '') return (await context.markdown()).read(markdown);
  const latex = textOf(own(data, 'text/latex'));
  if (isMath(latex)) return (await context.markdown()).read(latex);
  if (picture) return [picture];
  const text = textOf(own(data, 'text/plain'));
  const json = own(data, 'application/json');
  if (json !== undefined && (text === '' || isObjectName(text))) return jsonBlocks(JSON.stringify(json, undefined, 2));
  if (text !== '' && !(isObjectName(text) && hidesScript(data))) return plainBlocks(text);
  return leftOut(data);
}

function plainBlocks(text: string): Block[] {
  const block = textBlock('result', text);
  return block ? [block] : [];
}

function jsonBlocks(text: string): Block[] {
  return text.length <= MAX_JSON ? [{ kind: 'code', text, language: 'json' }] : plainBlocks(text);
}

function leftOut(data: JsonObject): Block[] {
  const kinds = Object.keys(data).filter(mime => mime !== 'text/plain' && mime !== 'text/html');
  if (kinds.length === 0) return [];
  if (hidesScript(data)) return [notice('A script that the notebook runs when it is open is left out.')];
  if (kinds.includes('application/pdf')) return [notice('A PDF is not shown here. Open the full notebook to see it.')];
  const names = kinds.slice(0, 3).map(kind => kind.replace(/[^\w/+.-]/g, '').slice(0, 80));
  return [notice(`An output of the kind ${names.join(', ')} cannot be shown.`)];
}

function widgetBlocks(view: JsonObject, data: JsonObject, context: OutputContext): Block[] {
  const { name, words } = context.widgets.describe(view);
  const text = textOf(own(data, 'text/plain'));
  const bar = /\d+%\|.*\|/.test(text) ? plainBlocks(text) : [];
  if (words !== '')
    return [{ kind: 'notice', tone: 'info', text: `Interactive control${name === '' ? '' : ` (${name})`}: ${words}` }];
  if (bar.length > 0) return bar;
  return [
    notice(
      `An interactive control${name === '' ? '' : ` (${name})`} is left out: the notebook does not hold its state.`
    )
  ];
}

function notice(text: string): Block {
  return { kind: 'notice', tone: 'missing', text };
}

function pictureBlock(data: JsonObject, metadata: JsonObject, cell: number): ImageBlock | undefined {
  const svg = textOf(own(data, 'image/svg+xml'));
  const picture = (svg === '' ? undefined : svgPicture(svg)) ?? raster(data, metadata);
  if (!picture) return undefined;
  const text = textOf(own(data, 'text/plain')).trim();
  const alt = text === '' || text.length > 200 || /^<.*>$/s.test(text) ? `Figure from cell ${cell + 1}` : text;
  return { kind: 'image', picture, alt };
}

function raster(data: JsonObject, metadata: JsonObject): ImageBlock['picture'] | undefined {
  for (const mime of RASTER) {
    const value = textOf(own(data, mime));
    if (value === '') continue;
    const sizes = objectAt(metadata, mime);
    const picture = rasterPicture(value, Object.keys(sizes).length > 0 ? sizes : metadata);
    if (picture) return picture;
  }
  return undefined;
}

/** True where the LaTeX is a formula that can be set; tables and whole documents are not. */
function isMath(latex: string): boolean {
  const text = latex.trim();
  if (text === '' || /\\begin\{(?:tabular|table|document|longtable|figure)/.test(text)) return false;
  return /^(?:\$|\\\[|\\\(|\\begin\{)/.test(text);
}

/** `<IPython.core.display.HTML object>` and its like say nothing. */
function isObjectName(text: string): boolean {
  return /^<[\w.\s]+(?: object)?(?: at 0x[\da-f]+)?>$/.test(text.trim());
}

function hidesScript(data: JsonObject): boolean {
  return Object.hasOwn(data, 'application/javascript');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
