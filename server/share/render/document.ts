import type { Figure } from '../../../contract/share/index.js';
import type { DocumentOptions } from '../ports.js';
import { headingOf } from '../notebook/prose.js';
import { cellSource, cellType, kernelOf, type Notebook } from '../notebook/model.js';
import type { JsonObject } from '../notebook/json.js';
import type { Assets } from './assets.js';
import { DocBuilder } from './build/doc.js';
import type { FigureLibraries } from './build/figures.js';
import { PageContext } from './html/context.js';
import { PageFile } from './html/page.js';
import { sectionHtml } from './html/section.js';

export interface DocumentResult {
  size: number;
  figures: Figure[];
  notes: string[];
}

/** Builds the page of a notebook. Feed the cells in order with `cell` until it says stop, then call `finish`. */
export class DocumentWriter {
  private readonly builder: DocBuilder;
  private readonly page: PageContext;
  private readonly file: PageFile;
  private readonly language = new LanguageGuess();
  private title: string | undefined;
  private stoppedAt: number | undefined;

  /** @param file - the page to write; must not exist */
  constructor(
    private readonly notebook: Notebook,
    private readonly options: DocumentOptions,
    private readonly resources: { assets: Assets; libraries: FigureLibraries },
    file: string
  ) {
    this.builder = new DocBuilder(notebook, resources.libraries);
    this.page = new PageContext(options.title, options.hideCode);
    this.file = new PageFile(file);
  }

  /** Writes one cell. @returns false where the page has got as long as a preview may be */
  async cell(cell: JsonObject, index: number): Promise<boolean> {
    if (this.stoppedAt !== undefined) return false;
    if (cellType(cell) === 'markdown') {
      const source = cellSource(cell);
      this.title ??= headingOf(source);
      this.language.add(source);
    }
    const section = await this.builder.section(cell, index);
    this.file.write(await sectionHtml(section, this.page, this.file.size === 0));
    if (this.file.size <= (this.options.maxBytes ?? Infinity)) return true;
    this.stoppedAt = index + 1;
    return false;
  }

  finish(): DocumentResult {
    const left = this.stoppedAt === undefined ? 0 : this.notebook.cellCount - this.stoppedAt;
    const cut =
      left > 0 ? `The preview ends here. The page will have ${left.toLocaleString('en-US')} more cells.` : undefined;
    if (this.notebook.cellCount === 0) this.file.write('<p class="notice info">This notebook has no cells.</p>\n');
    const size = this.file.finish(
      {
        title: this.page.ownTitle ?? this.options.title ?? this.title ?? 'Untitled notebook',
        subtitle: subtitle(this.notebook),
        lang: this.language.guess(),
        cut
      },
      this.page,
      this.resources.assets
    );
    return { size, figures: this.builder.figures, notes: [...this.page.notes] };
  }

  discard(): void {
    this.file.discard();
  }
}

/** `Python 3.11 · 38 cells`. */
function subtitle(notebook: Notebook): string {
  const { displayName, language, languageVersion } = kernelOf(notebook.metadata);
  const name = language === undefined ? displayName : language.charAt(0).toUpperCase() + language.slice(1);
  const version = /^\d+(?:\.\d+)?/.exec(languageVersion ?? '')?.[0];
  const cells = `${notebook.cellCount.toLocaleString('en-US')} ${notebook.cellCount === 1 ? 'cell' : 'cells'}`;
  return [name && [name, version].filter(Boolean).join(' '), cells].filter(Boolean).join(' · ');
}

/** The language of the prose, as far as the script tells it: it decides about fonts and about how it is read aloud. */
class LanguageGuess {
  private sample = '';

  add(source: string): void {
    if (this.sample.length < 4000) this.sample += source.slice(0, 4000);
  }

  guess(): string {
    const count = (pattern: RegExp): number => this.sample.match(pattern)?.length ?? 0;
    const letters = count(/\p{L}/gu);
    if (letters === 0) return 'en';
    if (count(/[\u3040-\u30ff]/g) * 10 > letters) return 'ja';
    if (count(/[\uac00-\ud7af]/g) * 5 > letters) return 'ko';
    if (count(/[\u4e00-\u9fff]/g) * 5 > letters) return 'zh';
    return 'en';
  }
}
