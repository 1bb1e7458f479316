import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wikiCommandLine, type WikiCommandLine } from '../../support/wikis/cli.js';
import { startDokuWiki, type DokuWikiServer } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';

let server: DokuWikiServer;
beforeAll(async () => {
  server = await startDokuWiki();
});
afterAll(() => server.stop());

const setUp = (password: string, ...more: string[]): WikiCommandLine =>
  wikiCommandLine(['kind: dokuwiki', `url: ${server.base}doku.php`, `user: ${server.robot.user}`, ...more], password);

it('shares from the command line to a namespace, and again after a person moved the page', async () => {
  const { folder, lakeside } = setUp(server.robot.password);
  copyFileSync('examples/when-to-visit-seattle.ipynb', join(folder, 'a.ipynb'));
  expect(await lakeside('targets', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('data  Data wiki') });
  expect(await lakeside('targets', 'test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ data {2}DokuWiki 2022-07-31/)
  });

  const first = await lakeside('share', 'a.ipynb', '--to', 'data', '--space', 'travel', '--json');
  expect(first).toMatchObject({ code: 0 });
  const { wiki } = JSON.parse(first.out.slice(first.out.indexOf('{'))) as { wiki: { url: string } };
  expect(wiki).toMatchObject({ target: 'data', outcome: 'created', edits: 2 });
  const id = new URL(wiki.url).searchParams.get('id')!;
  expect(id).toMatch(/^travel:/);

  const people = dokuWikiPeople(server);
  await people.edit(id, body => `Read this before you pack.\n\n${body}`);
  const moved = await people.rename(id, 'Seattle by season');
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Page already up to date')
  });
  const pages = await people.pages('travel');
  expect(pages.map(page => page.id)).toEqual([moved]);
  expect(pages[0]?.body).toMatch(/^Read this before you pack\./);
  expect(pages[0]?.body).toContain('https://lab.example.org/lakeside/library/notebooks/');
});

it('names the cure where the password is wrong or a right is lacking', async () => {
  const { lakeside } = setUp('wrong');
  expect(await lakeside('targets', 'test', 'data')).toMatchObject({
    code: 1,
    out: expect.stringContaining('User Manager')
  });
  server.permit('closed:* @robots 1');
  const closed = setUp(server.robot.password, 'space: closed');
  expect(await closed.lakeside('targets', 'test')).toMatchObject({
    code: 1,
    out: expect.stringContaining('may not make pages in the namespace closed')
  });
});
