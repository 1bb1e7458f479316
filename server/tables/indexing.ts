import { ProblemError } from '../../contract/problem.js';
import type { IndexState, Schema, SchemaPath, TableEntry, Trouble } from '../../contract/tables/index.js';
import type { Clock, Log } from '../ports.js';
import { asProblem } from './deadline.js';
import type { TableIndex } from './index/ports.js';
import type { Opened } from './opened.js';
import { createReading, MOST_COLUMNS } from './reading.js';
import type { SourceSchema } from './ports.js';

/** An index that is older is read anew behind the back of whoever uses it. Milliseconds. */
const FRESH = 5 * 60_000;
/** Columns of a schema whose tables are the same are read anew when they are older. */
const COLUMNS_FRESH = 6 * 3_600_000;
/** Between two attempts by themselves: after any failure, and after one of the sign-in or of rights. */
const AGAIN = 15_000;
const AGAIN_SIGNIN = 60_000;
/** Questions to one source at the same time in the background. */
const AT_ONCE = 2;
/** Longest time for the list of schemas. Milliseconds. */
const LIST = 10_000;
/** After so many schemas in a row that did not answer, the source counts as gone. */
const GONE = 2;

/** The index of one source for one person: kept up to date while it is used. */
export interface Indexing {
  /** How far it is. */
  state(): IndexState;
  /** Takes up what is kept; reads anew behind where that is old. Never waits for the source. */
  ensure(): Promise<void>;
  /** Reads all anew behind, whatever its age. */
  refresh(): void;
  /** @throws ProblemError where there is no index, and the source does not tell */
  schemas(): Promise<Schema[]>;
  /** @throws ProblemError where they are not in the index, and the source does not tell */
  page(schema: SchemaPath, offset: number, limit: number): Promise<{ tables: TableEntry[]; total: number }>;
  /** As lines. @throws ProblemError as `page` */
  names(schema: SchemaPath, encoding: 'br' | 'gzip' | undefined): Promise<Uint8Array>;
  close(): void;
}

export interface IndexingOptions {
  key: string;
  label: string;
  index: TableIndex;
  opened: Opened;
  clock: Clock;
  log: Log;
}

interface Counts {
  tables: number | undefined;
  columns: number | undefined;
  columnsAt: number | undefined;
}

export function createIndexing(options: IndexingOptions): Indexing {
  const { key, label, index, opened, clock, log } = options;
  const reading = createReading(options);
  const counts = new Map<SchemaPath, Counts>();
  const troubles = new Map<SchemaPath, Trouble>();
  const ended = new AbortController();
  let asOf: number | undefined;
  let building: { done: number; total: number } | undefined;
  let failed: { trouble: Trouble; at: number } | undefined;
  /** Why the index is not whole. */
  let lacking: Trouble | undefined;
  /** Why names and columns lie in no file. */
  let unkept: Trouble | undefined;
  let loaded: Promise<void> | undefined;
  /** Schemas that are being read: several who want the same wait for one answer. */
  const reads = new Map<SchemaPath, Promise<boolean>>();
  let listing: Promise<SourceSchema[]> | undefined;

  async function load(): Promise<void> {
    const kept = await index.kept(key);
    asOf = kept.asOf;
    for (const { schema, ...rest } of kept.schemas) counts.set(schema, rest);
  }

  function isDue(): boolean {
    if (building !== undefined || ended.signal.aborted) return false;
    const now = clock.now();
    if (failed !== undefined) {
      const isSignIn = failed.trouble.code === 'source-signin' || failed.trouble.code === 'source-forbidden';
      if (now - failed.at < (isSignIn ? AGAIN_SIGNIN : AGAIN)) return false;
    }
    return asOf === undefined || now - asOf > FRESH || now < asOf;
  }

  function build(all: boolean): void {
    if (building !== undefined || ended.signal.aborted) return;
    building = { done: 0, total: 0 };
    void readAll(all)
      .then(() => (failed = undefined))
      .catch((error: unknown) => {
        if (ended.signal.aborted) return;
        failed = { trouble: troubleOf(asProblem(error, { label, what: 'index', log })), at: clock.now() };
      })
      .finally(() => (building = undefined));
  }

  async function readAll(all: boolean): Promise<void> {
    const progress = building ?? { done: 0, total: 0 };
    const began = clock.now();
    const found = await listSchemas();
    progress.total = found.length;
    const changed = new Set<SchemaPath>();
    let silent = 0;
    await eachOf(found, AT_ONCE, async ({ schema, trouble }) => {
      try {
        if (trouble !== undefined) throw new ProblemError('source-forbidden', trouble.message, { details: trouble });
        if (await readNames(schema)) changed.add(schema);
        silent = 0;
      } catch (error) {
        const problem = asProblem(error, { label, what: 'names', log });
        if (problem.code === 'source-signin') throw problem;
        if (problem.code === 'source-unreachable' && ++silent >= GONE) throw problem;
        troubles.set(schema, trouble ?? troubleOf(problem));
        if (!counts.has(schema)) counts.set(schema, { tables: undefined, columns: undefined, columnsAt: undefined });
      }
      progress.done++;
    });
    for (const schema of counts.keys()) if (!found.some(each => each.schema === schema)) counts.delete(schema);
    unkept = await index.finish(
      key,
      found.map(({ schema }) => schema),
      began
    );
    asOf = began;
    await readColumns(all, changed);
  }

  /** @returns whether there are other tables than before */
  function readNames(schema: SchemaPath): Promise<boolean> {
    const running = reads.get(schema) ?? read(schema).finally(() => reads.delete(schema));
    reads.set(schema, running);
    return running;
  }

  async function read(schema: SchemaPath): Promise<boolean> {
    const { count, changed } = await reading.names(schema, ended.signal);
    troubles.delete(schema);
    counts.set(schema, { columns: undefined, columnsAt: undefined, ...counts.get(schema), tables: count });
    return changed;
  }

  /** Columns of the smallest schemas first, so that as many schemas as can be have theirs. */
  async function readColumns(all: boolean, changed: ReadonlySet<SchemaPath>): Promise<void> {
    lacking = undefined;
    const now = clock.now();
    const old = ({ columnsAt }: Counts): boolean => columnsAt === undefined || now - columnsAt > COLUMNS_FRESH;
    const wanted = [...counts]
      .filter(([schema, each]) => (each.tables ?? 0) > 0 && (all || changed.has(schema) || old(each)))
      .sort(([, a], [, b]) => (a.tables ?? 0) - (b.tables ?? 0));
    const lacks: SchemaPath[] = [];
    const read: SchemaPath[] = [];
    await eachOf(wanted, 1, async ([schema, each]) => {
      const others = [...counts].reduce((sum, [path, { columns = 0 }]) => sum + (path === schema ? 0 : columns), 0);
      try {
        const found = await reading.columns(schema, MOST_COLUMNS - others, ended.signal);
        if (found === 'none') return;
        read.push(schema);
        if (found === 'too-many') {
          lacks.push(schema);
          counts.set(schema, { ...each, columns: 0, columnsAt: now });
        } else counts.set(schema, { ...each, columns: found.count, columnsAt: now });
      } catch (error) {
        const problem = asProblem(error, { label, what: 'columns', log });
        log.info({ source: label, schema, code: problem.code }, 'columns of a schema were not read');
        if (problem.code === 'source-unreachable' || problem.code === 'source-signin') throw problem;
      }
    });
    if (read.length > 0) unkept = (await index.save(key)) ?? unkept;
    if (lacks.length > 0) {
      lacking = {
        code: 'too-large',
        message: `The columns of ${lacks.length} of ${counts.size} schemas are not in the index, which holds ${MOST_COLUMNS.toLocaleString('en')} columns of a source at most. Their tables are found by name.`
      };
    }
  }

  /** Several that ask for the schemas at the same time get one answer. */
  function listSchemas(): Promise<SourceSchema[]> {
    listing ??= opened
      .use('schemas', LIST, ended.signal, async (source, signal) => source.schemas({ signal }))
      .finally(() => (listing = undefined));
    return listing;
  }

  async function ensure(): Promise<void> {
    loaded ??= load();
    // What failed is tried again with the next call.
    loaded.catch(() => (loaded = undefined));
    await loaded;
    if (isDue()) build(false);
  }

  function sum(of: (each: Counts) => number | undefined): number {
    return [...counts.values()].reduce((total, each) => total + (of(each) ?? 0), 0);
  }

  return {
    state() {
      const has = asOf !== undefined;
      const state =
        building !== undefined
          ? 'building'
          : failed !== undefined
            ? has
              ? 'stale'
              : 'failed'
            : has
              ? 'ready'
              : 'none';
      const trouble = failed?.trouble ?? unkept ?? lacking;
      return {
        state,
        schemas: counts.size,
        tables: sum(each => each.tables),
        columns: sum(each => each.columns),
        ...(asOf !== undefined && { asOf: new Date(asOf).toISOString() }),
        ...(building !== undefined && { progress: { ...building } }),
        ...(trouble !== undefined && { trouble })
      };
    },
    ensure,
    refresh() {
      failed = undefined;
      build(true);
    },
    async schemas() {
      await ensure();
      if (asOf === undefined) {
        for (const { schema, trouble } of await listSchemas()) {
          if (!counts.has(schema)) counts.set(schema, { tables: undefined, columns: undefined, columnsAt: undefined });
          if (trouble !== undefined) troubles.set(schema, trouble);
        }
      }
      return [...counts]
        .map(([schema, { tables }]) => {
          const trouble = troubles.get(schema);
          return { schema, ...(tables !== undefined && { tables }), ...(trouble !== undefined && { trouble }) };
        })
        .sort((a, b) => (a.schema < b.schema ? -1 : 1));
    },
    async page(schema, offset, limit) {
      await ensure();
      const found = await index.page(key, schema, offset, limit);
      if (found !== undefined) return found;
      await readNames(schema);
      return (await index.page(key, schema, offset, limit)) ?? { tables: [], total: 0 };
    },
    async names(schema, encoding) {
      await ensure();
      const found = await index.names(key, schema, encoding);
      if (found !== undefined) return found;
      await readNames(schema);
      return (await index.names(key, schema, encoding)) ?? new Uint8Array();
    },
    close: () => ended.abort()
  };
}

function troubleOf({ code, message }: ProblemError): Trouble {
  return { code, message };
}

/** Works on all, so many at the same time, until one throws. */
async function eachOf<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  let isOver = false;
  const worker = async (): Promise<void> => {
    for (const item of rest) {
      if (isOver) return;
      try {
        await work(item);
      } catch (error) {
        isOver = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
