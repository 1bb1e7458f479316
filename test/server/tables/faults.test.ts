import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { createManualClock } from '../../../server/adapters/memory/clock.js';
import { createMemoryTableSource } from '../../../server/adapters/memory/tableSource.js';
import type { TableEntry } from '../../../contract/tables/index.js';
import type { TableSource } from '../../../server/tables/ports.js';
import { ada, bench, schemasOf, settled, START, tableOf } from './support.js';

const shop = () => schemasOf({ public: { customers: tableOf('id') }, sales: { orders: tableOf('id') } });
const never = (): Promise<never> => new Promise(() => undefined);

/** A source of which a part is replaced. */
function broken(part: Partial<TableSource>): TableSource {
  return { ...createMemoryTableSource({ schemas: shop(), label: 'bad' }), ...part };
}

const find = { columns: true, limit: 200 };

describe('a source that is broken harms nobody else', () => {
  test('one that hangs: the question ends in time, others answer at once, a new one is made', async () => {
    const clock = createManualClock(START);
    const { service, made } = bench({ good: shop(), bad: broken({ facts: never, rows: never }) }, { clock });
    const ref = { schema: 'sales', table: 'orders' };
    const late = service.preview(ada, 'bad', { ...ref, limit: 100 }, new AbortController().signal);
    late.catch(() => undefined);
    expect(await service.table(ada, 'good', ref, new AbortController().signal)).toMatchObject({ name: 'orders' });
    while (made['bad'] === undefined) await new Promise(resolve => setTimeout(resolve, 1));
    await new Promise(resolve => setTimeout(resolve, 20));
    clock.move(5_000);
    await expect(late).rejects.toMatchObject({
      code: 'source-unreachable',
      message: expect.stringMatching(/bad gave no answer within 5 seconds\. .+try again/)
    });
    const again = service.preview(ada, 'bad', { ...ref, limit: 100 }, AbortSignal.timeout(50));
    await expect(again).rejects.toMatchObject({ code: 'cancelled' });
    expect(made).toEqual({ good: 1, bad: 2 });
  });

  test('one that throws what nobody knows: a sentence, and the details in the log only', async () => {
    const rows = () => {
      throw new TypeError('password=hunter22 is undefined');
    };
    const { service, log } = bench({ bad: broken({ rows }) });
    const asked = service.preview(
      ada,
      'bad',
      { schema: 'sales', table: 'orders', limit: 5 },
      new AbortController().signal
    );
    await expect(asked).rejects.toMatchObject({ code: 'source-failed', message: expect.not.stringMatching(/hunter/) });
    expect(log.entries.some(({ level }) => level === 'error')).toBe(true);
  });

  test('one schema that may not be read is trouble on that schema alone', async () => {
    const whole = createMemoryTableSource({ schemas: shop(), label: 'bad' });
    const names: TableSource['names'] = (schema, call) => {
      if (schema === 'sales') throw new ProblemError('source-forbidden', 'You may not read sales. Ask its owner.');
      return whole.names(schema, call);
    };
    const { service } = bench({ bad: broken({ names }) });
    expect((await settled(service))['bad']).toMatchObject({ state: 'ready', schemas: 2, tables: 1 });
    expect(await service.schemas(ada, 'bad')).toEqual([
      { schema: 'public', tables: 1 },
      { schema: 'sales', trouble: { code: 'source-forbidden', message: 'You may not read sales. Ask its owner.' } }
    ]);
    await expect(service.list(ada, 'bad', { schema: 'sales', offset: 0, limit: 1 })).rejects.toMatchObject({
      code: 'source-forbidden'
    });
  });

  test('one that refuses the sign-in is asked again after a minute, not before', async () => {
    let asked = 0;
    let isMended = false;
    const schemas: TableSource['schemas'] = () => {
      asked++;
      if (!isMended) throw new ProblemError('source-signin', 'The password is wrong.');
      return Promise.resolve([{ schema: 'sales' }]);
    };
    const { service, clock } = bench({ good: shop(), bad: broken({ schemas }) });
    const first = await settled(service);
    expect(first['bad']).toMatchObject({ state: 'failed', trouble: { code: 'source-signin' } });
    expect(first['good']?.state).toBe('ready');
    await service.sources(ada);
    clock.move(59_000);
    await service.search(ada, { q: 'orders', ...find });
    expect(asked).toBe(1);
    clock.move(2_000);
    isMended = true;
    expect((await settled(service))['bad']).toMatchObject({ state: 'ready', tables: 1 });
    expect(asked).toBe(2);
  });

  test('one whose settings are wrong is tried again with the next question', async () => {
    const { service, sources } = bench({ bad: shop() });
    const good = sources['bad']!;
    const wrong = new ProblemError('invalid', 'The variable DB_PASSWORD is not set.');
    Object.defineProperty(sources, 'bad', {
      configurable: true,
      get: () => {
        throw wrong;
      }
    });
    await expect(service.schemas(ada, 'bad')).rejects.toBe(wrong);
    expect((await settled(service))['bad']).toMatchObject({ state: 'failed', trouble: { code: 'invalid' } });
    Object.defineProperty(sources, 'bad', { value: good });
    expect((await service.schemas(ada, 'bad')).map(({ schema }) => schema)).toEqual(['public', 'sales']);
  });

  test('a million names, some twice, some with new lines, are taken in and found', async () => {
    async function* names(): AsyncIterable<readonly TableEntry[]> {
      for (let batch = 0; batch < 100; batch++) {
        yield Array.from({ length: 10_000 }, (_, index) => ({
          name: `t${batch * 10_000 + index}`,
          type: 'table' as const
        }));
      }
      yield [
        { name: 't5', type: 'view' },
        { name: 'two\nlines', type: 'table' }
      ];
    }
    const schemas = () => Promise.resolve([{ schema: 'big' }]);
    const { service } = bench({ bad: broken({ schemas, names, columns: async function* () {} }) });
    expect((await settled(service))['bad']).toMatchObject({ state: 'ready', tables: 1_000_001 });
    const { hits, total } = await service.search(ada, { q: 't999999', ...find });
    expect([hits[0]?.table, total]).toEqual(['t999999', 1]);
    const bytes = await service.names(ada, 'bad', 'big');
    let text = '';
    for await (const chunk of bytes.stream) text += Buffer.from(chunk).toString();
    expect(text).toContain('\nttwo\\nlines\n');
    expect(text.split('\n')).toHaveLength(1_000_002);
  }, 60_000);
});
