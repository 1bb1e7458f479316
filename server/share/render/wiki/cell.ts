import type { WikiPageOptions } from '../../wiki/ports.js';
import { plainText } from '../html/ansi.js';
import { cuts } from '../html/table.js';
import { anchorId } from '../sanitise/url.js';
import type { Block, FigureBlock, Section, TableBlock, TableRow, TextBlock } from '../sharedoc.js';
import { partsOfHtml } from './foreign.js';
import { textNodes, tidy } from './inline.js';
import type { Cell, Inline, Part } from './parts.js';
import { ProseReader } from './prose.js';

/** Outputs of more lines get a frame of their own height, where a wiki has such frames. */
const LONG_LINES = 40;

/** Turns the cells of a notebook into parts of a page. */
export class CellReader {
  private readonly prose = new ProseReader();

  /** @param note - takes sentences on what was cut or replaced */
  constructor(
    private readonly options: Pick<WikiPageOptions, 'hideCode' | 'features'>,
    private readonly note: (sentence: string) => void
  ) {}

  async parts(section: Section): Promise<Part[]> {
    const written = await this.all(section.blocks, section.cell);
    const outputs = await this.all(section.outputs, section.cell);
    if (section.type !== 'code') return written;
    return [
      ...this.folded(this.options.hideCode || section.folded.code, 'Code', written),
      ...this.folded(section.folded.outputs, 'Output', outputs)
    ];
  }

  private async all(blocks: readonly Block[], cell: number): Promise<Part[]> {
    const parts: Part[] = [];
    for (const block of blocks) parts.push(...(await this.block(block, cell)));
    return parts;
  }

  private async block(block: Block, cell: number): Promise<Part[]> {
    switch (block.kind) {
      case 'heading': {
        const inner = await this.prose.inline(block.inline, block.pictures);
        return inner.length === 0 ? [] : [{ kind: 'heading', level: block.level, id: anchorId(block.text), inner }];
      }
      case 'markdown':
        return this.prose.parts(block);
      case 'math':
        return [{ kind: 'math', tex: block.tex }];
      case 'code': {
        const text = revealed(block.magic === undefined ? block.text : `${block.magic}\n${block.text}`);
        return [{ kind: 'code', text, language: block.language }];
      }
      case 'text':
        return this.text(block, cell);
      case 'table':
        for (const cut of cuts(block)) this.note(`Cell ${cell + 1}: ${cut}.`);
        return tableParts(block);
      case 'image':
        return [{ kind: 'picture', picture: block.picture, alt: block.alt }];
      case 'html':
        return partsOfHtml(block.html);
      case 'error': {
        const summary: Inline[] = [{ kind: 'span', style: 'strong', inner: line(plainText(block.summary)) }];
        const traceback = revealed(plainText(block.traceback));
        if (traceback.trim() === '') return [{ kind: 'paragraph', inner: summary }];
        return [{ kind: 'fold', summary, parts: [{ kind: 'text', text: traceback, long: false }] }];
      }
      case 'notice': {
        if (block.tone !== 'info') this.note(`Cell ${cell + 1}: ${block.text}`);
        const link: Inline[] =
          block.link === undefined
            ? []
            : [
                { kind: 'text', text: ' ' },
                { kind: 'link', href: block.link, inner: line(block.link) }
              ];
        return [{ kind: 'notice', inner: tidy([...line(block.text), ...link]) }];
      }
      case 'figure':
        return this.figure(block, cell);
    }
  }

  /** What a person folded away stays away where the wiki knows no folds. */
  private folded(isFolded: boolean, summary: string, parts: Part[]): Part[] {
    if (!isFolded || parts.length === 0) return parts;
    if (this.options.features.collapsible) return [{ kind: 'fold', summary: line(summary), parts }];
    this.note(`${summary} that is folded away is left out: this wiki cannot fold.`);
    return [];
  }

  private text(block: TextBlock, cell: number): Part[] {
    const head = revealed(plainText(block.head));
    if (block.omitted === undefined) return [{ kind: 'text', text: head, long: head.split('\n').length > LONG_LINES }];
    const lines = `${block.omitted.toLocaleString('en-US')} lines omitted`;
    this.note(`Cell ${cell + 1}: ${lines}, open the full notebook.`);
    const text = `${head}\n… ${lines} …\n${revealed(plainText(block.tail ?? ''))}`;
    return [
      { kind: 'text', text, long: true },
      { kind: 'below', text: `${lines}, open the full notebook` }
    ];
  }

  private async figure(block: FigureBlock, cell: number): Promise<Part[]> {
    const title = block.title === undefined ? '' : ` “${block.title}”`;
    const caption = `Figure ${block.figure.number}: ${block.label}${title}`;
    const still = await this.all(block.still, cell);
    if (still.length > 0) return [...still, { kind: 'below', text: caption }];
    this.note(
      `Cell ${cell + 1}: figure ${block.figure.number} is interactive and the notebook holds no picture of it.`
    );
    return [
      {
        kind: 'notice',
        inner: line(
          `${caption}. It is interactive, and the notebook holds no picture of it: open the full notebook to see it.`
        )
      }
    ];
  }
}

function tableParts(table: TableBlock): Part[] {
  const row = (cells: TableRow): Cell[] =>
    cells.map(cell => {
      if (typeof cell === 'string') return { inner: tidy(textNodes(cell)) };
      const { text, header, ...rest } = cell;
      return { ...rest, inner: tidy(textNodes(text)), ...(header === true && text !== '' && { header }) };
    });
  const body = table.body.map(row);
  if (table.omitted) {
    const width =
      [...table.head, ...table.body][0]?.reduce(
        (sum, cell) => sum + (typeof cell === 'string' ? 1 : (cell.columns ?? 1)),
        0
      ) ?? 1;
    const words = `… ${table.omitted.rows.toLocaleString('en-US')} rows omitted …`;
    body.splice(table.omitted.at, 0, [{ inner: line(words), columns: Math.max(width, 1) }]);
  }
  const below = [table.footer, ...cuts(table)].filter(text => text !== undefined);
  return [
    { kind: 'table', caption: table.caption, head: table.head.map(row), body },
    ...(below.length > 0 ? [{ kind: 'below' as const, text: below.join(' · ') }] : [])
  ];
}

function line(text: string): Inline[] {
  return tidy([{ kind: 'text', text }]);
}

/** Makes characters visible that turn the reading direction: they can make code read otherwise than it runs. */
function revealed(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g,
    char => `⟦U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟧`
  );
}
