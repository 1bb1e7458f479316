import { execFile } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';

let server: GitWikiServer;
beforeAll(async () => {
  server = await startGitWiki();
});
afterAll(() => server.stop());

/** A home with a configuration file, and the command line in it. */
function setUp(token: string) {
  const folder = scratch();
  const config = join(folder, 'config', 'lakeside');
  mkdirSync(config, { recursive: true });
  const lines = [
    'targets:',
    '  lab:',
    '    kind: git',
    '    forge: gitlab',
    '    label: Lab wiki',
    `    url: ${server.url}`,
    `    user: ${server.robot.user}`,
    '    token: { env: WIKI_TOKEN }',
    '    folder: notebooks',
    ''
  ];
  writeFileSync(join(config, 'config.yml'), lines.join('\n'));
  copyFileSync('examples/least-squares-and-the-bootstrap.ipynb', join(folder, 'a.ipynb'));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    LAKESIDE_HOME: join(folder, 'home'),
    WIKI_TOKEN: token
  };
  const lakeside = (...words: string[]): Promise<{ code: number; out: string }> =>
    promisify(execFile)(process.execPath, [join(programs, 'cli.js'), ...words], { env, cwd: folder }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout + stderr }),
      (error: unknown) => {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { code, out: stdout + stderr };
      }
    );
  return { folder, lakeside };
}

it('shares from the command line to the git wiki of the configuration, and leaves the token nowhere', async () => {
  const { folder, lakeside } = setUp(server.robot.token);
  expect(await lakeside('targets', 'list')).toMatchObject({ code: 0, out: expect.stringContaining('lab  Lab wiki') });
  expect(await lakeside('targets', 'test')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/✓ lab {2}GitLab wiki, git 2\.\d+/)
  });
  const before = server.commits();
  const first = await lakeside('share', 'a.ipynb', '--to', 'lab', '--json');
  expect(first).toMatchObject({ code: 0 });
  const { wiki } = JSON.parse(first.out.slice(first.out.indexOf('{'))) as { wiki: { url: string } };
  expect(wiki).toMatchObject({ target: 'lab', outcome: 'created', uploads: 5, edits: 2 });
  expect(wiki.url).toContain(`${server.base}/team/lab/-/wikis/notebooks/`);
  expect(server.commits()).toBe(before + 2);
  expect(await lakeside('share', 'a.ipynb', '--to', 'lab')).toMatchObject({
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
  const tested = await lakeside('targets', 'test', 'lab');
  expect(tested).toMatchObject({ code: 1, out: expect.stringContaining('Renew the password or token') });
  expect(tested.out).not.toContain('wrong-token-of-a-wiki');
});
