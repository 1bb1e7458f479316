import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import buildPrograms, { programs } from '../support/programs.js';
import { startDokuWiki } from '../support/wikis/dokuwiki.js';
import { picture } from './picture.js';

/** Makes the pictures of wiki pages in docs/ from an example, in real wikis: `npm run screenshots`. */
const example = 'delays-in-new-york-2013.ipynb';

/** Shares the example with the command line, as a report without its code. @returns the address of the page */
async function share(settings: Record<string, string>, password: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-picture-'));
  try {
    await mkdir(join(folder, 'lakeside'));
    const target = { label: 'Data wiki', password: { env: 'WIKI_PASSWORD' }, ...settings };
    // YAML reads JSON.
    const config = { publicUrl: 'https://lab.example.org/lakeside/', targets: { data: target } };
    await writeFile(join(folder, 'lakeside', 'config.yml'), JSON.stringify(config));
    await copyFile(join('examples', example), join(folder, example));
    const words = ['share', example, '--to', 'data', '--hide-code', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, [join(programs, 'cli.js'), ...words], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        XDG_CONFIG_HOME: folder,
        LAKESIDE_HOME: join(folder, 'home'),
        WIKI_PASSWORD: password
      }
    });
    return (JSON.parse(stdout) as { wiki: { url: string } }).wiki.url;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.beforeAll(async () => {
  test.setTimeout(240_000);
  await buildPrograms();
});

test('a notebook in DokuWiki', async ({ page }) => {
  const wiki = await startDokuWiki();
  try {
    const settings = { kind: 'dokuwiki', url: wiki.base, user: wiki.robot.user, space: 'reports' };
    const url = await share(settings, wiki.robot.password);
    await page.setViewportSize({ width: 1180, height: 1480 });
    await page.goto(url);
    await expect(page.getByRole('heading', { name: 'Delays in New York 2013' })).toBeVisible();
    await page.evaluate(() => {
      const images = [...document.querySelectorAll<HTMLImageElement>('#dokuwiki__content img')];
      for (const image of images) image.loading = 'eager';
      return Promise.all(images.map(image => image.decode()));
    });
    await picture(page, 'dokuwiki');
  } finally {
    await wiki.stop();
  }
});
