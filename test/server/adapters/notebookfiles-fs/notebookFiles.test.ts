import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs';
import { createServer } from 'node:net';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { createNotebookFiles } from '../../../../server/adapters/notebookfiles-fs/index.js';
import type { Root } from '../../../../server/adapters/notebookfiles-fs/index.js';
import { scratch } from '../../../support/scratch.js';

const problem = (code: string) => expect.objectContaining({ name: 'ProblemError', code }) as unknown;

function setUp(options: { allowHidden?: boolean; maxBytes?: number; root?: Root } = {}) {
  const folder = scratch();
  const root = join(folder, 'work');
  mkdirSync(join(root, 'sub', 'deep'), { recursive: true });
  mkdirSync(join(root, '.hidden'));
  mkdirSync(join(folder, 'work-other'));
  const put = (path: string, text = path) => writeFileSync(join(folder, path), text);
  put('work/a.ipynb');
  put('work/sub/b ü 日本.ipynb');
  put('work/.hidden/c.ipynb');
  put('work-other/secret.ipynb');
  put('secret.ipynb');
  const { allowHidden = false, maxBytes = 1024 * 1024 } = options;
  const files = createNotebookFiles({
    root: options.root ?? { kind: 'folder', path: root, allowHidden },
    maxBytes,
    clock: systemClock
  });
  return { folder, root, files, target: join(folder, 'copy') };
}

test('finds a file below the root, and says where it is and how it looks', async () => {
  const { files, root } = setUp();
  const { size, mtimeMs } = statSync(join(root, 'sub', 'b ü 日本.ipynb'));
  const modified = expect.closeTo(mtimeMs, 2) as number;
  for (const path of ['sub/b ü 日本.ipynb', '/sub/b ü 日本.ipynb']) {
    const file = join(root, 'sub', 'b ü 日本.ipynb');
    expect(await files.locate(path)).toEqual({ place: { root: 'file:', path: file }, file, size, modified });
  }
});

test('a link inside the root leads to the place of its file; one that leads out is refused', async () => {
  const { files, root, folder } = setUp();
  symlinkSync('a.ipynb', join(root, 'link.ipynb'));
  symlinkSync(join(root, 'sub'), join(root, 'folder'));
  expect((await files.locate('link.ipynb')).place.path).toBe(join(root, 'a.ipynb'));
  expect((await files.locate('folder/b ü 日本.ipynb')).place.path).toBe(join(root, 'sub', 'b ü 日本.ipynb'));
  symlinkSync(join(folder, 'secret.ipynb'), join(root, 'out.ipynb'));
  symlinkSync('../secret.ipynb', join(root, 'out2.ipynb'));
  symlinkSync(folder, join(root, 'up'));
  symlinkSync(join(folder, 'work-other'), join(root, 'sibling'));
  symlinkSync('/proc/self', join(root, 'proc'));
  for (const path of ['out.ipynb', 'out2.ipynb', 'up/secret.ipynb', 'sibling/secret.ipynb', 'proc/environ']) {
    await expect(files.locate(path), path).rejects.toEqual(problem('path-refused'));
  }
  symlinkSync('circle', join(root, 'circle'));
  await expect(files.locate('circle')).rejects.toEqual(problem('path-refused'));
  symlinkSync('nowhere', join(root, 'dangling'));
  await expect(files.locate('dangling')).rejects.toEqual(problem('file-not-found'));
});

test('a place leads back to the path that people see, where there is one', async () => {
  const { files, root, folder } = setUp();
  const linked = join(folder, 'link-to-work');
  symlinkSync(root, linked);
  const path = 'sub/b ü 日本.ipynb';
  const { place } = await files.locate(path);
  expect(await files.pathOf(place)).toBe(path);
  const { files: through } = setUp({ root: { kind: 'folder', path: linked, allowHidden: false } });
  expect(await through.pathOf(place)).toBe(path);
  for (const hidden of ['work/.hidden/c.ipynb', 'work-other/secret.ipynb', 'secret.ipynb']) {
    expect(await files.pathOf({ root: 'file:', path: join(folder, hidden) }), hidden).toBeUndefined();
  }
  expect(await files.pathOf({ root: 's3:', path })).toBeUndefined();
  const { files: none } = setUp({ root: { kind: 'none', name: 's3:' } });
  expect(await none.pathOf({ root: 's3:', path })).toBe(path);
  expect(await none.pathOf(place)).toBeUndefined();
});

test('the root itself may be reached through a link', async () => {
  const { folder, root } = setUp();
  symlinkSync(root, join(folder, 'alias'));
  const files = createNotebookFiles({
    root: { kind: 'folder', path: join(folder, 'alias'), allowHidden: false },
    maxBytes: 100,
    clock: systemClock
  });
  expect((await files.locate('a.ipynb')).place.path).toBe(join(root, 'a.ipynb'));
});

test('hidden files are honoured', async () => {
  const shown = setUp({ allowHidden: true });
  expect((await shown.files.locate('.hidden/c.ipynb')).file).toBe(join(shown.root, '.hidden', 'c.ipynb'));
  const { files, root } = setUp();
  await expect(files.locate('.hidden/c.ipynb')).rejects.toThrow(/hidden files are not shown/);
  symlinkSync('.hidden/c.ipynb', join(root, 'visible.ipynb'));
  await expect(files.locate('visible.ipynb')).rejects.toEqual(problem('path-refused'));
});

test('folders, pipes, sockets and devices are no notebooks, and nobody waits for them', async () => {
  const { files, root } = setUp({ root: { kind: 'anywhere', workingDirectory: '/' } });
  execFileSync('mkfifo', [join(root, 'pipe.ipynb')]);
  const server = createServer().listen(join(root, 'socket.ipynb'));
  onTestFinished(() => void server.close());
  await new Promise(resolve => server.once('listening', resolve));
  for (const path of [
    join(root, 'sub'),
    join(root, 'pipe.ipynb'),
    join(root, 'socket.ipynb'),
    '/dev/zero',
    '/dev/null'
  ]) {
    await expect(files.locate(path), path).rejects.toEqual(problem('file-unreadable'));
  }
});

test('the command line takes paths from where it stands', async () => {
  const { folder, root } = setUp();
  const files = createNotebookFiles({
    root: { kind: 'anywhere', workingDirectory: join(root, 'sub') },
    maxBytes: 100,
    clock: systemClock
  });
  for (const path of ['../a.ipynb', join(root, 'a.ipynb'), './/.././a.ipynb']) {
    expect((await files.locate(path)).place).toEqual({ root: 'file:', path: join(root, 'a.ipynb') });
  }
  expect((await files.locate(relative(join(root, 'sub'), join(folder, 'secret.ipynb')))).file).toBeDefined();
  await expect(files.locate('a\0b')).rejects.toEqual(problem('path-refused'));
});

test('a file that may not be read is refused with a sentence', async () => {
  const { files, root } = setUp();
  chmodSync(join(root, 'a.ipynb'), 0);
  if (process.getuid?.() === 0) {
    // Root reads everything: at least it is not refused by mistake.
    expect((await files.locate('a.ipynb')).size).toBe(12);
    return;
  }
  await expect(files.locate('a.ipynb')).rejects.toEqual(problem('file-unreadable'));
});

test('contents that are no files have places, and must be sent', async () => {
  const { files, target } = setUp({ root: { kind: 'none', name: 'contents:' } });
  const location = await files.locate('/drive:x/a.ipynb');
  expect(location).toEqual({
    place: { root: 'contents:', path: 'drive:x/a.ipynb' },
    file: undefined,
    size: 0,
    modified: 0
  });
  await expect(files.copy(location, target)).rejects.toEqual(problem('file-not-found'));
  expect(await files.exists(location.place)).toBe(true);
  await expect(files.locate('a/../b')).rejects.toEqual(problem('path-refused'));
});

test('copies the bytes, and tells their hash', async () => {
  const { files, root, target } = setUp();
  const bytes = Buffer.alloc(700_000, 'ipynb');
  writeFileSync(join(root, 'big.ipynb'), bytes);
  const location = await files.locate('big.ipynb');
  const copied = await files.copy(location, target);
  expect(copied).toEqual({
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    modified: location.modified
  });
  expect(readFileSync(target).equals(bytes)).toBe(true);
  expect(statSync(target).mode & 0o777).toBe(0o600);
  await expect(files.copy(await files.locate('a.ipynb'), target)).rejects.toThrow(/EEXIST/);
  expect(readFileSync(target).equals(bytes)).toBe(true);
});

test('what is too large is refused before it is read', async () => {
  const { files, root, target } = setUp();
  writeFileSync(join(root, 'huge.ipynb'), '');
  truncateSync(join(root, 'huge.ipynb'), 2 ** 40);
  const location = await files.locate('huge.ipynb');
  await expect(files.copy(location, target)).rejects.toEqual(problem('too-large'));
  await expect(files.copy(location, target)).rejects.toThrow(/1048576 MB; at most 1\.0 MB/);
  expect(existsSync(target)).toBe(false);
});

test('a file that changes while it is copied is copied again', async () => {
  const { files, root, target } = setUp({ maxBytes: 1e9 });
  const file = join(root, 'changing.ipynb');
  writeFileSync(file, Buffer.alloc(20_000_000, 'a'));
  const location = await files.locate('changing.ipynb');
  const copying = files.copy(location, target);
  setTimeout(() => writeFileSync(file, Buffer.alloc(20_000_000, 'b')), 3);
  const copied = await copying;
  expect(copied.sha256).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
  expect(readFileSync(target).equals(readFileSync(file))).toBe(true);
});

test('a file that never rests is refused with a sentence, and leaves no copy', async () => {
  const { files, root, target } = setUp({ maxBytes: 1e9 });
  const file = join(root, 'log.ipynb');
  writeFileSync(file, Buffer.alloc(3_000_000, 'a'));
  const timer = setInterval(() => appendFileSync(file, 'x'), 1);
  onTestFinished(() => clearInterval(timer));
  await expect(files.copy(await files.locate('log.ipynb'), target)).rejects.toThrow(/keeps changing/);
  expect(existsSync(target)).toBe(false);
});

test('a file that was swapped for a link after it was found is not followed', async () => {
  const { files, root, folder, target } = setUp();
  const location = await files.locate('a.ipynb');
  rmSync(join(root, 'a.ipynb'));
  symlinkSync(join(folder, 'secret.ipynb'), join(root, 'a.ipynb'));
  await expect(files.copy(location, target)).rejects.toEqual(problem('path-refused'));

  const below = await files.locate('sub/b ü 日本.ipynb');
  renameSync(join(root, 'sub'), join(root, 'was-sub'));
  mkdirSync(join(folder, 'evil'));
  writeFileSync(join(folder, 'evil', 'b ü 日本.ipynb'), 'secret');
  symlinkSync(join(folder, 'evil'), join(root, 'sub'));
  await expect(files.copy(below, target)).rejects.toEqual(problem('path-refused'));
  expect(existsSync(target)).toBe(false);
});

test('a folder that is swapped for a link again and again never leads out', async () => {
  const { files, root, folder, target } = setUp({ maxBytes: 1e6 });
  const inside = join(root, 'swap');
  const [good, evil] = [join(root, 'good'), join(folder, 'evil')];
  for (const [at, text] of [
    [good, 'inside'],
    [evil, 'SECRET']
  ] as const) {
    mkdirSync(at);
    writeFileSync(join(at, 'x.ipynb'), text);
  }
  const stop = new AbortController();
  const swapping = (async () => {
    while (!stop.signal.aborted) {
      for (const to of [evil, good]) {
        rmSync(inside, { force: true });
        symlinkSync(to, inside);
        await new Promise(resolve => setImmediate(resolve));
      }
    }
  })();
  let copies = 0;
  for (let n = 0; n < 300; n++) {
    const done = await files
      .locate('swap/x.ipynb')
      .then(location => files.copy(location, target))
      .catch((error: unknown) => {
        expect(['path-refused', 'file-not-found', 'conflict']).toContain((error as { code: string }).code);
      });
    if (done) {
      copies++;
      expect(readFileSync(target, 'utf8')).toBe('inside');
    }
    rmSync(target, { force: true });
  }
  stop.abort();
  await swapping;
  expect(copies).toBeGreaterThan(0);
});

test('a place has a file or not', async () => {
  const { files, root } = setUp();
  const at = (path: string) => ({ root: 'file:', path: join(root, path) });
  expect(await files.exists(at('a.ipynb'))).toBe(true);
  expect(await files.exists(at('nothing.ipynb'))).toBe(false);
  expect(await files.exists(at('a.ipynb/x'))).toBe(false);
  expect(await files.exists(at('sub'))).toBe(false);
});

test('a hard link is a file of its own', async () => {
  const { files, root } = setUp();
  linkSync(join(root, 'a.ipynb'), join(root, 'hard.ipynb'));
  utimesSync(join(root, 'a.ipynb'), 1, 1);
  expect(await files.locate('hard.ipynb')).toMatchObject({ place: { path: join(root, 'hard.ipynb') }, modified: 1000 });
});
