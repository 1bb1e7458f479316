import { expect, test } from 'vitest';
import { isNetworkFileSystem, onStorage, storageProblem } from '../../server/storage.js';
import { scratch } from '../support/scratch.js';

const failure = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ['ENOSPC', 'storage-full'],
  ['EDQUOT', 'storage-full'],
  ['EROFS', 'storage-read-only']
])('%s is %s, with the place in its sentence', async (code, problem) => {
  const cause = failure(code);
  expect(storageProblem(cause, '/srv/lakeside')).toMatchObject({ code: problem, status: 507, cause });
  await expect(onStorage('/srv/lakeside', () => Promise.reject(cause))).rejects.toThrow('/srv/lakeside');
});

test('other failures stay what they are', async () => {
  const other = failure('EACCES');
  expect(storageProblem(other, '/x')).toBeUndefined();
  expect(storageProblem(undefined, '/x')).toBeUndefined();
  await expect(onStorage('/x', () => Promise.reject(other))).rejects.toBe(other);
  expect(await onStorage('/x', () => Promise.resolve(7))).toBe(7);
});

test('a local folder is no network file system', () => {
  expect(isNetworkFileSystem(scratch())).toBe(false);
});
