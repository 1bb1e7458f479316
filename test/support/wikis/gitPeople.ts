import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GitWikiServer } from './gitServer.js';

/** What a person does in a git wiki: in a clone with files to look at, pushed as people push. */
export interface GitPeople {
  /** @param page - the marker in it, or its path */
  edit: (page: string, change: (body: string) => string) => Promise<void>;
  rename: (page: string, title: string) => Promise<void>;
  remove: (page: string) => Promise<void>;
  /** Brings back what was removed. @param page - its path; else what was removed last */
  restore: (page?: string) => Promise<void>;
  add: (path: string, body: string | Buffer) => Promise<void>;
  /** The texts of all pages, by their path. */
  pages: () => Promise<Map<string, string>>;
  file: (path: string) => Promise<Buffer | undefined>;
  close: () => Promise<void>;
}

const run = promisify(execFile);

/** A clone of its own. */
export async function gitPeople(server: GitWikiServer): Promise<GitPeople> {
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-person-'));
  const address = new URL(server.url);
  address.username = server.person.user;
  address.password = server.person.token;
  const git = async (...words: string[]): Promise<string> => {
    const env = { PATH: process.env['PATH'], HOME: folder, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
    const person = ['-c', 'user.name=Ada Person', '-c', 'user.email=ada@example.org', '-c', 'gc.auto=0'];
    return (await run('git', [...person, ...words], { cwd: folder, env, maxBuffer: 1 << 28 })).stdout;
  };
  await git('clone', '--quiet', address.href, 'wiki');
  const root = join(folder, 'wiki');
  const here = (...words: string[]): Promise<string> => git('-C', root, ...words);
  let removed: string | undefined;
  // One after the other: it is one person with one folder.
  let turn: Promise<unknown> = Promise.resolve();

  async function fresh(): Promise<void> {
    await here('fetch', '--quiet', 'origin');
    await here('reset', '--quiet', '--hard', 'origin/main');
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  function push(message: string, change: () => Promise<void>): Promise<void> {
    return inTurn(async () => {
      for (let attempt = 1; ; attempt++) {
        await fresh();
        await change();
        await here('add', '--all');
        await here('commit', '--quiet', '--allow-empty', '-m', message);
        try {
          await here('push', '--quiet', 'origin', 'HEAD:main');
          return;
        } catch (error) {
          if (attempt === 10) throw error;
        }
      }
    });
  }

  async function paths(): Promise<string[]> {
    const all = await readdir(root, { recursive: true });
    return all.filter(path => path.endsWith('.md') && !path.startsWith('.git/'));
  }

  async function pathOf(page: string): Promise<string> {
    const all = await paths();
    if (all.includes(page) || page.includes('/')) return page;
    for (const path of all) if ((await readFile(join(root, path), 'utf8')).includes(`:begin ${page}`)) return path;
    throw new Error(`The person finds no page ${page}.`);
  }

  return {
    edit: (page, change) =>
      push('By hand', async () => {
        const path = join(root, await pathOf(page));
        await writeFile(path, change(await readFile(path, 'utf8')));
      }),
    rename: (page, title) =>
      push('Renamed', async () => {
        const path = await pathOf(page);
        await rename(join(root, path), join(root, dirname(path), `${title.replaceAll(' ', '-')}.md`));
      }),
    remove: page =>
      push('Deleted', async () => {
        const path = await pathOf(page);
        removed = path;
        await rm(join(root, path));
      }),
    restore: (page = removed ?? '') =>
      push('Restored', async () => {
        const gone = (await here('log', '-1', '--diff-filter=D', '--format=%H', '--', page)).trim();
        await here('checkout', `${gone}^`, '--', page);
      }),
    add: (path, body) =>
      push('A page', async () => {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), body);
      }),
    pages: () =>
      inTurn(async () => {
        await fresh();
        const texts = await Promise.all(
          (await paths()).map(async path => [path, await readFile(join(root, path), 'utf8')] as const)
        );
        return new Map(texts);
      }),
    file: path =>
      inTurn(async () => {
        await fresh();
        return readFile(join(root, path)).catch(() => undefined);
      }),
    close: () => rm(folder, { recursive: true, force: true })
  };
}
