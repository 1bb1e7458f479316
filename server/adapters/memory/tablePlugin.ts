import * as z from 'zod';
import { definePlugin } from '../../plugins/plugin.js';

const count = (most: number, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z
    .number()
    .int('must be a whole number')
    .min(1, 'must be at least 1')
    .max(most, `must be at most ${most}`)
    .default(fallback);

/** Tables that are made up, to try the panel with and to measure. */
export const memoryTablesPlugin = definePlugin({
  kind: 'table-source',
  id: 'memory',
  config: z.object({
    schemas: count(10_000, 5).describe('How many schemas.'),
    tables: count(1_000_000, 20).describe('How many tables in each.'),
    columns: count(1_000, 8).describe('How many columns in each table.')
  }),
  async create(settings, { label = 'memory' }) {
    const [{ createMemoryTableSource }, { makeTables }] = await Promise.all([
      import('./tableSource.js'),
      import('./madeTables.js')
    ]);
    return createMemoryTableSource({ schemas: makeTables(settings), label });
  }
});
