import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { commandLine } from '../../support/wikis/commandLine.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';

let server: MediaWikiServer;
beforeAll(async () => {
  server = await startMediaWiki();
});
afterAll(() => server.stop());

const setUp = (password: string) =>
  commandLine(
    [
      'publicUrl: https://lab.example.org/lakeside',
      'targets:',
      '  data:',
      '    kind: mediawiki',
      '    label: Data wiki',
      `    api: ${server.api}`,
      `    user: ${server.bot.user}`,
      '    password: { env: WIKI_SECRET }'
    ],
    password
  );

it('shares from the command line to the wiki of the configuration, and says where', async () => {
  const { folder, lakeside } = setUp(server.bot.password);
  // Its figures are drawings, which the renderer's process has to make pictures of.
  copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(folder, 'a.ipynb'));
  expect(await lakeside('targets', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('data  Data wiki') });
  expect(await lakeside('targets', 'test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ data {2}MediaWiki 1\./)
  });

  const first = await lakeside('share', 'a.ipynb', '--to', 'data', '--json');
  expect(first).toMatchObject({ code: 0 });
  const { wiki } = JSON.parse(first.out.slice(first.out.indexOf('{'))) as { wiki: { url: string; uploads: number } };
  expect(wiki).toMatchObject({ target: 'data', outcome: 'created', uploads: 5, edits: 2 });
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Page already up to date')
  });

  const target = createMediaWikiTarget({
    settings: { api: server.api, user: server.bot.user, space: '0' },
    password: server.bot.password,
    label: 'Data wiki',
    clock: systemClock
  });
  const title = decodeURIComponent(new URL(wiki.url).pathname.split('/').at(-1) ?? '').replaceAll('_', ' ');
  const [page] = await target.parents(title, {});
  const before = await target.read(page!.id);
  expect(before!.body).toContain('https://lab.example.org/lakeside/library/notebooks/');
  const edited = before!.body.replace('Jupyter notebook', 'Jupyter notebook, read by Bob');
  await target.write(page!.id, { base: before!.version, body: edited, summary: 'By hand' });
  const notebook = readFileSync(join(folder, 'a.ipynb'), 'utf8');
  writeFileSync(join(folder, 'a.ipynb'), notebook.replace('# Least squares', '# Least of all squares'));
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 2,
    out: expect.stringContaining('Say --merge, --overwrite or --new-page')
  });
  expect(await lakeside('share', 'a.ipynb', '--to', 'data', '--merge')).toMatchObject({ code: 0 });
  const after = await target.read(page!.id);
  expect(after?.body).toContain('read by Bob');
  expect(after?.body).toContain('Least of all squares');
});

it('names the cure where the wiki or its password is not right', async () => {
  const { folder, lakeside } = setUp('wrong');
  copyFileSync('examples/when-to-visit-seattle.ipynb', join(folder, 'a.ipynb'));
  expect(await lakeside('targets', 'test', 'data')).toMatchObject({
    code: 1,
    out: expect.stringContaining('Special:BotPasswords')
  });
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 2,
    out: expect.stringContaining('Special:BotPasswords')
  });
  expect(await lakeside('share', 'a.ipynb', '--to', 'nowhere')).toMatchObject({
    code: 2,
    out: expect.stringContaining('library, data')
  });
});
