import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Deletes } from '../../../../server/adapters/common/iceberg/deletes.js';
import type { Entry, TableFiles } from '../../../../server/adapters/common/iceberg/manifests.js';
import { Metadata } from '../../../../server/adapters/common/iceberg/metadata.js';
import { openFolder } from '../../../../server/adapters/common/lake/folder.js';
import { asking, madeBy } from '../../../support/tables/lake.js';

let folder: string;
let files: TableFiles;

beforeAll(() => {
  folder = madeBy('test/support/tables/lake_files.py');
  files = openFolder(join(folder, '_deletes'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = (path: string, more: Partial<Entry>): Entry => ({
  path,
  bytes: undefined as unknown as number,
  rows: 3,
  format: 'PARQUET',
  content: 0,
  specId: 0,
  sequence: 1,
  partition: {},
  equalityIds: [],
  ...more
});

const partitioned = Metadata.parse({
  location: 'file:///x',
  'partition-specs': [
    { 'spec-id': 0, fields: [{ name: 'day', transform: 'day', 'source-id': 3 }] },
    { 'spec-id': 1, fields: [] }
  ]
});

/** Which of six rows are deleted. */
async function deleted(entries: Entry[], data: Partial<Entry> = {}): Promise<number[]> {
  const deletes = await Deletes.read(files, partitioned, entries, asking());
  const { isDeleted } = deletes.of(entry('data.parquet', data));
  return [0, 1, 2, 3, 4, 5].filter(at => isDeleted(at, id => (id === 1 ? at : null)));
}

test('by place: of that file, from the same commit on', async () => {
  const places = entry('places.parquet', { content: 1, sequence: 2 });
  expect(await deleted([places], { sequence: 1 })).toEqual([0, 3]);
  expect(await deleted([places], { sequence: 2 })).toEqual([0, 3]);
  expect(await deleted([places], { sequence: 3 })).toEqual([]);
});

test('by value: of earlier commits, of its partition, or of all where it has none', async () => {
  const values = entry('values.parquet', { content: 2, sequence: 2, equalityIds: [1], partition: { day: 5 } });
  expect(await deleted([values], { partition: { day: 5 } })).toEqual([2]);
  expect(await deleted([values], { partition: { day: 6 } })).toEqual([]);
  expect(await deleted([values], { sequence: 2, partition: { day: 5 } })).toEqual([]);
  const global = { ...values, specId: 1, partition: {} };
  expect(await deleted([global], { partition: { day: 6 } })).toEqual([2]);
});

test('both, and what is too much or unknown is said', async () => {
  const places = entry('places.parquet', { content: 1, sequence: 2 });
  const values = entry('values.parquet', { content: 2, sequence: 2, equalityIds: [1], specId: 1 });
  expect(await deleted([places, values])).toEqual([0, 2, 3]);
  await expect(deleted([{ ...places, rows: 3_000_000 }])).rejects.toThrow(/Compact it/);
  await expect(deleted([{ ...places, format: 'PUFFIN' }])).rejects.toThrow(/PUFFIN/);
});
