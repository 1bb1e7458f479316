import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileObjectStore } from '../../../../server/adapters/objectstore-fs/index.js';
import { storeProblem } from '../../../../server/adapters/objectstore-fs/problems.js';
import { keysOf } from '../../../support/archiveHome.js';

let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lakeside-store-'));
  directory = join(root, 'archive');
});
afterEach(() => rm(root, { recursive: true, force: true }));

const open = () => createFileObjectStore({ directory });
const bytes = Buffer.from('content');

describe('files of the store', () => {
  it('are for their owner only, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await open().put('a/b/c.json', bytes);
    } finally {
      process.umask(before);
    }
    expect(statSync(join(directory, 'a/b/c.json')).mode & 0o777).toBe(0o600);
    for (const folder of ['', 'a', 'a/b', '+temporary']) {
      expect(statSync(join(directory, folder)).mode & 0o777, folder).toBe(0o700);
    }
  });

  it('are made with the first write, not before', async () => {
    const store = open();
    expect(await store.get('a')).toBeUndefined();
    expect(await keysOf(store)).toEqual([]);
    expect(await store.delete('a')).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });

  it('leave no unfinished writes behind', async () => {
    const store = open();
    await store.put('a', bytes);
    await store.put('a', bytes);
    await store.put('a', bytes, { ifAbsent: true });
    await expect(store.put('b', { file: join(root, 'missing') })).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(store.put('b', { file: root })).rejects.toThrow();
    expect(readdirSync(join(directory, '+temporary'))).toEqual([]);
  });

  it('of writes that died an hour ago are removed', async () => {
    const temporary = join(directory, '+temporary');
    await mkdir(temporary, { recursive: true });
    for (const name of ['dead', 'alive']) await writeFile(join(temporary, name), 'half');
    const old = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(temporary, 'dead'), old, old);
    await open().put('a', bytes);
    expect(await readdir(temporary)).toEqual(['alive']);
  });

  it('are written again after somebody removed the folders', async () => {
    const store = open();
    await store.put('a/b', bytes);
    await rm(directory, { recursive: true });
    expect(await store.put('a/c', bytes)).toBe('created');
    expect(await keysOf(store)).toEqual(['a/c']);
  });

  it('that are no objects are not listed', async () => {
    const store = open();
    await store.put('a/b', bytes);
    await symlink('/etc/passwd', join(directory, 'a', 'link'));
    await writeFile(join(directory, 'a', '+x'), '');
    await writeFile(join(directory, 'a', 'b~'), '');
    await mkdir(join(directory, 'empty'));
    expect(await keysOf(store)).toEqual(['a/b']);
  });
});

describe('what the disk refuses', () => {
  const error = (code: string) => Object.assign(new Error(code), { code });

  it.each([
    ['ENOSPC', 'storage-full', 'Make room'],
    ['EDQUOT', 'storage-full', 'Make room'],
    ['EROFS', 'storage-read-only', 'writable'],
    ['EACCES', 'storage-read-only', 'right'],
    ['EPERM', 'storage-read-only', 'right']
  ])('is told with the folder and the cure (%s)', (code, problem, cure) => {
    const told = storeProblem(error(code), '/home/ada/archive') as Error;
    expect(told).toMatchObject({ code: problem, status: 507 });
    expect(told.message).toContain('/home/ada/archive');
    expect(told.message).toContain(cure);
  });

  it('is left as it is where the disk is not to blame', () => {
    const other = error('EIO');
    expect(storeProblem(other, '/x')).toBe(other);
  });
});
