import { createHash } from 'node:crypto';
import { ProblemError } from '../../contract/problem.js';
import type { Bytes } from '../../contract/route.js';
import type {
  Column,
  Preview,
  Profile,
  Schema,
  SchemaPath,
  SearchResult,
  Snippet,
  Source,
  SourceTest,
  TableDetail,
  TableEntry,
  TableRef
} from '../../contract/tables/index.js';
import type { Caller, Clock, Log } from '../ports.js';
import { ask } from './deadline.js';
import { createIndexing } from './indexing.js';
import type { Indexing } from './indexing.js';
import type { TableIndex } from './index/ports.js';
import { createOpened } from './opened.js';
import type { Opened } from './opened.js';
import type { Rows, RowsOptions, TableReach } from './ports.js';
import { profileOf } from './profile.js';
import type { ConfiguredSource, Sources } from './sources.js';

/** Longest times, in milliseconds. */
const FACTS = 10_000;
const ROWS = 5_000;
const PROFILE_ROWS = 10_000;
const TEST = 10_000;
/** A source that nobody used is closed after it. */
const IDLE = 5 * 60_000;
/** Bytes of a preview, and of the rows of a profile, which stay here. */
const PREVIEW_BYTES = 1024 * 1024;
const PROFILE_BYTES = 16 * 1024 * 1024;

/** The tables of all sources, for one person. */
export interface TableService {
  sources(caller: Caller): Promise<Source[]>;
  /** @throws ProblemError `not-found`; what the source says */
  schemas(caller: Caller, id: string): Promise<Schema[]>;
  list(caller: Caller, id: string, page: ListQuery): Promise<{ tables: TableEntry[]; total: number }>;
  names(caller: Caller, id: string, schema: SchemaPath): Promise<Bytes>;
  /** @throws ProblemError `not-found` for a source that is not there */
  search(caller: Caller, query: SearchQuery): Promise<SearchResult>;
  table(caller: Caller, id: string, ref: TableRef, signal: AbortSignal): Promise<TableDetail>;
  preview(caller: Caller, id: string, query: PreviewQuery, signal: AbortSignal): Promise<Preview>;
  profile(caller: Caller, id: string, ref: TableRef, signal: AbortSignal): Promise<Profile>;
  /** Begins to read all names anew. */
  refresh(caller: Caller, id: string): Promise<Source>;
  /** @throws ProblemError `invalid` naming the fields of settings that are not right */
  test(caller: Caller, settings: Record<string, unknown>, signal: AbortSignal): Promise<SourceTest>;
  /** @throws ProblemError `invalid`, `conflict` */
  add(caller: Caller, id: string, settings: Record<string, unknown>): Promise<Source>;
  close(): Promise<void>;
}

export interface ListQuery {
  schema: SchemaPath;
  offset: number;
  limit: number;
}

export interface SearchQuery {
  q: string;
  source?: string | undefined;
  columns: boolean;
  limit: number;
}

export interface PreviewQuery extends TableRef {
  limit: number;
  partition?: string | undefined;
  snapshot?: string | undefined;
}

export interface TableServiceOptions {
  sources: Sources;
  index: TableIndex;
  /** Code that reads a table. */
  snippets: (source: string, ref: TableRef, reach: TableReach, columns: readonly Column[]) => Snippet[];
  clock: Clock;
  log: Log;
}

export function createTableService(options: TableServiceOptions): TableService {
  const { sources, index, snippets, clock, log } = options;
  const opened = new Map<string, Opened>();
  const indexings = new Map<string, Indexing>();

  async function mustHave(id: string): Promise<ConfiguredSource> {
    const all = await sources.list();
    const found = all.find(each => each.id === id);
    if (found !== undefined) return found;
    const there = all.length === 0 ? 'There is none' : `There is: ${all.map(each => each.id).join(', ')}`;
    throw new ProblemError('not-found', `There is no source of tables "${id.slice(0, 100)}". ${there}.`);
  }

  function openedOf({ id, label, fingerprint }: ConfiguredSource): Opened {
    const key = `${id} ${fingerprint}`;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const made = createOpened({ label, make: () => sources.make(id), idle: IDLE, clock, log });
    opened.set(key, made);
    return made;
  }

  function indexingOf(caller: Caller, source: ConfiguredSource): Indexing {
    const key = indexKey(caller, source);
    const known = indexings.get(key);
    if (known !== undefined) return known;
    const made = createIndexing({ key, label: source.label, index, opened: openedOf(source), clock, log });
    indexings.set(key, made);
    return made;
  }

  function told(caller: Caller, source: ConfiguredSource): Source {
    const { id, label, kind, description, origin } = source;
    return { id, label, kind, description, origin, index: indexingOf(caller, source).state() };
  }

  /** What belongs to settings that are no more is closed. */
  async function forget(): Promise<void> {
    const keys = new Set((await sources.list()).map(({ id, fingerprint }) => `${id} ${fingerprint}`));
    for (const [key, each] of opened) {
      if (keys.has(key)) continue;
      opened.delete(key);
      await each.close();
    }
  }

  function rowsOf(source: ConfiguredSource, ref: TableRef, wanted: RowsOptions, signal: AbortSignal): Promise<Rows> {
    return openedOf(source).use('rows', ROWS, signal, (from, own) => from.rows(ref, wanted, { signal: own }));
  }

  return {
    async sources(caller) {
      const all = await sources.list();
      await Promise.all(all.map(source => indexingOf(caller, source).ensure()));
      return all.map(source => told(caller, source));
    },
    schemas: async (caller, id) => indexingOf(caller, await mustHave(id)).schemas(),
    list: async (caller, id, { schema, offset, limit }) =>
      indexingOf(caller, await mustHave(id)).page(schema, offset, limit),
    async names(caller, id, schema) {
      const indexing = indexingOf(caller, await mustHave(id));
      // So that what is wrong is said before the answer begins.
      await indexing.page(schema, 0, 1);
      return {
        contentType: 'text/plain; charset=utf-8',
        stream: (async function* () {
          yield await indexing.names(schema, undefined);
        })(),
        encoded: encoding => indexing.names(schema, encoding)
      };
    },
    async search(caller, { source, q, columns, limit }) {
      const wanted = source === undefined ? await sources.list() : [await mustHave(source)];
      const all = wanted.map(each => ({
        id: each.id,
        key: indexKey(caller, each),
        indexing: indexingOf(caller, each)
      }));
      await Promise.all(all.map(({ indexing }) => indexing.ensure()));
      const { hits, total } = await index.search(
        all.map(({ key }) => key),
        { q, columns, limit }
      );
      const times = all.flatMap(({ indexing }) => indexing.state().asOf ?? []).sort();
      const [asOf] = times;
      return {
        hits: hits.map(hit => ({ ...hit, source: all[hit.source]?.id ?? '' })),
        total,
        ...(asOf !== undefined && { asOf })
      };
    },
    async table(_caller, id, ref, signal) {
      const source = await mustHave(id);
      const {
        reach,
        troubles = [],
        ...facts
      } = await openedOf(source).use('table', FACTS, signal, (from, own) => from.facts(ref, { signal: own }));
      const { schema, table: name } = ref;
      return { source: id, schema, name, ...facts, troubles, snippets: snippets(id, ref, reach, facts.columns) };
    },
    async preview(_caller, id, { limit, partition, snapshot, ...ref }, signal) {
      const began = clock.monotonic();
      const wanted = { limit, maxBytes: PREVIEW_BYTES, partition, snapshot };
      const { columns, rows, more, cut } = await rowsOf(await mustHave(id), ref, wanted, signal);
      const of = partition ?? (snapshot === undefined ? undefined : `snapshot ${snapshot}`);
      return {
        columns,
        rows,
        more,
        ...(cut !== undefined && { cut }),
        ...(of !== undefined && { of }),
        milliseconds: Math.round(clock.monotonic() - began)
      };
    },
    async profile(_caller, id, ref, signal) {
      const began = clock.monotonic();
      const wanted = { limit: PROFILE_ROWS, maxBytes: PROFILE_BYTES };
      const rows = await rowsOf(await mustHave(id), ref, wanted, signal);
      const columns = await profileOf(rows, signal);
      const milliseconds = Math.round(clock.monotonic() - began);
      return { rows: rows.rows.length, complete: !rows.more, columns, milliseconds };
    },
    async refresh(caller, id) {
      const source = await mustHave(id);
      const indexing = indexingOf(caller, source);
      await indexing.ensure();
      indexing.refresh();
      return told(caller, source);
    },
    async test(_caller, settings, signal) {
      const question = { label: 'The source', what: 'test', within: TEST, signal, clock, log };
      const findings = await ask(question, own => sources.test(settings, own)).catch((error: unknown) => {
        const isFinding = error instanceof ProblemError && error.errors === undefined && error.code !== 'cancelled';
        if (!isFinding) throw error;
        return [{ state: 'failed' as const, detail: error.message }];
      });
      return { ok: findings.every(({ state }) => state !== 'failed'), findings };
    },
    async add(caller, id, settings) {
      await sources.add(id, settings);
      await forget();
      const source = await mustHave(id);
      await indexingOf(caller, source).ensure();
      return told(caller, source);
    },
    async close() {
      for (const each of indexings.values()) each.close();
      await Promise.allSettled([...opened.values()].map(each => each.close()));
      await index.close();
    }
  };
}

/** Rights differ from person to person, and so may what they see. */
function indexKey({ name }: Caller, { id, fingerprint }: ConfiguredSource): string {
  return createHash('sha256')
    .update(JSON.stringify([id, fingerprint, name]))
    .digest('hex')
    .slice(0, 32);
}
