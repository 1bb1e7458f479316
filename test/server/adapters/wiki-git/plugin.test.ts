import { describe, expect, it } from 'vitest';
import { gitWikiPlugin } from '../../../../server/adapters/wiki-git/plugin.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';

const given = { forge: 'gitlab', url: 'https://git.example.org/team/lab.wiki.git', token: { env: 'TOKEN' } };
const silent = () => undefined;
const around = {
  log: { debug: silent, info: silent, warn: silent, error: silent },
  clock: systemClock,
  readSecret: () => Promise.resolve('token'),
  cacheDirectory: '/nowhere',
  settings: 'targets.lab in config.yml'
};

describe('the settings of a git wiki', () => {
  it('are few, the rest has defaults', () => {
    expect(gitWikiPlugin.config.parse(given)).toEqual({ ...given, email: 'noreply@lakeside.invalid' });
  });

  it.each([
    ['a token in the address', { url: 'https://lakeside:secret@git.example.org/team/lab.wiki.git' }],
    ['another protocol', { url: 'ssh://git@git.example.org/team/lab.wiki.git' }],
    ['a file', { url: 'file:///srv/lab.wiki.git' }],
    ['an option for a branch', { branch: '--upload-pack=x' }],
    ['a way up', { folder: '../x' }],
    ['a hidden folder', { folder: 'a/.git' }],
    ['a folder from the root', { folder: '/a' }],
    ['a token that stands there', { token: 'secret' }],
    ['an unknown site', { forge: 'bitbucket' }]
  ])('refuse %s', (_name, wrong) => {
    expect(gitWikiPlugin.config.safeParse({ ...given, ...wrong }).success).toBe(false);
  });

  it('take no folder where the site has none', async () => {
    const settings = gitWikiPlugin.config.parse({ ...given, forge: 'github', folder: 'notebooks' });
    await expect(gitWikiPlugin.create(settings, around)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('targets.lab in config.yml')
    });
  });
});
