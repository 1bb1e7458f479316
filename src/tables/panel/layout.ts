import { PAGE } from '../../../contract/tables/routes.js';
import type { Source } from '../../../contract/tables/records.js';
import { ProblemError } from '../../../contract/problem.js';
import type { ProblemCode } from '../../../contract/problem.js';
import type { IDetailsState } from '../detailsModel.js';
import type { IMemoryState } from '../memoryModel.js';
import { keyOf } from '../refs.js';
import type { ITableRef } from '../refs.js';
import { tableChildren } from './children.js';
import type { IUnder } from './children.js';
import { levelsTree } from './levels.js';
import type { ILevel } from './levels.js';
import { RowIndex, listed } from './rowIndex.js';
import type { IRun, Retry, RowContent, TreeRow } from './rows.js';
import type { ISearchState } from './searchModel.js';
import { entryAt, levelKey, listKey, sourceKey } from './treeModel.js';
import type { IList, ITreeState } from './treeModel.js';

/** Heights of rows in pixels. */
export interface IHeights {
  readonly line: number;
  /** A table that was found: its name, and where it lies. */
  readonly hit: number;
  /** A failure with so long a sentence. */
  problem(text: string): number;
}

/** What the rows are made of. */
export interface ILayoutInput {
  readonly tree: ITreeState;
  readonly details: IDetailsState['details'];
  readonly memory: IMemoryState;
  readonly heights: IHeights;
}

/** The rows of the tree: favourites, tables used last, sources. */
export function treeRows(input: ILayoutInput): RowIndex {
  const builder = new Builder(input);
  const { memory, tree } = input;
  builder.section('favourites', memory.favourites);
  builder.section('recents', memory.recents);
  tree.sources.forEach((source, n) => builder.source(source, n + 1, tree.sources.length));
  return new RowIndex(builder.runs);
}

/** The rows of what was found. */
export function hitRows(input: ILayoutInput, result: ISearchState['result']): RowIndex {
  const builder = new Builder(input);
  const hits = result?.hits ?? [];
  hits.forEach((hit, n) => {
    const ref = { source: hit.source, schema: hit.schema, table: hit.table };
    const key = `hit:${keyOf(ref)}:${hit.column?.name ?? ''}`;
    const detail = input.details.get(keyOf(ref))?.detail;
    const isOpen = input.tree.open.has(key);
    const text = hit.column?.name ?? hit.table;
    builder.push(
      { kind: 'hit', ref, hit, ...(detail && { detail }) },
      { key, level: 1, text, isOpen, position: n + 1, size: hits.length },
      input.heights.hit
    );
    if (isOpen) builder.children(ref, { key, level: 2 });
  });
  return new RowIndex(builder.runs);
}

type Standing = Omit<TreeRow, keyof RowContent> & Pick<TreeRow, 'key' | 'level' | 'text' | 'position' | 'size'>;

class Builder {
  constructor(private readonly _input: ILayoutInput) {}

  readonly runs: IRun[] = [];

  push(content: RowContent, standing: Standing, height = this._input.heights.line): void {
    this.runs.push(listed([{ ...standing, ...content }], height));
  }

  section(section: 'favourites' | 'recents', refs: readonly ITableRef[]): void {
    if (refs.length === 0) return;
    const key = `section:${section}`;
    const isOpen = this._isOpen(key);
    const standing = { key, level: 1, text: section, isOpen, position: 1, size: 1 };
    this.push({ kind: 'section', section, count: refs.length }, standing);
    if (!isOpen) return;
    refs.forEach((ref, n) => {
      const own = `${section}:${keyOf(ref)}`;
      const detail = this._input.details.get(keyOf(ref))?.detail;
      const open = this._isOpen(own);
      this.push(
        { kind: 'table', ref, isApart: true, ...(detail && { detail, type: detail.type }) },
        { key: own, level: 2, text: ref.table, isOpen: open, parent: key, position: n + 1, size: refs.length }
      );
      if (open) this.children(ref, { key: own, level: 3 });
    });
  }

  source(source: Source, position: number, size: number): void {
    const key = sourceKey(source.id);
    const isOpen = this._isOpen(key);
    this.push({ kind: 'source', source }, { key, level: 1, text: source.label, isOpen, position, size });
    const under = { key, level: 2 };
    const { trouble } = source.index;
    if (trouble) this._problem(under, asError(trouble), { what: 'index', source: source.id }, 'index');
    if (!isOpen) return;
    const known = this._input.tree.schemas.get(source.id);
    if (known?.error) {
      // One sentence for one trouble.
      if (known.error.message !== trouble?.message) {
        this._problem(under, known.error, { what: 'schemas', source: source.id }, 'schemas');
      }
    } else if (!known?.schemas) {
      this._waiting(under);
    }
    if (!known?.schemas) return;
    const root = levelsTree(known.schemas);
    this._levels(source.id, root, under);
    if (root.schema) this._list(source.id, '', under);
    else if (root.below.length === 0) this._none(under, 'schemas');
  }

  /** What is below a table. */
  children(ref: ITableRef, under: IUnder): void {
    const { details, tree, heights } = this._input;
    const rows = tableChildren(ref, details.get(keyOf(ref)), under, tree.open);
    let lines: TreeRow[] = [];
    for (const row of rows) {
      if (row.kind === 'problem') {
        this.runs.push(listed(lines, heights.line), listed([row], heights.problem(row.problem.message)));
        lines = [];
      } else lines.push(row);
    }
    this.runs.push(listed(lines, heights.line));
  }

  private _levels(source: string, level: ILevel, under: IUnder): void {
    level.below.forEach((below, n) => {
      const key = levelKey(source, below.path);
      const isOpen = this._isOpen(key);
      const { schema } = below;
      const total = this._input.tree.lists.get(listKey(source, below.path));
      const count = total?.phase === 'ready' ? total.total : schema?.tables;
      this.push(
        {
          kind: 'level',
          source,
          schema: below.path,
          ...(count !== undefined && { count }),
          ...(schema?.trouble && { trouble: schema.trouble })
        },
        {
          key,
          level: under.level,
          text: below.name,
          isOpen,
          parent: under.key,
          position: n + 1,
          size: level.below.length
        }
      );
      if (!isOpen) return;
      const inside = { key, level: under.level + 1 };
      this._levels(source, below, inside);
      if (schema) this._list(source, below.path, inside, schema.trouble && asError(schema.trouble));
    });
  }

  private _list(source: string, schema: string, under: IUnder, trouble?: ProblemError): void {
    const list = this._input.tree.lists.get(listKey(source, schema));
    if (!list || list.phase === 'loading') {
      this._waiting(under);
      return;
    }
    const retry = { what: 'list', source, schema } as const;
    const error = list.error ?? trouble;
    if (error) this._problem(under, error, retry, 'list');
    if (list.phase === 'failed') return;
    if (list.total === 0 && !error) this._none(under, 'tables');
    let from = 0;
    for (const [name, index] of [...list.open].sort(([, one], [, other]) => one - other)) {
      if (index < from) continue;
      this.runs.push(tableRun({ source, schema }, list, under, from, index + 1, this._input));
      const ref = { source, schema, table: name };
      this.children(ref, { key: tableKey(ref), level: under.level + 1 });
      from = index + 1;
    }
    this.runs.push(tableRun({ source, schema }, list, under, from, list.total, this._input));
    for (const [page, problem] of list.failed) {
      this._problem(under, problem, { what: 'page', page: { source, schema, page } }, `page${page}`);
    }
  }

  private _problem(under: IUnder, problem: ProblemError, retry: Retry, what: string): void {
    const key = `${under.key}:problem:${what}`;
    const standing = { key, level: under.level, text: '', parent: under.key, position: 1, size: 1 };
    this.push({ kind: 'problem', problem, retry }, standing, this._input.heights.problem(problem.message));
  }

  private _waiting(under: IUnder): void {
    const standing = { key: `${under.key}:waiting`, level: under.level, text: '', parent: under.key };
    this.push({ kind: 'waiting' }, { ...standing, position: 1, size: 1 });
  }

  private _none(under: IUnder, of: 'schemas' | 'tables'): void {
    const standing = { key: `${under.key}:none`, level: under.level, text: '', parent: under.key };
    this.push({ kind: 'none', of }, { ...standing, position: 1, size: 1 });
  }

  private _isOpen(key: string): boolean {
    return this._input.tree.open.has(key);
  }
}

/** The key of the row of a table within its schema. */
export function tableKey(ref: ITableRef): string {
  return `table:${keyOf(ref)}`;
}

/** The tables of a list from one to another; each row is made when it is looked at. */
function tableRun(
  at: Pick<ITableRef, 'source' | 'schema'>,
  list: IList,
  under: IUnder,
  from: number,
  to: number,
  { details, heights }: ILayoutInput
): IRun {
  const { source, schema } = at;
  const row = (n: number): TreeRow => {
    const index = from + n;
    const page = { source, schema, page: Math.floor(index / PAGE) };
    const entry = entryAt(list, index);
    const standing = { level: under.level, parent: under.key, position: index + 1, size: list.total };
    if (!entry) return { ...standing, kind: 'unread', key: `${under.key}:${index}`, text: '', page };
    const ref = { source, schema, table: entry.name };
    const detail = details.get(keyOf(ref))?.detail;
    const isOpen = list.open.has(entry.name);
    const content = { kind: 'table', ref, type: entry.type, isApart: false, page, ...(detail && { detail }) } as const;
    return { ...standing, ...content, key: tableKey(ref), text: entry.name, isOpen };
  };
  const find = (key: string): number => {
    for (const [page, entries] of list.pages) {
      const here = entries.findIndex(({ name }) => tableKey({ source, schema, table: name }) === key);
      const index = page * PAGE + here;
      if (here >= 0 && index >= from && index < to) return index - from;
    }
    return -1;
  };
  const isOurs = `table:${JSON.stringify([source, schema]).slice(0, -1)},`;
  return {
    count: Math.max(0, to - from),
    height: heights.line,
    row,
    find: key => (key.startsWith(isOurs) ? find(key) : -1)
  };
}

function asError(trouble: { message: string; code: string }): ProblemError {
  return new ProblemError(trouble.code as ProblemCode, trouble.message);
}
