import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelOf, type Notebook } from '../../notebook/model.js';
import type { JsonObject } from '../../notebook/json.js';
import { regionMarks } from '../../wiki/region.js';
import type { WikiDialect, WikiPageOptions, WikiRendering } from '../../wiki/ports.js';
import { canonicalStorage } from '../../wiki/storage/canonical.js';
import { DocBuilder } from '../build/doc.js';
import type { FigureLibraries } from '../build/figures.js';
import { CellReader } from './cell.js';
import { wordsOf } from './inline.js';
import type { Emitter, Inline, Part } from './parts.js';
import { PictureStore } from './pictures.js';
import { showsDrawing, type Rasterise } from './rasterise.js';

/** Of what a wiki takes, so much is left for what people write around the managed region. */
const SHARE_OF_PAGE = 0.9;
/** Bytes for the last words and the marks. */
const RESERVE = 4096;

/** Builds the managed region of a notebook's page. Feed the cells in order until `cell` says stop, then `finish`. */
export class WikiPageWriter {
  private readonly builder: DocBuilder;
  private readonly reader: CellReader;
  private readonly pictures: PictureStore;
  private readonly emitter: Emitter;
  private readonly notes: string[] = [];
  private readonly texts: string[] = [];
  private size = 0;
  private stoppedAt: number | undefined;
  private begun = false;

  constructor(
    private readonly notebook: Notebook,
    private readonly options: WikiPageOptions,
    private readonly setup: {
      libraries: FigureLibraries;
      workDirectory: string;
      rasteriser: () => Promise<Rasterise>;
      emitter: (options: WikiPageOptions, pictures: PictureStore) => Emitter;
    }
  ) {
    this.builder = new DocBuilder(notebook, setup.libraries);
    this.reader = new CellReader(options, sentence => this.notes.push(sentence));
    this.pictures = new PictureStore(join(setup.workDirectory, 'attachments'), options.features);
    this.emitter = setup.emitter(options, this.pictures);
    this.add(this.emitter.write([...heading(options), banner(notebook, options)]));
  }

  /** Writes one cell. @returns false where the page has got as long as the wiki takes */
  async cell(cell: JsonObject, index: number): Promise<boolean> {
    if (this.stoppedAt !== undefined) return false;
    const section = await this.builder.section(cell, index);
    if (!this.options.features.pictures.includes('image/svg+xml') && showsDrawing(section))
      this.pictures.rasterise ??= await this.setup.rasteriser();
    const parts = this.withoutTitle(await this.reader.parts(section));
    if (parts.length === 0) return true;
    const text = this.emitter.write(parts);
    if (this.size + Buffer.byteLength(text) + RESERVE > this.options.features.maxBodyBytes * SHARE_OF_PAGE) {
      this.stoppedAt = index;
      return false;
    }
    this.add(text);
    return true;
  }

  finish(): WikiRendering {
    const { marker, features, tags } = this.options;
    if (this.notebook.cellCount === 0) this.add(this.emitter.write([notice('This notebook has no cells.')]));
    if (this.stoppedAt !== undefined) this.cut(this.notebook.cellCount - this.stoppedAt);
    const ending = this.emitter.tags(tags);
    if (ending !== '') this.add(ending);
    if (this.pictures.refused > 0)
      this.notes.push(`${this.pictures.refused} pictures are of a kind or size that the wiki does not take.`);
    const { begin, end } = regionMarks(features.dialect, marker);
    const bytes = Buffer.from(`${begin}\n${settledIn(features.dialect, this.texts.join('\n\n'), marker)}\n${end}`);
    const file = join(this.setup.workDirectory, 'page.txt');
    writeFileSync(file, bytes);
    return {
      file,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      attachments: this.pictures.attachments,
      notes: [...new Set(this.notes)]
    };
  }

  private add(text: string): void {
    this.texts.push(text);
    this.size += Buffer.byteLength(text) + 2;
  }

  private cut(left: number): void {
    const cells = `${left.toLocaleString('en-US')} more ${left === 1 ? 'cell' : 'cells'}`;
    this.notes.push(`The page ends after cell ${this.stoppedAt ?? 0}: the wiki takes no longer ones.`);
    const words: Inline[] = [
      {
        kind: 'text',
        text: `The page ends here, because this wiki takes no longer ones. The full notebook has ${cells}.`
      }
    ];
    const { version } = this.options.links;
    if (version !== undefined)
      words.push(
        { kind: 'text', text: ' ' },
        { kind: 'link', href: version, inner: [{ kind: 'text', text: 'Open the full notebook' }] }
      );
    this.add(this.emitter.write([{ kind: 'notice', inner: words }]));
  }

  /** The page shows its title already: a first heading that says the same would only repeat it. */
  private withoutTitle(parts: Part[]): Part[] {
    const first = parts[0];
    if (this.begun || first === undefined) return parts;
    this.begun = true;
    const repeats = first.kind === 'heading' && wordsOf(first.inner).trim() === this.options.title?.trim();
    return repeats ? parts.slice(1) : parts;
  }
}

/** DokuWiki shows the name of the file alone: there the title is the first heading of the page. */
function heading({ features, title }: WikiPageOptions): Part[] {
  if (features.dialect !== 'dokuwiki' || title === undefined) return [];
  return [{ kind: 'heading', level: 1, id: '', inner: [{ kind: 'text', text: title }] }];
}

/** A text as the wiki gives it back, as far as that is known: what is not changed is then not written. */
function settledIn(dialect: WikiDialect, text: string, marker: string): string {
  if (dialect === 'mediawiki') return text.normalize('NFC');
  return dialect === 'confluence' ? (canonicalStorage(text, marker) ?? text) : text;
}

/** What the page is, and where the whole of it is. */
function banner(notebook: Notebook, { links }: WikiPageOptions): Part {
  const { displayName, language, languageVersion } = kernelOf(notebook.metadata);
  const name = language === undefined ? displayName : language.charAt(0).toUpperCase() + language.slice(1);
  const version = /^\d+(?:\.\d+)?/.exec(languageVersion ?? '')?.[0];
  const cells = `${notebook.cellCount.toLocaleString('en-US')} ${notebook.cellCount === 1 ? 'cell' : 'cells'}`;
  const what = ['A Jupyter notebook', name && [name, version].filter(Boolean).join(' '), cells]
    .filter(Boolean)
    .join(' · ');
  const inner: Inline[] = [{ kind: 'text', text: what }];
  const link = (href: string | undefined, words: string): void => {
    if (href !== undefined)
      inner.push({ kind: 'text', text: ' · ' }, { kind: 'link', href, inner: [{ kind: 'text', text: words }] });
  };
  link(links.version, 'Open in the Library');
  link(links.copy, 'Open a copy in JupyterLab');
  return { kind: 'notice', inner };
}

function notice(text: string): Part {
  return { kind: 'notice', inner: [{ kind: 'text', text }] };
}
