import { copyFileSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wikiCommandLine, type WikiCommandLine } from '../../support/wikis/cli.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';

let server: GitWikiServer;
beforeAll(async () => {
  server = await startGitWiki();
});
afterAll(() => server.stop());

function setUp(token: string): WikiCommandLine {
  const settings = [
    'kind: git',
    'forge: gitlab',
    `url: ${server.url}`,
    `user: ${server.robot.user}`,
    'folder: notebooks'
  ];
  const line = wikiCommandLine(settings, token, 'token');
  copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(line.folder, 'a.ipynb'));
  return line;
}

it('shares from the command line to the git wiki of the configuration, and leaves the token nowhere', async () => {
  const { folder, lakeside } = setUp(server.robot.token);
  expect(await lakeside('targets', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('data  Data wiki') });
  expect(await lakeside('targets', 'test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ data {2}GitLab wiki, git 2\.\d+/)
  });
  const before = server.commits();
  const first = await lakeside('share', 'a.ipynb', '--to', 'data', '--json');
  expect(first).toMatchObject({ code: 0 });
  const { wiki } = JSON.parse(first.out.slice(first.out.indexOf('{'))) as { wiki: { url: string } };
  expect(wiki).toMatchObject({ target: 'data', outcome: 'created', uploads: 5, edits: 2 });
  expect(wiki.url).toContain(`${server.base}/team/lab/-/wikis/notebooks/`);
  expect(server.commits()).toBe(before + 2);
  expect(await lakeside('share', 'a.ipynb', '--to', 'data')).toMatchObject({
    code: 0,
    out: expect.stringContaining('Page already up to date')
  });
  expect(server.commits()).toBe(before + 2);
  const files = globSync('**', { cwd: join(folder, 'home') }).filter(each =>
    statSync(join(folder, 'home', each)).isFile()
  );
  expect(files.some(each => each.includes('cache/wikis/git-'))).toBe(true);
  for (const file of files)
    expect(readFileSync(join(folder, 'home', file), 'latin1')).not.toContain(server.robot.token);
});

it('names the cure where the token is not right', async () => {
  const { lakeside } = setUp('wrong-token-of-a-wiki');
  const tested = await lakeside('targets', 'test', 'data');
  expect(tested).toMatchObject({ code: 1, out: expect.stringContaining('Renew the password or token') });
  expect(tested.out).not.toContain('wrong-token-of-a-wiki');
});
