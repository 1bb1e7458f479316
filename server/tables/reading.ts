import { ProblemError } from '../../contract/problem.js';
import type { SchemaPath } from '../../contract/tables/index.js';
import type { Clock } from '../ports.js';
import { Late } from './deadline.js';
import { columnsText, namesText } from './index/text.js';
import type { StagedKind, TableIndex } from './index/ports.js';
import type { Opened } from './opened.js';
import type { TableSource } from './ports.js';

/** Most tables of one schema, and most columns of one source, in the index. */
export const MOST_TABLES = 2_000_000;
export const MOST_COLUMNS = 2_000_000;

/** Longest time until the next names come, and for all of a schema. Milliseconds. */
const NEXT = 10_000;
const ALL = 300_000;
/** Names or columns that become text before others get their turn. */
const SLICE = 2_000;

/** Reads a schema of a source into the index. */
export interface Reading {
  names(schema: SchemaPath, signal: AbortSignal): Promise<{ count: number; changed: boolean }>;
  /** @returns `none` where the source does not tell them, `too-many` where there are more than `most` */
  columns(schema: SchemaPath, most: number, signal: AbortSignal): Promise<{ count: number } | 'none' | 'too-many'>;
}

interface ReadingOptions {
  key: string;
  label: string;
  index: TableIndex;
  opened: Opened;
  clock: Clock;
}

export function createReading({ key, label, index, opened, clock }: ReadingOptions): Reading {
  /** Stages what a source gives, in slices that stop nobody else. @returns false where it is more than it may be */
  async function take<T>(
    schema: SchemaPath,
    kind: StagedKind,
    batches: AsyncIterable<readonly T[]>,
    most: number,
    weight: (item: T) => number,
    text: (items: readonly T[]) => string
  ): Promise<boolean> {
    let count = 0;
    index.drop(key, schema, kind);
    for await (const batch of inTime(batches, label, clock)) {
      for (const slice of slices(batch, weight)) {
        count += slice.reduce((sum, item) => sum + weight(item), 0);
        if (count > most) {
          index.drop(key, schema, kind);
          return false;
        }
        index.stage(key, schema, kind, text(slice));
        await new Promise(resolve => setImmediate(resolve));
      }
    }
    return true;
  }

  return {
    names: (schema, signal) =>
      opened.use('names', ALL, signal, async (source, own) => {
        const isWhole = await take(
          schema,
          'names',
          source.names(schema, { signal: own }),
          MOST_TABLES,
          () => 1,
          namesText
        );
        if (!isWhole) {
          throw new ProblemError(
            'source-failed',
            `This schema of ${label} has more than ${MOST_TABLES.toLocaleString('en')} tables, too many to list. Name the schemas that matter in the settings of the source.`
          );
        }
        return index.commit(key, schema, 'names', clock.now());
      }),
    columns: (schema, most, signal) =>
      opened.use('columns', ALL, signal, async (source: TableSource, own) => {
        if (source.columns === undefined) return 'none';
        const batches = source.columns(schema, { signal: own });
        const isWhole = await take(schema, 'columns', batches, most, each => each.columns.length + 1, columnsText);
        // Older columns would tell what is not so any more.
        const { count } = await index.commit(key, schema, 'columns', clock.now());
        return isWhole ? { count } : 'too-many';
      })
  };
}

/** Pieces of a batch of about the same weight. */
function* slices<T>(batch: readonly T[], weight: (item: T) => number): Iterable<T[]> {
  let slice: T[] = [];
  let sum = 0;
  for (const item of batch) {
    slice.push(item);
    sum += weight(item);
    if (sum < SLICE) continue;
    yield slice;
    slice = [];
    sum = 0;
  }
  if (slice.length > 0) yield slice;
}

/** Whatever comes, each next one within its time. */
async function* inTime<T>(batches: AsyncIterable<T>, label: string, clock: Clock): AsyncIterable<T> {
  const iterator = batches[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = new AbortController();
      const late = clock.sleep(NEXT, timer.signal).then(() => Promise.reject(new Late(label, NEXT)));
      late.catch(() => undefined);
      try {
        const next = await Promise.race([iterator.next(), late]);
        if (next.done === true) return;
        yield next.value;
      } finally {
        timer.abort();
      }
    }
  } finally {
    // One that hangs would not return either.
    void iterator.return?.().catch(() => undefined);
  }
}
