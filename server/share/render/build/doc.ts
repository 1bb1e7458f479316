import type { Figure } from '../../../../contract/share/index.js';
import { isListOfStrings, objectAt, own, type JsonObject } from '../../notebook/json.js';
import { cellMagic, kindOfCode } from '../../notebook/language.js';
import { cellSource, cellType, executionCount, kernelOf, type Notebook } from '../../notebook/model.js';
import type { Block, Section } from '../sharedoc.js';
import type { FigureLibraries } from './figures.js';
import { HtmlReader } from './html.js';
import { highlightName, magicLanguage } from './languages.js';
import { loadMarkdown, type MarkdownReader } from './markdown.js';
import { readOutputs } from './outputs.js';
import { textBlock } from './text.js';
import { WidgetStates } from './widgets.js';

/** Longer code is shown as text that can be cut. */
const MAX_CODE = 200_000;

/** Builds the ShareDoc of a notebook, one section for each cell, in order. */
export class DocBuilder {
  readonly figures: Figure[] = [];
  /** The highlighter's name of the kernel's language. */
  readonly language: string | undefined;
  private readonly pythonic: boolean;
  private readonly html = new HtmlReader();
  private readonly widgets: WidgetStates;
  private reader: Promise<MarkdownReader> | undefined;

  constructor(
    notebook: Notebook,
    private readonly libraries: FigureLibraries
  ) {
    const { language } = kernelOf(notebook.metadata);
    this.language = highlightName(language ?? 'python');
    this.pythonic = kindOfCode(language) === 'python';
    this.widgets = new WidgetStates(notebook.metadata);
  }

  async section(cell: JsonObject, index: number): Promise<Section> {
    const type = cellType(cell);
    return {
      cell: index,
      type,
      count: type === 'code' ? executionCount(own(cell, 'execution_count')) : undefined,
      blocks: await this.blocks(cell, type),
      outputs:
        type === 'code'
          ? await readOutputs(cell, {
              cell: index,
              markdown: () => this.markdown(),
              html: this.html,
              widgets: this.widgets,
              libraries: this.libraries,
              figures: this.figures
            })
          : [],
      folded: folded(cell)
    };
  }

  private async blocks(cell: JsonObject, type: Section['type']): Promise<Block[]> {
    const source = cellSource(cell);
    if (source.trim() === '') return [];
    if (type === 'markdown') return (await this.markdown()).read(source, objectAt(cell, 'attachments'));
    if (type === 'raw') return this.code(source, undefined);
    const magic = this.pythonic ? cellMagic(source) : undefined;
    const language = magic && magicLanguage(magic.name);
    if (!magic || language === undefined) return this.code(source, this.language);
    const line = `%%${magic.name}${magic.line}`;
    return magic.body.trim() === '' ? this.code(line, undefined) : this.code(magic.body, language, line);
  }

  private code(text: string, language: string | undefined, magic?: string): Block[] {
    const trimmed = text.replace(/\s+$/, '').replace(/^(?:[ \t]*\n)+/, '');
    if (trimmed.length > MAX_CODE) {
      const block = textBlock('result', trimmed);
      return block ? [block] : [];
    }
    return [{ kind: 'code', text: trimmed, language, ...(magic !== undefined && { magic }) }];
  }

  private markdown(): Promise<MarkdownReader> {
    return (this.reader ??= loadMarkdown());
  }
}

/** What the author folded away in JupyterLab, or marked so by the tags that other tools know. */
function folded(cell: JsonObject): Section['folded'] {
  const metadata = objectAt(cell, 'metadata');
  const jupyter = objectAt(metadata, 'jupyter');
  const given = own(metadata, 'tags');
  const tags = new Set(isListOfStrings(given) ? given.map(tag => tag.replaceAll('_', '-')) : []);
  const any = (...names: string[]): boolean => names.some(name => tags.has(name));
  return {
    code: own(jupyter, 'source_hidden') === true || any('hide-input', 'hide-cell', 'remove-input', 'remove-cell'),
    outputs:
      own(jupyter, 'outputs_hidden') === true ||
      own(metadata, 'collapsed') === true ||
      any('hide-output', 'hide-cell', 'remove-output', 'remove-cell')
  };
}
