import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryTableSource } from '../../../server/adapters/memory/tableSource.js';
import { scratch } from '../../support/scratch.js';
import { ada, bench, eve, schemasOf, settled, START, tableOf, testClock } from './support.js';

const MINUTE = 60_000;
const shop = () => schemasOf({ sales: { orders: tableOf('id', 'customer_id'), refunds: tableOf('id') } });
const find = { columns: true, limit: 200 };

describe('an index that is kept', () => {
  test('is there after a restart at once, with its time, and asks nobody', async () => {
    const first = bench({ shop: shop() });
    await settled(first.service);
    await first.service.close();
    const again = bench({ shop: shop() }, { directory: first.directory });
    const { hits, asOf } = await again.service.search(ada, { q: 'customer', ...find });
    expect(hits.map(hit => hit.column?.name ?? hit.table)).toEqual(['customer_id']);
    expect(asOf).toBe(new Date(START).toISOString());
    expect((await again.service.sources(ada))[0]?.index).toMatchObject({ state: 'ready', tables: 2, columns: 3 });
    expect(again.made).toEqual({});
  });

  test('is for its owner alone, on disk too', async () => {
    const { service, directory } = bench({ shop: shop() });
    await settled(service);
    await settled(service, eve);
    const files = readdirSync(directory);
    expect(files).toHaveLength(4);
    for (const file of files) expect(statSync(join(directory, file)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(new Set(files.map(file => file.split('.')[0])).size).toBe(2);
  });

  test('is read anew behind when it is old, and answers meanwhile', async () => {
    const schemas = shop();
    const { service, clock } = bench({ shop: schemas });
    await settled(service);
    schemas.get('sales')?.set('coupons', tableOf('code'));
    expect((await service.search(ada, { q: 'coupons', ...find })).total).toBe(0);
    clock.move(6 * MINUTE);
    const old = await service.search(ada, { q: 'coupons', ...find });
    expect(old).toMatchObject({ total: 0, asOf: new Date(START).toISOString() });
    await settled(service);
    const { hits, asOf } = await service.search(ada, { q: 'co', ...find });
    expect(hits.map(hit => hit.column?.name ?? hit.table)).toEqual(['coupons', 'code']);
    expect(asOf).toBe(new Date(START + 6 * MINUTE).toISOString());
  });

  test('is read anew where somebody asks for it', async () => {
    const schemas = shop();
    const { service } = bench({ shop: schemas });
    await settled(service);
    schemas.set('new', new Map([['coupons', tableOf('code')]]));
    schemas.delete('sales');
    expect((await service.refresh(ada, 'shop')).index.state).toBe('building');
    await settled(service);
    expect((await service.schemas(ada, 'shop')).map(({ schema }) => schema)).toEqual(['new']);
    expect((await service.search(ada, { q: 'orders', ...find })).total).toBe(0);
  });

  test('stays where reading it anew fails, and says so', async () => {
    const source = createMemoryTableSource({ schemas: shop(), label: 'shop' });
    const { service, clock } = bench({ shop: source });
    await settled(service);
    source.schemas = () => Promise.reject(new TypeError('x is undefined'));
    clock.move(6 * MINUTE);
    const { shop: index } = await settled(service);
    expect(index).toMatchObject({
      state: 'stale',
      tables: 2,
      asOf: new Date(START).toISOString(),
      trouble: { code: 'source-failed' }
    });
    expect(index?.trouble?.message).not.toContain('undefined');
    expect((await service.search(ada, { q: 'orders', ...find })).total).toBe(1);
  });

  test.each([
    ['bytes that are nothing', () => Buffer.from('nonsense')],
    ['nothing at all', () => Buffer.alloc(0)],
    ['the half of it', (whole: Buffer) => whole.subarray(0, whole.length / 2)]
  ])('that was damaged (%s) is read anew', async (_, damage) => {
    const { service, directory } = bench({ shop: shop() });
    await settled(service);
    await service.close();
    for (const file of readdirSync(directory)) {
      writeFileSync(join(directory, file), damage(readFileSync(join(directory, file))));
    }
    const again = bench({ shop: shop() }, { directory });
    expect((await settled(again.service))['shop']).toMatchObject({ state: 'ready', tables: 2, columns: 3 });
    expect(again.log.entries.filter(({ level }) => level === 'warn')).not.toEqual([]);
    await again.service.close();
    const third = bench({ shop: shop() }, { directory });
    expect((await third.service.search(ada, { q: 'orders', ...find })).total).toBe(1);
  });

  test('that cannot be written is used all the same', async () => {
    const directory = join(scratch(), 'tables');
    writeFileSync(directory, 'a file where the folder should be');
    chmodSync(directory, 0o600);
    const { service, log } = bench({ shop: shop() }, { directory });
    expect((await settled(service))['shop']).toMatchObject({ state: 'ready', tables: 2 });
    expect(log.entries.some(({ message }) => /cannot be written/.test(message))).toBe(true);
    const [{ index } = { index: undefined }] = await service.sources(ada);
    expect(index?.trouble).toMatchObject({ code: 'internal', message: expect.stringContaining(directory) });
  });

  test('holds no more than it should when the clock goes back', async () => {
    const clock = testClock();
    const { service } = bench({ shop: shop() }, { clock });
    await settled(service);
    clock.move(-60 * MINUTE);
    await service.sources(ada);
    expect((await settled(service))['shop']?.asOf).toBe(new Date(START - 60 * MINUTE).toISOString());
  });
});
