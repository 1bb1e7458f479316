import { describe, expect, test } from 'vitest';
import { ada, bench, schemasOf, settled, START, tableOf } from './support.js';

const shop = () =>
  schemasOf({
    sales: { orders: tableOf('id', 'customer_id'), 'Order Items': tableOf('order_id'), refunds: tableOf('id') },
    public: { customers: { ...tableOf('id', 'name'), type: 'view' } }
  });
const all = { columns: true, limit: 200 };

describe('sources', () => {
  test('are listed with how far their index is, and read behind', async () => {
    const { service } = bench({ shop: shop() });
    const [source] = await service.sources(ada);
    expect(source).toMatchObject({ id: 'shop', kind: 'memory', index: { state: 'building' } });
    expect(await settled(service)).toEqual({
      shop: { state: 'ready', schemas: 2, tables: 4, columns: 6, asOf: new Date(START).toISOString() }
    });
  });

  test('one that is not there is said to be not there, with those that are', async () => {
    const { service } = bench({ shop: shop() });
    await expect(service.schemas(ada, 'shp')).rejects.toMatchObject({ code: 'not-found', message: /There is: shop/ });
    await expect(service.search(ada, { q: 'x', source: 'shp', ...all })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('lists', () => {
  test('answer before there is an index, and from it', async () => {
    const { service } = bench({ shop: shop() });
    const first = await service.list(ada, 'shop', { schema: 'sales', offset: 0, limit: 2 });
    expect(first).toEqual({
      tables: [
        { name: 'Order Items', type: 'table' },
        { name: 'orders', type: 'table' }
      ],
      total: 3
    });
    await settled(service);
    expect(await service.list(ada, 'shop', { schema: 'sales', offset: 2, limit: 2 })).toEqual({
      tables: [{ name: 'refunds', type: 'table' }],
      total: 3
    });
    expect(await service.schemas(ada, 'shop')).toEqual([
      { schema: 'public', tables: 1 },
      { schema: 'sales', tables: 3 }
    ]);
  });

  test('of a schema that is not there is the problem that the source tells', async () => {
    const { service } = bench({ shop: shop() });
    await settled(service);
    await expect(service.list(ada, 'shop', { schema: 'nope', offset: 0, limit: 2 })).rejects.toMatchObject({
      code: 'source-not-found'
    });
  });
});

describe('search', () => {
  test('finds tables and columns, the best first', async () => {
    const { service } = bench({ shop: shop() });
    await settled(service);
    const { hits, total, asOf } = await service.search(ada, { q: 'order', ...all });
    expect(hits.map(({ schema, table, column }) => [schema, table, column?.name])).toEqual([
      ['sales', 'orders', undefined],
      ['sales', 'Order Items', undefined],
      ['sales', 'Order Items', 'order_id']
    ]);
    expect(total).toBe(3);
    expect(asOf).toBe(new Date(START).toISOString());
    expect((await service.search(ada, { q: 'CUSTOMERS', ...all })).hits[0]).toEqual({
      source: 'shop',
      schema: 'public',
      table: 'customers',
      type: 'view'
    });
  });

  test('takes a schema before the name, and leaves columns out where asked', async () => {
    const { service } = bench({ shop: shop() });
    await settled(service);
    const one = await service.search(ada, { q: 'sales.ref', ...all });
    expect(one.hits).toEqual([{ source: 'shop', schema: 'sales', table: 'refunds', type: 'table' }]);
    expect((await service.search(ada, { q: 'id', columns: false, limit: 200 })).total).toBe(0);
    expect((await service.search(ada, { q: '  ', ...all })).hits).toEqual([]);
  });
});
