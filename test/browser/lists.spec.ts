import type { Page } from '@playwright/test';
import { fakeNotebook } from '../support/fakeLibrary.js';
import { fakeId } from '../support/fakeLakeside.js';
import { violations } from './axe.js';
import { expect, labTest as test } from './fixtures.js';
import { look } from './look.js';
import { writeNotebook } from './notebooks.js';
import { History } from './pages/history.js';
import { Lab } from './pages/lab.js';
import { LibraryPanel } from './pages/library.js';
import { Share } from './pages/share.js';
import { lightAndDark } from './themes.js';

/** How lists look and behave with 10,000 entries. The answers are made here; what the server does with as many has tests of its own. */
const MANY = 10_000;

const LONG = 'A title that somebody wrote in one go and never cut, with_a_name_that_has_no_blanks_in_it_anywhere_2026';

/** Answers calls whose path ends so. */
async function answer(page: Page, path: string, body: (query: URLSearchParams) => unknown): Promise<void> {
  await page.route(
    url => url.pathname.endsWith(`/lakeside/api/v1${path}`),
    route => route.fulfill({ json: body(new URL(route.request().url()).searchParams) })
  );
}

async function library(page: Page): Promise<void> {
  const items = Array.from({ length: MANY }, (_, at) => {
    const { versionList: _versions, imports: _imports, ...item } = fakeNotebook(at + 1);
    const title = at % 7 === 3 ? `${LONG} ${at + 1}` : item.title;
    return { ...item, title, tags: at % 3 === 0 ? ['flights', 'delays', 'weather'] : [], groups: ['Operations'] };
  });
  await answer(page, '/library/notebooks', query => {
    const from = Number(query.get('cursor') ?? 0);
    const to = from + Number(query.get('limit') ?? 50);
    const next = to < MANY ? { next: String(to) } : {};
    return { items: items.slice(from, to), total: MANY, more: false, asOf: new Date().toISOString(), ...next };
  });
}

/** Gives the panel a width. JupyterLab itself stops at 250 px, where a person drags its edge. */
async function resize(page: Page, width: number | undefined): Promise<void> {
  const panel = page.locator('#lakeside-library');
  const style = width === undefined ? { min: '', wide: '' } : { min: '0', wide: `${width}px` };
  await panel.evaluate((node, { min, wide }) => {
    node.style.minWidth = min;
    node.style.width = wide;
  }, style);
  if (width !== undefined) await expect.poll(async () => (await panel.boundingBox())!.width).toBe(width);
}

/** Nothing within is wider than it has room. */
async function cutOff(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).evaluate(root =>
    [root, ...root.querySelectorAll('*')]
      .filter(node => {
        const { overflowX } = getComputedStyle(node);
        return node.scrollWidth > node.clientWidth + 1 && (overflowX === 'auto' || overflowX === 'scroll');
      })
      .map(node => `${node.tagName} ${node.getAttribute('class') ?? ''}`)
  );
}

for (const theme of lightAndDark) {
  test(`the Library panel with 10,000 notebooks, and 240 px wide, ${theme}`, async ({ page, jupyter }) => {
    await library(page);
    const lab = new Lab(page, jupyter);
    const panel = new LibraryPanel(page);
    await lab.openEmpty();
    await lab.theme(theme);
    await panel.show();
    await panel.search.fill(' ');
    await panel.search.fill('');
    await expect(panel.count).toHaveText('10,000 notebooks');
    await look(page, `panel-${theme}`);
    await resize(page, 240);
    await look(page, `panel-240-${theme}`);
    expect(await cutOff(page, '#lakeside-library')).toEqual([]);
    expect(await violations(page, '#lakeside-library')).toEqual([]);
    // To the last one by keyboard; only the rows in sight are in the page.
    await panel.list.getByRole('link').first().focus();
    await page.keyboard.press('End');
    await expect(panel.row('Notebook 9999')).toBeInViewport();
    expect(await panel.list.getByRole('listitem').count()).toBeLessThan(80);
    await look(page, `panel-240-end-${theme}`);
    await resize(page, undefined);
    await lab.theme('light');
  });

  test(`a timeline of 10,000 versions, ${theme}`, async ({ page, jupyter }) => {
    await writeNotebook(jupyter, 'long.ipynb', ['# Long', 'x = 1']);
    const now = Date.now();
    const versions = Array.from({ length: MANY }, (_, at) => ({
      versionId: fakeId(MANY - at),
      at: new Date(now - at * 1_500_000).toISOString(),
      kind: 'save',
      by: at % 5 === 0 ? 'somebody.with.a.very.long.name@a-company.example.org' : 'ada',
      size: 5_000_000,
      cost: 400 + at * 37,
      counts: { cells: 300, added: at % 3, removed: at % 2, changed: 1 + (at % 40) },
      strip: '.c.'.repeat(16)
    }));
    await answer(page, '/history/timeline', () => ({
      enabled: true,
      notebook: {
        historyId: fakeId(99_999),
        path: 'long.ipynb',
        versions: MANY,
        firstAt: versions.at(-1)!.at,
        lastAt: versions[0]!.at,
        size: 5_000_000
      },
      versions
    }));
    await page.route(
      url => url.pathname.endsWith('/diff'),
      route => {
        const versionId = /versions\/([^/]+)\/diff/.exec(route.request().url())![1];
        const counts = { added: 0, removed: 0, changed: 1, moved: 0, unchanged: 299, metadataChanged: false };
        const source = [
          { kind: 'same', text: 'x = ' },
          { kind: 'removed', text: '1' },
          { kind: 'added', text: '2' }
        ];
        const cells = [{ kind: 'changed', type: 'code', before: 4, after: 4, outputs: 'none', source }];
        return route.fulfill({ json: { versionId, ...counts, cells } });
      }
    );
    const lab = new Lab(page, jupyter);
    const history = new History(page);
    await lab.open('long.ipynb');
    await lab.theme(theme);
    await history.open();
    await expect(history.versions).toHaveCount(MANY);
    await expect(history.changes).toHaveCount(1);
    await look(page, `timeline-${theme}`);
    await history.area.getByRole('listbox').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'End']) await page.keyboard.press(key);
    await expect(history.versions.last()).toBeInViewport();
    await expect(history.versions.last()).toHaveAttribute('aria-selected', 'true');
    // Beside the notebook, 240 px are left for it.
    await page.keyboard.press('Control+B');
    await page.setViewportSize({ width: 566, height: 640 });
    await expect.poll(async () => (await history.area.boundingBox())!.width).toBeLessThan(245);
    await look(page, `timeline-narrow-${theme}`);
    expect(await cutOff(page, '.jp-LakesideHistory-body')).toEqual([]);
    expect(await violations(page, '.jp-LakesideHistory-chosen')).toEqual([]);
    await page.keyboard.press('Control+B');
    await page.setViewportSize({ width: 1280, height: 800 });
    await lab.theme('light');
  });

  test(`the search for a page in a wiki with 10,000, ${theme}`, async ({ page, jupyter }) => {
    await writeNotebook(jupyter, `far-${theme}.ipynb`, ['# Far']);
    const spaces = Array.from({ length: 50 }, (_, at) => ({ id: `team-${at}`, name: at === 2 ? LONG : `Team ${at}` }));
    const wiki = { id: 'data', kind: 'mediawiki', label: 'Data wiki', description: 'What the data team tells.' };
    const policy = { spaces: spaces.map(({ id }) => id), secrets: 'block' };
    await answer(page, '/share/targets', () => ({
      targets: [
        { id: 'library', kind: 'library', label: 'Library', description: 'Pages on this server.' },
        { ...wiki, policy }
      ]
    }));
    await answer(page, '/share/targets/data', () => ({
      software: 'MediaWiki 1.39',
      account: 'Nbbot',
      lacks: [],
      spaces: true,
      parents: true,
      allowed: spaces.map(({ name }) => name)
    }));
    await answer(page, '/share/targets/data/spaces', () => ({ spaces }));
    await answer(page, '/share/targets/data/parents', query => ({
      pages: Array.from({ length: MANY }, (_, at) => ({
        id: String(at),
        title: at % 9 === 4 ? `${LONG}/${at}` : `Reports/Page ${at}`,
        space: 'team-1',
        url: 'https://wiki.example.org/'
      }))
        .filter(({ title }) => title.includes(query.get('query') ?? ''))
        .slice(0, 50)
    }));
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(`far-${theme}.ipynb`);
    await lab.theme(theme);
    await share.press();
    await share.dialog.getByRole('radio', { name: /Data wiki/ }).check();
    await expect(share.dialog).toContainText('and 46 more · Notebooks with secrets are refused');
    await share.dialog.getByRole('combobox', { name: 'Below' }).click();
    const options = share.dialog.getByRole('listbox').getByRole('option');
    await expect(options).toHaveCount(50);
    await expect(share.dialog).toContainText('The first 50. Type more to find others.');
    await look(page, `search-${theme}`);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.type('Page 9999');
    await expect(options).toHaveText(['Reports/Page 9999']);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 320, height: 640 });
    await share.dialog.getByRole('combobox', { name: 'Space' }).click();
    await expect(options).toHaveCount(50);
    await look(page, `search-narrow-${theme}`);
    await page.keyboard.press('Escape');
    await share.act('Cancel').click();
    await page.setViewportSize({ width: 1280, height: 800 });
    await lab.theme('light');
  });
}
