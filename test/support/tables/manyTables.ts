import { expect } from 'vitest';
import type { IndexState } from '../../../contract/tables/index.js';
import type { TableSource } from '../../../server/tables/ports.js';
import type { TableService } from '../../../server/tables/service.js';
import { ada, bench, settled } from '../../server/tables/support.js';

/** The service and its index over a source with very many tables, the index in a folder. */
export interface ManyTables {
  service: TableService;
  /** How often the source was made. */
  made(): number;
}

export function manyTables(source: TableSource, directory: string): ManyTables {
  const { service, made } = bench({ many: source }, { directory });
  return { service, made: () => made['many'] ?? 0 };
}

/** How the index is once all is read. */
export async function indexed({ service }: ManyTables): Promise<IndexState> {
  const index = (await settled(service))['many'];
  if (index === undefined) throw new Error('The source is not there.');
  return index;
}

/** Every name of a schema, as the route of names gives them. */
export async function namesOf({ service }: ManyTables, schema: string): Promise<string[]> {
  const { stream } = await service.names(ada, 'many', schema);
  let text = '';
  for await (const part of stream) text += Buffer.from(part).toString();
  return text.split('\n').filter(Boolean);
}

/** The tables of a page, and how many there are. */
export async function pageOf(
  { service }: ManyTables,
  schema: string,
  offset: number
): Promise<{ names: string[]; total: number }> {
  const { tables, total } = await service.list(ada, 'many', { schema, offset, limit: 200 });
  return { names: tables.map(({ name }) => name), total };
}

/** What a search finds: the hits as `schema.table` or `schema.table.column`, and how many there are. */
export async function found(
  { service }: ManyTables,
  q: string,
  columns = true
): Promise<{ hits: string[]; total: number }> {
  const { hits, total } = await service.search(ada, { q, columns, limit: 200 });
  return {
    hits: hits.map(({ schema, table, column }) => [schema, table, column?.name].filter(Boolean).join('.')),
    total
  };
}

/** The second start: everything is there at once, from the files, and the source is not asked. */
export async function takenUp(source: TableSource, directory: string, before: IndexState, q: string): Promise<void> {
  const again = manyTables(source, directory);
  const began = performance.now();
  expect((await found(again, q, false)).hits[0]).toContain(q);
  const took = performance.now() - began;
  const { state, schemas, tables, columns, asOf } = before;
  const [now] = await again.service.sources(ada);
  expect(now?.index).toMatchObject({ state, schemas, tables, columns, asOf });
  expect(again.made()).toBe(0);
  expect(took).toBeLessThan(5_000);
  await again.service.close();
}
