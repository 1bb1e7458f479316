import { Ulid } from '../../../contract/identifiers.js';
import type { NotebookFacts } from '../ports.js';
import { ContentHash } from './hash.js';
import { importsOf } from './imports.js';
import { isObject, listAt, objectAt, own, stringAt, type JsonObject } from './json.js';
import { cellSource, cellType, kernelOf, type Notebook } from './model.js';
import { headingOf, proseOf } from './prose.js';
import { tablesOf } from './tables.js';

/** Prose for the search index is cut here, in characters. */
const MAX_TEXT = 64 * 1024;
const MAX_NAMES = 500;
/** Code beyond this is not searched for imports and tables. */
const MAX_CODE = 256 * 1024;

/** Finds out what the archive, the index and the dialog want to know. Feed the cells in order, then call `finish`. */
export class FactsCollector {
  private readonly hash: ContentHash;
  private readonly kernel;
  private readonly prose: string[] = [];
  private proseLength = 0;
  private readonly imports = new Set<string>();
  private readonly tables = new Set<string>();
  private readonly mended = new Mended();
  private title: string | undefined;

  constructor(private readonly notebook: Notebook) {
    this.hash = new ContentHash(notebook);
    this.kernel = kernelOf(notebook.metadata);
  }

  cell(cell: JsonObject): void {
    this.hash.cell(cell);
    this.mended.cell(cell);
    const type = cellType(cell);
    const source = cellSource(cell);
    if (type === 'markdown') this.markdown(source);
    else if (type === 'code') this.code(source.slice(0, MAX_CODE));
  }

  finish(): NotebookFacts {
    const { name, displayName, language, languageVersion } = this.kernel;
    return {
      contentHash: this.hash.digest(),
      notebookId: notebookId(this.notebook.metadata),
      nbformat: this.notebook.nbformat,
      title: this.title,
      cells: this.notebook.cellCount,
      size: this.notebook.size,
      language,
      kernel: name === undefined ? undefined : { name, displayName, language, languageVersion },
      text: this.prose.join('\n').slice(0, MAX_TEXT).toWellFormed(),
      imports: [...this.imports].sort().slice(0, MAX_NAMES),
      tables: [...this.tables].sort().slice(0, MAX_NAMES),
      notes: [...this.notebook.notes, ...this.mended.notes()]
    };
  }

  private markdown(source: string): void {
    this.title ??= headingOf(source);
    if (this.proseLength >= MAX_TEXT) return;
    const text = proseOf(source);
    this.prose.push(text);
    this.proseLength += text.length + 1;
  }

  private code(source: string): void {
    for (const name of importsOf(source, this.kernel.language)) this.imports.add(name);
    for (const name of tablesOf(source, this.kernel.language)) this.tables.add(name);
  }
}

/** The id in `metadata.lakeside.id`; one that is no ULID counts as absent (decision 10). */
export function notebookId(metadata: JsonObject): string | undefined {
  const id = stringAt(objectAt(metadata, 'lakeside'), 'id');
  return Ulid.safeParse(id).success ? id : undefined;
}

/** Counts what is not as the format wants it, and was read all the same. */
class Mended {
  private readonly ids = new Set<string>();
  private repeated = 0;
  private sources = 0;
  private outputs = 0;
  private unknown = 0;

  cell(cell: JsonObject): void {
    const id = own(cell, 'id');
    if (typeof id === 'string') {
      if (this.ids.has(id)) this.repeated++;
      this.ids.add(id);
    }
    const type = own(cell, 'cell_type');
    if (type !== 'markdown' && type !== 'code' && type !== 'raw') this.unknown++;
    if (typeof own(cell, 'source') !== 'string') this.sources++;
    const outputs = own(cell, 'outputs');
    if (outputs !== undefined && !Array.isArray(outputs)) this.outputs++;
    this.outputs += listAt(cell, 'outputs').filter(output => !isObject(output)).length;
  }

  notes(): string[] {
    return [
      ...note(this.repeated, 'cell has the id of another one', 'cells have the id of another one'),
      ...note(this.sources, 'cell has no readable source', 'cells have no readable source'),
      ...note(this.outputs, 'output cannot be read', 'outputs cannot be read'),
      ...note(this.unknown, 'cell is of an unknown kind', 'cells are of an unknown kind')
    ];
  }
}

function note(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}.`];
}
