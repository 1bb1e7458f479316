import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { ada, eve, never, notebook, shareHome } from '../../../support/share/home.js';

async function* chunks(...parts: (string | Error)[]) {
  for (const part of parts) {
    await Promise.resolve();
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function files(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => entry.name)
    : [];
}

test('an upload is stored, hashed, replaced by a later one, and shared', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# In the file']));
  const p = home.start();
  const uploadId = home.ids.next();
  await p.service.upload(ada, uploadId, chunks('old'));
  const body = notebook(['# On the screen']);
  const stored = await p.service.upload(ada, uploadId, chunks(body.slice(0, 10), body.slice(10)));
  expect(stored).toEqual({
    uploadId,
    size: body.length,
    sha256: createHash('sha256').update(body).digest('hex')
  });
  const shared = await p.share('a.ipynb', { source: { kind: 'upload', uploadId } });
  expect(shared).toMatchObject({ outcome: 'created', title: 'On the screen' });
  // The file says something else, and is bound all the same.
  expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({
    standing: 'known',
    state: 'changed',
    notebookId: shared.notebookId
  });
});

test('an upload is its owner’s', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start();
  const uploadId = home.ids.next();
  await p.service.upload(ada, uploadId, chunks(notebook(['# Secret'])));
  const source = { kind: 'upload' as const, uploadId };
  await expect(p.shareJob('a.ipynb', { source }, eve)).rejects.toMatchObject({ code: 'not-found' });
  await expect(p.service.preview(eve, { path: 'a.ipynb', source, hideCode: false }, never)).rejects.toMatchObject({
    code: 'not-found'
  });
});

test('too large, or broken off: nothing stays', async () => {
  const home = shareHome();
  const p = home.start();
  const megabyte = 'x'.repeat(1_000_000);
  const large = chunks(...Array.from({ length: 11 }, () => megabyte));
  await expect(p.service.upload(ada, home.ids.next(), large)).rejects.toMatchObject({ code: 'too-large' });
  await expect(p.service.upload(ada, home.ids.next(), chunks('a', new Error('gone')))).rejects.toThrow('gone');
  expect(files(join(home.folder, 'work'))).toEqual([]);
});

test('an upload goes after an hour, but not from a share under way', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start({
    failPoint: name => (name === 'share:source-noted' ? new Promise(() => undefined) : undefined)
  });
  const uploadId = home.ids.next();
  await p.service.upload(ada, uploadId, chunks(notebook(['# Upload'])));
  void p.shareJob('a.ipynb', { source: { kind: 'upload', uploadId } });
  await vi.waitFor(() => expect(p.jobs.list(ada, { active: true, limit: 5 })[0]?.state).toBe('running'));
  const other = home.start();
  vi.useFakeTimers({ now: Date.now() + 3_700_000, toFake: ['Date'] });
  try {
    await other.service.tidy(ada);
  } finally {
    vi.useRealTimers();
  }
  expect(files(join(home.folder, 'work', 'uploads'))).toEqual([]);
  home.kill(p);
  other.jobs.reconcile(ada);
  const [job] = other.jobs.list(ada, { active: false, limit: 5 });
  expect((await other.finish(job!, ada)).result).toMatchObject({ title: 'Upload' });
});

test('a preview shows the file or the upload, and leaves nothing behind', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['in the file']));
  const p = home.start();
  const uploadId = home.ids.next();
  await p.service.upload(ada, uploadId, chunks(notebook(['on the screen'])));
  const preview = async (source: { kind: 'file' } | { kind: 'upload'; uploadId: string }) => {
    const bytes = await p.service.preview(ada, { path: 'a.ipynb', source, hideCode: false }, never);
    expect(bytes.contentType).toBe('text/html; charset=utf-8');
    const html = await text(bytes.stream);
    expect(html).toHaveLength(bytes.size ?? -1);
    return html;
  };
  expect(await preview({ kind: 'file' })).toContain('in the file');
  expect(await preview({ kind: 'upload', uploadId })).toContain('on the screen');
  expect(await preview({ kind: 'upload', uploadId })).toContain('on the screen');
  expect(files(join(home.folder, 'work', 'scratch'))).toEqual([]);

  home.write('broken.ipynb', '{');
  await expect(
    p.service.preview(ada, { path: 'broken.ipynb', source: { kind: 'file' }, hideCode: false }, never)
  ).rejects.toMatchObject({ code: 'not-a-notebook' });
  expect(files(join(home.folder, 'work', 'scratch'))).toEqual([]);
});

test('a preview that nobody reads to its end leaves nothing behind either', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['x'.repeat(1_000_000)]));
  const p = home.start();
  const request = { path: 'a.ipynb', source: { kind: 'file' as const }, hideCode: false };
  const gone = new AbortController();
  await p.service.preview(ada, request, gone.signal);
  gone.abort();
  const half = await p.service.preview(ada, request, never);
  for await (const _ of half.stream) break;
  await vi.waitFor(() => expect(files(join(home.folder, 'work', 'scratch'))).toEqual([]));
});

test('the targets are data', () => {
  const p = shareHome().start();
  expect(p.service.targets(ada).map(target => target.id)).toEqual(['library']);
});
