import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { DetailsModel } from '../../../src/tables/detailsModel.js';
import { MemoryModel } from '../../../src/tables/memoryModel.js';
import { PageModel } from '../../../src/tables/table/pageModel.js';
import { PageView } from '../../../src/tables/table/pageView.js';
import { TransProvider } from '../../../src/ui/trans.js';
import { FakeTables, detailOf, refused } from './support.js';

const trans = nullTranslator.load('lakeside');
afterEach(cleanup);
const settled = () => new Promise<void>(resolve => setTimeout(resolve, 10));
const ref = { source: 'lake', schema: 'public', table: 'flights' };

async function show(change: (fake: FakeTables) => void = () => undefined) {
  const fake = new FakeTables();
  change(fake);
  const details = new DetailsModel(fake.client);
  const memory = new MemoryModel({ fetch: async () => undefined, save: async () => undefined });
  const page = new PageModel({ client: fake.client, ref });
  const actions = { insert: vi.fn(), copyLink: vi.fn(), toggleFavourite: () => memory.toggleFavourite(ref) };
  const dialects = vi.fn();
  render(
    <TransProvider trans={trans}>
      <PageView {...{ page, details, memory, dialects }} actions={actions as never} />
    </TransProvider>
  );
  await act(async () => {
    details.want(ref);
    page.load();
    await settled();
  });
  return { fake, page, actions, dialects };
}

const open = async (name: string) => {
  await act(async () => {
    fireEvent.click(screen.getByRole('tab', { name }));
    await settled();
  });
};
const click = async (name: string | RegExp) => {
  await act(async () => {
    fireEvent.click(screen.getByRole('button', { name }));
    await settled();
  });
};

test('says what the table is, with its columns and the fields of nested ones', async () => {
  const { actions } = await show();
  expect(screen.getByRole('heading', { name: 'flights' })).toBeTruthy();
  expect(screen.getByText(/^336,776 rows · 3 columns · 12 MB · changed .* · owner ada$/)).toBeTruthy();
  const rows = screen.getAllByRole('row').slice(1);
  expect(rows.map(row => row.textContent)).toEqual([
    'idbigintprimary key, not null',
    'Dep Delaydoublein minutes',
    'placestruct<city:string>',
    'citystring'
  ]);
  expect(screen.queryByRole('tab', { name: 'Partitions' })).toBeNull();
  fireEvent.click(screen.getByRole('button', { name: 'Insert' }));
  expect(actions.insert).toHaveBeenCalledWith(ref);
  fireEvent.click(screen.getByRole('button', { name: 'Make it a favourite' }));
  expect(screen.getByRole('button', { name: 'It is a favourite' })).toBeTruthy();
});

test('shows the first rows with what is missing, what was cut and why; of many columns only those in sight', async () => {
  const columns = Array.from({ length: 400 }, (_, n) => ({ name: `c${n}`, type: 'int', kind: 'integer' as const }));
  await show(fake => {
    fake.preview = {
      columns,
      rows: [columns.map((_, n) => (n === 0 ? null : n)), columns.map(() => 'two\nlines')],
      more: true,
      cut: '1 MB',
      milliseconds: 34.4
    };
  });
  await open('Preview');
  expect(screen.getByText('First 2 rows of more · cut after 1 MB · read in 34 ms')).toBeTruthy();
  const grid = screen.getByRole('table', { name: 'The first rows' });
  expect(grid.getAttribute('aria-colcount')).toBe('400');
  const cells = within(grid).getAllByRole('cell');
  expect(cells.length).toBeLessThan(100);
  expect(cells[0]?.textContent).toBe('NULL');
  expect(within(grid).getAllByText('two ↵ lines').length).toBeGreaterThan(0);
});

test('a failure of the rows leaves the columns, and Retry asks again', async () => {
  const { fake } = await show(it => it.failures.push({ id: 'tables.preview', error: refused() }));
  await open('Preview');
  expect(screen.getByText('The database says no. Ask its owner.')).toBeTruthy();
  await open('Columns');
  expect(screen.getByText('Dep Delay')).toBeTruthy();
  await open('Preview');
  expect(fake.count('tables.preview')).toBe(1);
  await click('Retry');
  expect(screen.queryByText('The database says no. Ask its owner.')).toBeNull();
});

test('leads from a partition and from a snapshot to its rows, and back to all', async () => {
  const { fake } = await show(it => {
    it.details['flights'] = detailOf('flights', {
      partitionedBy: ['year'],
      partitions: { newest: [{ name: 'year=2013', rows: 12, bytes: 2048 }], more: true },
      snapshots: [
        { id: '77', at: '2026-11-20T08:00:00.000Z', operation: 'append', addedRows: 3, rows: 12, current: true }
      ]
    });
  });
  await open('Partitions');
  expect(screen.getByText('Partitioned by year. The newest 1 of more.')).toBeTruthy();
  await click('year=2013');
  expect(fake.calls.at(-1)?.url).toContain('partition=year%3D2013');
  expect(screen.getByText(/^All rows: 0 of year=2013/)).toBeTruthy();
  await click('Rows of the whole table');
  expect(fake.calls.at(-1)?.url).not.toContain('partition');
  await open('Snapshots');
  await click('77');
  expect(fake.calls.at(-1)?.url).toContain('snapshot=77');
});

test('shows what values are like: missing, distinct, range, bars, the most frequent', async () => {
  await show(fake => {
    fake.profile = {
      rows: 10_000,
      complete: false,
      milliseconds: 12,
      columns: [
        {
          name: 'delay',
          type: 'int',
          kind: 'integer',
          nulls: 50,
          distinct: 300,
          min: '-20',
          max: '900',
          mean: 12.639,
          histogram: [
            { from: '-20', to: '440', count: 9_900 },
            { from: '440', to: '900', count: 50 }
          ]
        },
        { name: 'carrier', type: 'text', kind: 'string', nulls: 0, distinct: 2, top: [{ value: '', count: 6_000 }] }
      ]
    };
  });
  await open('Profile');
  expect(screen.getByText(/^The first 10,000 rows were looked at, in 12 ms/)).toBeTruthy();
  const [delay, carrier] = screen.getAllByRole('row').slice(1);
  expect(within(delay!).getByRole('img').getAttribute('aria-label')).toBe(
    'Values of delay from -20 to 900, most often between -20 and 440'
  );
  expect(delay?.textContent).toContain('< 1 %300-20900');
  expect(delay?.textContent).toContain('mean 12.64');
  expect(carrier?.textContent).toContain('"" 60 %');
});

test('has the code in every way, and says where there is none', async () => {
  await show();
  await open('Code');
  expect(screen.getAllByRole('region').map(each => each.getAttribute('aria-label'))).toEqual([
    '%%sql',
    'pandas',
    'SQL'
  ]);
  expect(screen.getByRole('button', { name: 'Copy the code for pandas' })).toBeTruthy();
});

test('a table that cannot be read says why, and Retry asks again', async () => {
  const { fake } = await show(it => it.failures.push({ id: 'tables.table', error: refused() }));
  expect(within(screen.getByRole('alert')).getByText('The database says no. Ask its owner.')).toBeTruthy();
  await click('Retry');
  expect(fake.count('tables.table')).toBe(2);
  expect(screen.getByRole('tab', { name: 'Columns' })).toBeTruthy();
});
