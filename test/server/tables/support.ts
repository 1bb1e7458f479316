import { join } from 'node:path';
import type { Column } from '../../../contract/tables/index.js';
import { createManualClock } from '../../../server/adapters/memory/clock.js';
import { createMemoryLog } from '../../../server/adapters/memory/log.js';
import { createMemoryTableSource } from '../../../server/adapters/memory/tableSource.js';
import type { MemorySchemas, MemoryTable } from '../../../server/adapters/memory/tableSource.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import type { Caller, Clock } from '../../../server/ports.js';
import { createIndexEngine } from '../../../server/tables/index/engine.js';
import { createIndexFiles } from '../../../server/tables/index/files.js';
import type { TableSource } from '../../../server/tables/ports.js';
import { createTableService } from '../../../server/tables/service.js';
import type { TableService } from '../../../server/tables/service.js';
import type { ConfiguredSource, Sources } from '../../../server/tables/sources.js';
import { scratch } from '../../support/scratch.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const eve: Caller = { name: 'eve', groups: [], via: 'jupyter' };
export const START = Date.UTC(2026, 10, 22, 9, 12);

/** A table with columns of text. */
export function tableOf(...columns: string[]): MemoryTable {
  return { columns: columns.map((name): Column => ({ name, type: 'text', kind: 'string' })) };
}

/** Schemas by name, each with its tables by name. */
export function schemasOf(schemas: Record<string, Record<string, MemoryTable>>): MemorySchemas {
  return new Map(Object.entries(schemas).map(([schema, tables]) => [schema, new Map(Object.entries(tables))]));
}

/** A clock whose dates stand still until they are moved, and whose waits are real: what hangs is given up in time. */
export interface TestClock extends Clock {
  move(milliseconds: number): void;
}

export function testClock(): TestClock {
  const dates = createManualClock(START);
  return { ...systemClock, now: () => dates.now(), move: milliseconds => dates.move(milliseconds) };
}

export interface Bench {
  service: TableService;
  sources: Record<string, TableSource>;
  clock: Clock & { move(milliseconds: number): void };
  log: ReturnType<typeof createMemoryLog>;
  directory: string;
  /** How often each source was made. */
  made: Record<string, number>;
}

/** A service over given sources, its index in this thread and in a scratch folder. */
export function bench(
  sources: Record<string, TableSource | MemorySchemas>,
  {
    directory = join(scratch('lakeside-tables'), 'tables'),
    clock = testClock()
  }: { directory?: string; clock?: Clock } = {}
): Bench {
  const log = createMemoryLog();
  const made: Record<string, number> = {};
  const all: Record<string, TableSource> = Object.fromEntries(
    Object.entries(sources).map(([id, source]) => [
      id,
      source instanceof Map ? createMemoryTableSource({ schemas: source, label: id }) : source
    ])
  );
  const list: Sources = {
    list: async () =>
      Object.keys(all).map((id): ConfiguredSource => ({
        id,
        label: id,
        kind: 'memory',
        description: '',
        origin: 'configuration',
        fingerprint: 'same'
      })),
    async make(id) {
      made[id] = (made[id] ?? 0) + 1;
      return all[id]!;
    },
    check: async () => [],
    test: async () => [],
    add: async () => undefined
  };
  const index = createIndexEngine({ files: createIndexFiles({ directory, log }) });
  const service = createTableService({ sources: list, index, snippets: () => [], clock, log });
  return { service, sources: all, clock: clock as TestClock, log, directory, made };
}

/** Waits until no index is being built, and tells how they are. */
export async function settled(service: TableService, caller = ada) {
  for (;;) {
    const all = await service.sources(caller);
    if (all.every(({ index }) => index.state !== 'building' && index.state !== 'none')) {
      return Object.fromEntries(all.map(({ id, index }) => [id, index]));
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
