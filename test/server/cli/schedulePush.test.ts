import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lakeside as start, pythonVariables } from '../../support/cli/lakeside.js';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { startGithubTwin } from '../../support/schedule/githubTwin.js';
import type { GithubTwin } from '../../support/schedule/githubTwin.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
let clone: string;
let bare: string;
let twin: GithubTwin | undefined;

const variables = {
  ...pythonVariables,
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org'
};

function git(where: string, ...words: string[]): string {
  const env = { ...process.env, ...variables, HOME: folder };
  return execFileSync('git', words, { cwd: where, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

const schedules = `schedules:
  - name: Délais du matin
    notebook: { path: a.ipynb }
    when: { cron: 30 7 * * 1-5, zone: Europe/Paris }
`;

function writeNotebook(source: string): void {
  writeFileSync(join(clone, 'team', 'a.ipynb'), JSON.stringify(notebookOf([codeCell(source)])));
}

/** A rule of the bare repository that speaks to whoever pushes. */
function hook(script: string): void {
  const file = join(bare, 'hooks', 'pre-receive');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

beforeEach(() => {
  folder = scratch('lakeside-push');
  clone = join(folder, 'clone');
  bare = join(folder, 'bare.git');
  git(folder, 'init', '-q', '--bare', '-b', 'trunk', bare);
  git(folder, 'clone', '-q', bare, clone);
  git(clone, 'checkout', '-q', '-b', 'trunk');
  writeFileSync(join(clone, 'README.md'), 'Lab\n');
  git(clone, 'add', '.');
  git(clone, 'commit', '-q', '-m', 'Begin');
  git(clone, 'push', '-q', 'origin', 'trunk');
  mkdirSync(join(clone, 'team'));
  writeFileSync(join(clone, 'team', 'lakeside.yml'), schedules);
  writeNotebook('print(1)');
});
afterEach(async () => {
  await twin?.stop();
  twin = undefined;
});

const push = (args: readonly string[] = [], more: Record<string, string> = {}) =>
  start(clone, ['schedule', 'push', 'team/lakeside.yml', '--remote', 'origin', ...args], {
    ...variables,
    LAKESIDE_HOME: join(folder, 'home'),
    HOME: folder,
    ...more
  });

const branches = (): string[] =>
  git(bare, 'for-each-ref', '--format=%(refname:short)', 'refs/heads/lakeside').split('\n').filter(Boolean);

describe('lakeside schedule push --remote', () => {
  test('makes a branch with the file and its notebooks, and leaves the clone as it was', async () => {
    writeFileSync(join(clone, 'README.md'), 'changed, not committed\n');
    writeFileSync(join(clone, 'staged.txt'), 'staged\n');
    git(clone, 'add', 'staged.txt');
    const standing = () => [
      git(clone, 'status', '--porcelain'),
      git(clone, 'for-each-ref', 'refs/heads'),
      git(clone, 'diff', '--cached')
    ];
    const before = standing();
    const { code, out, err } = await push();
    expect(err).toBe('');
    expect(code).toBe(0);
    const [branch = ''] = branches();
    expect(branch).toMatch(/^lakeside\/delais-du-matin-[0-9a-f]{8}$|^lakeside\/de-lais-du-matin-[0-9a-f]{8}$/);
    expect(out).toBe(`Pushed ${branch} to origin, to be merged into trunk\n  team/a.ipynb\n  team/lakeside.yml\n`);
    expect(git(bare, 'show', `${branch}:team/lakeside.yml`)).toBe(schedules);
    expect(git(bare, 'show', `${branch}:team/a.ipynb`)).toBe(readFileSync(join(clone, 'team', 'a.ipynb'), 'utf8'));
    expect(git(bare, 'show', `${branch}:README.md`)).toBe('Lab\n');
    expect(git(bare, 'log', '-1', '--format=%an %s', branch)).toBe('Ada Schedule Délais du matin\n');
    expect(git(bare, 'log', '-1', '--format=%b', branch)).toContain('a.ipynb, 30 7 * * 1-5 Europe/Paris');
    expect(standing()).toEqual(before);
  });

  test('the same again is the same branch, a change another one, and what is merged is nothing to push', async () => {
    await push();
    const again = await push();
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('is there already at origin') });
    expect(branches()).toHaveLength(1);
    writeNotebook('print(2)');
    expect(await push(['--dry-run'])).toMatchObject({ code: 0, out: expect.stringContaining('Would push') });
    expect(branches()).toHaveLength(1);
    const { out } = await push(['--json']);
    const { branch } = JSON.parse(out) as { branch: string };
    expect(branches()).toContain(branch);
    git(bare, 'update-ref', 'refs/heads/trunk', branch);
    expect(await push()).toMatchObject({ code: 0, out: expect.stringContaining('Nothing to push: trunk of origin') });
  });

  test("goes through the secret gate: the file's and the notebooks' findings are named, nothing leaves", async () => {
    const secret = `ghp_${'A1b2C3d4E5f6G7h8I9j0'.repeat(2).slice(0, 36)}`;
    writeNotebook(`token = "${secret}"`);
    writeFileSync(join(clone, 'team', 'lakeside.yml'), `${schedules}    parameters: { key: ${secret} }\n`);
    const { code, err, out } = await push();
    expect(code).toBe(2);
    expect(err).toMatch(/2 places look like secrets; nothing was pushed/);
    expect(err).toMatch(/team\/lakeside\.yml, line 5: /);
    expect(err).toMatch(/a\.ipynb, cell 1, source, line 1: /);
    expect(err + out).not.toContain(secret);
    expect(branches()).toEqual([]);
    const ids = [...new Set([...err.matchAll(/\[([0-9a-f]{24})\]/g)].map(([, id = '']) => id))];
    const said = ids.flatMap(id => ['--not-a-secret', id]);
    expect(await push(said)).toMatchObject({ code: 2, err: expect.stringContaining('Say why with --reason') });
    expect(await push([...said, '--reason', 'a made-up example'])).toMatchObject({ code: 0 });
    const body = git(bare, 'log', '-1', '--format=%b', branches()[0] ?? '');
    expect(body).toMatch(/Said to be no secret:[\s\S]*line 5: a made-up example/);
    expect(body).not.toContain(secret);
  });

  test('GitLab: push options open the merge request, whose address is printed', async () => {
    git(bare, 'config', 'receive.advertisePushOptions', 'true');
    // As GitLab answers, where it was asked as it wants to be.
    hook(`[ "$GIT_PUSH_OPTION_0" = merge_request.create ] || exit 1
[ "$GIT_PUSH_OPTION_1" = merge_request.target=trunk ] || exit 1
[ "$GIT_PUSH_OPTION_2" = "merge_request.title=A title" ] || exit 1
echo >&2; echo "View merge request for x:" >&2
echo "  https://gitlab.example.org/team/lab/-/merge_requests/7" >&2`);
    const { code, out } = await push(['--forge', 'gitlab', '--title', 'A title']);
    expect(code).toBe(0);
    expect(out).toMatch(/\nhttps:\/\/gitlab\.example\.org\/team\/lab\/-\/merge_requests\/7\n$/);
  });

  test('a forge that takes no push options gets the branch, and says where to go on', async () => {
    hook('echo "Create a pull request: https://forge.example.org/team/lab/compare/trunk...x" >&2');
    const { code, out } = await push(['--forge', 'gitlab']);
    expect(code).toBe(0);
    expect(out).toMatch(/\nhttps:\/\/forge\.example\.org\/team\/lab\/compare\/trunk\.\.\.x\n$/);
    expect(branches()).toHaveLength(1);
  });

  test('what a hook refuses is told in its words, and no branch is there', async () => {
    hook('echo "Only robots may make branches." >&2; exit 1');
    const { code, err } = await push();
    expect(code).toBe(2);
    expect(err).toMatch(/origin did not take the branch: Only robots may make branches/);
    expect(branches()).toEqual([]);
  });

  test.each([
    [['--remote', 'upstream'], /no remote "upstream"\. There are: origin/],
    [['--base', 'nothing'], /The branch nothing of origin cannot be fetched/],
    [['--base=--upload-pack=touch x'], /cannot be the name of a branch/],
    [['--branch', 'a..b'], /cannot be the name of a branch/],
    [['--forge', 'sourcehut'], /--forge takes github, gitlab, other/]
  ])('%j ends with 2 and one sentence', async (args, sentence) => {
    const { code, err } = await push(args);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
    expect(branches()).toEqual([]);
  });

  test('outside of a clone there is nothing to push from', async () => {
    writeFileSync(join(folder, 'lakeside.yml'), schedules);
    writeFileSync(join(folder, 'a.ipynb'), JSON.stringify(notebookOf([codeCell('1')])));
    const { code, err } = await start(folder, ['schedule', 'push', 'lakeside.yml', '--remote', 'origin'], variables);
    expect(err).toMatch(/is in no clone of git/);
    expect(code).toBe(2);
  });
});

describe('GitHub', () => {
  /** The clone's remote over HTTP, with a credential in its address. */
  async function site(): Promise<{ twin: GithubTwin; host: string; password: string }> {
    twin = await startGithubTwin();
    const { user, token: password } = twin.person;
    const host = new URL(twin.base).host;
    git(clone, 'remote', 'set-url', 'origin', twin.url.replace('http://', `http://${user}:${password}@`));
    return { twin, host, password };
  }

  test('a pull request is opened with the token of that host, once', async () => {
    const { twin: github, host, password } = await site();
    const given = { GH_HOST: host, GH_ENTERPRISE_TOKEN: github.token, GH_TOKEN: 'ghp_another_place' };
    const { code, out, err } = await push([], given);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`\n${github.base}/team/lab.wiki/pull/1\n`);
    expect(github.pulls).toMatchObject([
      { title: 'Schedule Délais du matin', base: 'main', head: expect.stringMatching(/^lakeside\//) }
    ]);
    const again = await push([], given);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('/pull/1\n') });
    expect(github.pulls).toHaveLength(1);
    expect(out + again.out + again.err).not.toContain(password);
    expect(out + again.out + again.err).not.toContain(github.token);
  });

  test('a token goes to no host that it was not given for; the page to open the request is named', async () => {
    const { twin: github, host } = await site();
    const { code, out } = await push(['--forge', 'github'], { GH_TOKEN: github.token, GITHUB_TOKEN: github.token });
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(`\nhttp://${host}/team/lab\\.wiki/compare/main\\.\\.\\.lakeside/\\S+\\?expand=1\n$`)
    );
    expect(github.calls).toEqual([]);
  });

  test.each([
    [401, 'wrong', /answered 401 \(Bad credentials\)\. The token is not accepted: renew it/],
    [403, undefined, /answered 403 .*The token may not open pull requests there/],
    [500, undefined, /answered 500 .*Open the request by hand/]
  ])('where the API answers %i the branch is there and the reason is told', async (status, wrong, sentence) => {
    const { twin: github, host, password } = await site();
    if (wrong === undefined) github.fails = status;
    const { code, out, err } = await push([], { GH_HOST: host, GH_ENTERPRISE_TOKEN: wrong ?? github.token });
    expect(code).toBe(0);
    expect(err).toMatch(/The branch is there; the request to merge it was not opened/);
    expect(err).toMatch(sentence);
    expect(out).toMatch(/compare\/main\.\.\.lakeside/);
    expect(out + err).not.toContain(github.token);
    expect(out + err).not.toContain(password);
  });

  test('a server that refuses the sign-in is told without the credential', async () => {
    const { twin: github } = await site();
    git(clone, 'remote', 'set-url', 'origin', github.url.replace('http://', 'http://ada:hunter2secret@'));
    const { code, err, out } = await push();
    expect(code).toBe(2);
    expect(err).toMatch(/origin cannot be asked: .*Authentication failed/);
    expect(out + err).not.toContain('hunter2secret');
  });
});
