import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { halted } from '../../support/fault/processes.js';
import { programs } from '../../support/programs.js';
import { wikiCommandLine, type WikiCommandLine } from '../../support/wikis/cli.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';

let server: MediaWikiServer;
beforeAll(async () => {
  server = await startMediaWiki();
});
afterAll(() => server.stop());

const setUp = (password: string): WikiCommandLine =>
  wikiCommandLine(['kind: mediawiki', `api: ${server.api}`, `user: ${server.bot.user}`], password);

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
    out: expect.stringContaining('Say --on-conflict merge, overwrite or new')
  });
  expect(await lakeside('share', 'a.ipynb', '--to', 'data', '--on-conflict', 'merge')).toMatchObject({ code: 0 });
  const after = await target.read(page!.id);
  expect(after?.body).toContain('read by Bob');
  expect(after?.body).toContain('Least of all squares');
});

it('takes its password from a profile: refused while signed out, and after a sign-out', async () => {
  const { folder, env, lakeside } = setUp('not used');
  writeFileSync(
    join(folder, 'config/lakeside/config.yml'),
    `profiles:
  bot: {kind: database, label: Wiki bot, user: '${server.bot.user}'}
targets:
  data: {kind: mediawiki, label: Data wiki, api: '${server.api}', user: '${server.bot.user}', password: {credential: bot}}
`
  );
  copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(folder, 'profile.ipynb'));
  const share = () => lakeside('share', 'profile.ipynb', '--to', 'data', '--title', 'Of a profile');
  const refused = { code: 2, out: expect.stringContaining('Nobody is signed in to Wiki bot') };
  expect(await share()).toMatchObject(refused);
  const input = `${server.bot.password}\n`;
  const login = [join(programs, 'cli.js'), 'credentials', 'login', 'bot'];
  expect(spawnSync(process.execPath, login, { env, input, encoding: 'utf8' })).toMatchObject({ status: 0 });
  const shared = await share();
  expect(shared).toMatchObject({ code: 0 });
  expect(await mediaWikiPeople(server).pages('Of a profile')).toHaveLength(1);
  expect(await lakeside('credentials', 'logout', 'bot')).toMatchObject({ code: 0 });
  expect(await share()).toMatchObject(refused);
  expect(shared.out).not.toContain(server.bot.password);
});

it('answers for the very change that stood in the way; one that comes after it is asked about anew', async () => {
  const { folder, lakeside, begin } = setUp(server.bot.password);
  const file = join(folder, 'b.ipynb');
  const write = (text: string): void =>
    writeFileSync(
      file,
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 4,
        metadata: {},
        cells: [{ cell_type: 'markdown', metadata: {}, source: `# Answers\n\n${text}\n\nThe end.` }]
      })
    );
  const people = mediaWikiPeople(server);
  const page = async () => {
    const pages = await people.pages('Answers');
    expect(pages).toHaveLength(1);
    return pages[0]!;
  };
  write('one');
  const share = ['share', 'b.ipynb', '--to', 'data'];
  // Where nobody edited anything there is nothing to answer, and no new page is made.
  for (const words of [[], ['--on-conflict', 'new']])
    expect(await lakeside(...share, ...words)).toMatchObject({ code: 0 });
  await people.edit((await page()).id, body => body.replace('The end.', 'The end, says Bob.'));
  write('two');
  const refused = await lakeside(...share);
  expect(refused).toMatchObject({
    code: 2,
    out: expect.stringContaining('The Library has version 2; no page in the wiki was changed.')
  });

  // The second time that a page is looked for is that of the answer.
  const { child, ended } = begin([...share, '--on-conflict', 'overwrite'], {
    LAKESIDE_FAIL_POINT: 'stop:wiki:page-found#2'
  });
  expect(await halted({ child, pid: child.pid ?? 0, lines: [] }, 60)).toBe(true);
  await people.edit((await page()).id, body => body.replace('says Bob', 'says Bob, and Carol too'));
  child.kill('SIGCONT');
  expect(await ended).toMatchObject({ code: 2, stderr: expect.stringContaining('--on-conflict') });
  expect((await page()).body).toContain('and Carol too');

  expect(await lakeside(...share, '--on-conflict', 'overwrite')).toMatchObject({ code: 0 });
  expect((await page()).body).toMatch(/two\s+The end\./);
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
