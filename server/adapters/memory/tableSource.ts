import { setImmediate as turn } from 'node:timers/promises';
import { ProblemError } from '../../../contract/problem.js';
import { levelsOf } from '../../../contract/tables/index.js';
import type { Column, SchemaPath, TableEntry, Value } from '../../../contract/tables/index.js';
import type { ColumnNames, TableFacts, TableSource } from '../../tables/ports.js';

/** A table of a memory source. */
export interface MemoryTable {
  type?: TableEntry['type'];
  columns: readonly Column[];
  /** Made when they are looked at. */
  rows?: () => Iterable<readonly Value[]>;
  facts?: Partial<TableFacts>;
}

/** Its schemas, each with its tables by name. They may change while it is used. */
export type MemorySchemas = Map<SchemaPath, Map<string, MemoryTable>>;

/** Names at a time. */
const BATCH = 5_000;

/** A source of tables that ends with the process. */
export function createMemoryTableSource({ schemas, label }: { schemas: MemorySchemas; label: string }): TableSource {
  function schemaOf(schema: SchemaPath): Map<string, MemoryTable> {
    const found = schemas.get(schema);
    if (found !== undefined) return found;
    throw new ProblemError(
      'source-not-found',
      `${label} has no schema ${levelsOf(schema).join('.')}. Read the list again.`
    );
  }

  function tableOf(schema: SchemaPath, name: string): MemoryTable {
    const found = schemaOf(schema).get(name);
    if (found !== undefined) return found;
    throw new ProblemError('source-not-found', `${label} has no table ${name}. Read the list again.`);
  }

  return {
    check: () => Promise.resolve([{ state: 'ok', detail: `${schemas.size} schemas in memory` }]),
    schemas: () => Promise.resolve([...schemas.keys()].map(schema => ({ schema }))),
    async *names(schema, { signal }) {
      let batch: TableEntry[] = [];
      for (const [name, { type = 'table' }] of schemaOf(schema)) {
        batch.push({ name, type });
        if (batch.length < BATCH) continue;
        yield batch;
        batch = [];
        await turn();
        signal.throwIfAborted();
      }
      yield batch;
    },
    async *columns(schema, { signal }) {
      let batch: ColumnNames[] = [];
      for (const [table, { columns }] of schemaOf(schema)) {
        batch.push({ table, columns });
        if (batch.length < BATCH / 10) continue;
        yield batch;
        batch = [];
        await turn();
        signal.throwIfAborted();
      }
      yield batch;
    },
    facts({ schema, table }) {
      return Promise.resolve().then(() => {
        const { type = 'table', columns, facts } = tableOf(schema, table);
        const name = [...levelsOf(schema), table];
        return { type, columns: [...columns], reach: { kind: 'spark', name }, ...facts };
      });
    },
    async rows({ schema, table }, { limit, maxBytes }) {
      const { columns, rows } = tableOf(schema, table);
      const taken: Value[][] = [];
      let bytes = 0;
      let more = false;
      let isCut = false;
      for (const row of rows?.() ?? []) {
        more = taken.length >= limit;
        if (more) break;
        bytes += JSON.stringify(row).length;
        isCut = more = bytes > maxBytes;
        if (more) break;
        taken.push([...row]);
        if (taken.length % 1000 === 0) await turn();
      }
      const cut = isCut ? { cut: `${Math.round(maxBytes / 1024 / 1024)} MB` } : {};
      return { columns: columns.map(({ name, type, kind }) => ({ name, type, kind })), rows: taken, more, ...cut };
    },
    close: () => Promise.resolve()
  };
}
