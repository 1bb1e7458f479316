import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import { PAGE, tableRoutes } from '../../../contract/tables/routes.js';
import type { Schema, Source, TableEntry } from '../../../contract/tables/records.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import type { IPageRef } from './rows.js';

/** The schemas of a source. */
export interface ISchemas {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly schemas?: readonly Schema[];
  readonly error?: ProblemError;
}

/** The tables of a schema, of which those pages are there that were looked at. */
export interface IList {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly total: number;
  readonly pages: ReadonlyMap<number, readonly TableEntry[]>;
  /** Pages that are shown until they are read again. */
  readonly stale: ReadonlySet<number>;
  readonly failed: ReadonlyMap<number, ProblemError>;
  readonly error?: ProblemError;
  /** Tables whose columns are shown, with where they stand. */
  readonly open: ReadonlyMap<string, number>;
}

/** How the tree stands. */
export interface ITreeState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why the sources could not be asked for. With sources it means: what is shown may be out of date. */
  readonly error?: ProblemError | undefined;
  readonly sources: readonly Source[];
  /** Keys of rows whose children are shown; tables within their schema have their own place. */
  readonly open: ReadonlySet<string>;
  /** By source. */
  readonly schemas: ReadonlyMap<string, ISchemas>;
  /** By `listKey`. */
  readonly lists: ReadonlyMap<string, IList>;
}

/** What the tree needs. */
export interface ITreeOptions {
  /** For what the person asks for. */
  client: Client;
  /** For what nobody asked for. */
  background: Client;
}

const NEW_LIST: IList = {
  phase: 'loading',
  total: 0,
  pages: new Map(),
  stale: new Set(),
  failed: new Map(),
  open: new Map()
};

/** A key for the tables of a schema. */
export function listKey(source: string, schema: string): string {
  return JSON.stringify([source, schema]);
}

/** The entry of a list, where its page is there. */
export function entryAt(list: IList, index: number): TableEntry | undefined {
  return list.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
}

/** Sources, their schemas, and the tables of those that are open, read page by page. */
export class TreeModel extends StateModel<ITreeState> {
  constructor(options: ITreeOptions) {
    super({
      phase: 'loading',
      sources: [],
      open: new Set(['section:favourites', 'section:recents']),
      schemas: new Map(),
      lists: new Map()
    });
    this._options = options;
  }

  /** Asks how the sources stand. What belongs to an index that was renewed is read again. */
  async refresh(client = this._options.client): Promise<void> {
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    await this._once('sources', async () => {
      try {
        const { sources } = await client.call(tableRoutes.sources, {});
        const before = this.state.sources;
        this.setState({ phase: 'ready', error: undefined, sources });
        if (before.length === 0 && sources.length === 1 && sources[0]) this.setOpen(sourceKey(sources[0].id), true);
        for (const { id, index } of sources) {
          const known = before.find(each => each.id === id);
          if (known && known.index.asOf !== index.asOf) this._renew(id);
        }
      } catch (error) {
        this.setState({ error: asProblem(error), ...(this.state.phase !== 'ready' && { phase: 'failed' as const }) });
      }
    });
  }

  /** Shows a source that was added just now, open. */
  async show(source: Source): Promise<void> {
    const { id } = source;
    const isThere = this.state.sources.some(each => each.id === id);
    const sources = this.state.sources.map(each => (each.id === id ? source : each));
    this.setState({ sources: isThere ? sources : [...sources, source] });
    this.setOpen(sourceKey(id), true);
    await this.refresh();
  }

  /** Asks how the sources stand, without keeping an idle server alive. */
  poll(): Promise<void> {
    return this.refresh(this._options.background);
  }

  /** Whether names are being read right now. */
  get isBuilding(): boolean {
    return this.state.sources.some(({ index }) => index.state === 'building');
  }

  /** Reads the names of one source anew, or of all. */
  async rebuild(source?: string): Promise<void> {
    const ids = source === undefined ? this.state.sources.map(({ id }) => id) : [source];
    await Promise.all(
      ids.map(async id => {
        try {
          const now = await this._options.client.call(tableRoutes.refresh, { params: { source: id }, body: {} });
          this.setState({ sources: this.state.sources.map(each => (each.id === id ? now : each)) });
        } catch (error) {
          this.setState({ error: asProblem(error) });
        }
      })
    );
    // What could not be read is tried again, too.
    for (const id of ids) this._renew(id);
    await this.poll();
  }

  /** Shows or hides what is below a row. */
  setOpen(key: string, isOpen: boolean): void {
    const open = new Set(this.state.open);
    if (isOpen) open.add(key);
    else open.delete(key);
    this.setState({ open });
    const opened = isOpen ? whatOf(key) : undefined;
    if (opened === undefined) return;
    const [source, schema] = opened;
    if (schema === undefined) {
      if (!this.state.schemas.has(source)) void this.readSchemas(source);
    } else if (!this.state.lists.has(listKey(source, schema))) {
      void this.readPage({ source, schema, page: 0 });
    }
  }

  /** Shows or hides the columns of a table within its schema. */
  setTableOpen(page: IPageRef, name: string, index: number, isOpen: boolean): void {
    const list = this._list(page);
    const open = new Map(list.open);
    if (isOpen) open.set(name, index);
    else open.delete(name);
    this._setList(page, { ...list, open });
  }

  /** Reads the schemas of a source. Those known stay until the answer is there. */
  async readSchemas(source: string, client = this._options.client): Promise<void> {
    const known = this.state.schemas.get(source)?.schemas;
    if (!known) this._setSchemas(source, { phase: 'loading' });
    await this._once(`schemas:${source}`, async () => {
      try {
        const { schemas } = await client.call(tableRoutes.schemas, { params: { source } });
        this._setSchemas(source, { phase: 'ready', schemas });
        // Tables that lie directly in the source are shown with it.
        if (schemas.some(({ schema }) => schema === '')) await this.readPage({ source, schema: '', page: 0 }, client);
      } catch (error) {
        this._setSchemas(source, { phase: 'failed', ...(known && { schemas: known }), error: asProblem(error) });
      }
    });
  }

  /** Reads pages that somebody looks at, where they are not there. */
  look(pages: readonly IPageRef[]): void {
    for (const page of pages) {
      const list = this.state.lists.get(listKey(page.source, page.schema));
      if (!list || list.failed.has(page.page)) continue;
      if (!list.pages.has(page.page) || list.stale.has(page.page)) void this.readPage(page);
    }
  }

  /** Reads one page of the tables of a schema. */
  async readPage(at: IPageRef, client = this._options.client): Promise<void> {
    const { source, schema, page } = at;
    if (!this.state.lists.has(listKey(source, schema))) this._setList(at, NEW_LIST);
    await this._once(`page:${JSON.stringify(at)}`, async () => {
      const query = { schema, offset: page * PAGE, limit: PAGE };
      try {
        const { tables, total } = await client.call(tableRoutes.list, { params: { source }, query });
        const list = this._list(at);
        const pages = new Map(list.pages).set(page, tables);
        for (const number of pages.keys()) if (number * PAGE >= Math.max(1, total)) pages.delete(number);
        const stale = without(list.stale, page);
        const failed = new Map(list.failed);
        failed.delete(page);
        this._setList(at, {
          phase: 'ready',
          total,
          pages,
          stale,
          failed,
          open: placed(list.open, page, tables, total)
        });
      } catch (error) {
        const list = this._list(at);
        const problem = asProblem(error);
        this._setList(
          at,
          list.phase === 'ready'
            ? { ...list, stale: without(list.stale, page), failed: new Map(list.failed).set(page, problem) }
            : { ...list, phase: 'failed', error: problem }
        );
      }
    });
  }

  /** Tries the list of a schema again. */
  async retryList(source: string, schema: string): Promise<void> {
    this._setList({ source, schema }, NEW_LIST);
    await this.readPage({ source, schema, page: 0 });
  }

  /** Tries a page of a list again. */
  async retryPage(page: IPageRef): Promise<void> {
    const list = this._list(page);
    const failed = new Map(list.failed);
    failed.delete(page.page);
    this._setList(page, { ...list, failed });
    await this.readPage(page);
  }

  /** Tries the schemas of a source again. */
  async retrySchemas(source: string): Promise<void> {
    this._setSchemas(source, { phase: 'loading' });
    await this.readSchemas(source);
  }

  /** What is shown of a source is read again; until then it stays. */
  private _renew(source: string): void {
    const { background } = this._options;
    if (this.state.schemas.has(source)) void this.readSchemas(source, background);
    for (const [key, list] of this.state.lists) {
      const [owner = '', schema = ''] = JSON.parse(key) as string[];
      if (owner !== source) continue;
      this._setList({ source, schema }, { ...list, stale: new Set(list.pages.keys()), failed: new Map() });
      void this.readPage({ source, schema, page: 0 }, background);
    }
  }

  /** One request at a time for each thing; who asks meanwhile waits for that one. */
  private _once(key: string, run: () => Promise<void>): Promise<void> {
    const running = this._running.get(key);
    if (running) return running;
    const started = run().finally(() => this._running.delete(key));
    this._running.set(key, started);
    return started;
  }

  private _list({ source, schema }: Omit<IPageRef, 'page'>): IList {
    return this.state.lists.get(listKey(source, schema)) ?? NEW_LIST;
  }

  private _setList({ source, schema }: Omit<IPageRef, 'page'>, list: IList): void {
    this.setState({ lists: new Map(this.state.lists).set(listKey(source, schema), list) });
  }

  private _setSchemas(source: string, schemas: ISchemas): void {
    this.setState({ schemas: new Map(this.state.schemas).set(source, schemas) });
  }

  private readonly _options: ITreeOptions;
  private readonly _running = new Map<string, Promise<void>>();
}

/** The key of the row of a source. */
export function sourceKey(source: string): string {
  return `source:${source}`;
}

/** The key of the row of a schema, or of a level above schemas. */
export function levelKey(source: string, schema: string): string {
  return `level:${listKey(source, schema)}`;
}

/** The source or the schema that a key of a row stands for. */
function whatOf(key: string): [source: string, schema?: string] | undefined {
  if (key.startsWith('source:')) return [key.slice('source:'.length)];
  if (key.startsWith('level:')) return JSON.parse(key.slice('level:'.length)) as [string, string];
  return undefined;
}

/** Where open tables stand now that a page was read; those that are gone are not open any more. */
function placed(
  open: IList['open'],
  page: number,
  tables: readonly TableEntry[],
  total: number
): ReadonlyMap<string, number> {
  if (open.size === 0) return open;
  const now = new Map<string, number>();
  for (const [name, index] of open) {
    const here = tables.findIndex(table => table.name === name);
    if (here >= 0) now.set(name, page * PAGE + here);
    else if (Math.floor(index / PAGE) !== page && index < total) now.set(name, index);
  }
  return now;
}

function without(set: ReadonlySet<number>, member: number): ReadonlySet<number> {
  const others = new Set(set);
  others.delete(member);
  return others;
}
