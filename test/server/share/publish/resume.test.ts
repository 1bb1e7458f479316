import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { PublishRequest } from '../../../../contract/share/index.js';
import type { ShareResult } from '../../../../contract/share/index.js';
import { storageFull, storageReadOnly } from '../../../../server/storage.js';
import { ada, notebook, shareHome } from '../../../support/share/home.js';
import type { ProcessOptions } from '../../../support/share/home.js';

const big = (letter: string) => ({ source: 'plot()', output: letter.repeat(5000) });
const text = (more: string[] = []) => notebook(['# A', big('x'), big('y'), ...more]);

/** All points of a share at which a process may die. */
export const points = [
  'share:accepted',
  'share:source-copied',
  'share:source-noted',
  'share:inspected',
  'share:bound',
  'share:identified',
  'share:scanned',
  'share:passed',
  'share:head-read',
  'share:rendered',
  'share:blob-stored',
  'share:blobs-stored',
  'share:intent-stored',
  'share:manifest-stored',
  'share:event-appended',
  'share:index-applied',
  'share:verified',
  'share:seen-noted'
];

/** A process that stands still for ever at a point, as a dead one does. */
function dying(at: string, reached: () => void): ProcessOptions {
  return {
    failPoint: name => {
      if (name !== at) return undefined;
      reached();
      return new Promise<never>(() => undefined);
    }
  };
}

async function start(home: ReturnType<typeof shareHome>, options: ProcessOptions, more: object = {}) {
  const p = home.start(options);
  const opId = home.ids.next();
  const request = PublishRequest.parse({ opId, path: 'a.ipynb', ...more });
  const job = p.service.publish(ada, request);
  return { p, opId, job };
}

test.each(points)('dead at %s: another process finishes it, once', async at => {
  const home = shareHome();
  home.write('a.ipynb', text());
  await new Promise<void>(reached => void start(home, dying(at, reached)));
  home.kill({ instance: 'p1' });
  const other = home.start();
  expect(other.jobs.reconcile(ada)).toBe(1);
  const [job] = other.jobs.list(ada, { active: false, limit: 5 });
  const ended = await other.finish(job!, ada);
  expect(ended.problem).toBeUndefined();
  expect(ended.steps.map(step => step.state)).toEqual(Array.from({ length: 6 }, () => 'done'));
  const result = ended.result as ShareResult;
  expect(result).toMatchObject({ outcome: 'created', versionNumber: 1, title: 'A' });
  expect((await other.catalogue.get(ada, result.notebookId))?.versions).toHaveLength(1);
  // No object twice: two outputs, a snapshot, a manifest, an event.
  const objects = home.puts.filter(key => !key.startsWith('index/'));
  expect(new Set(objects).size).toBe(5);
  expect(objects.filter(key => key.startsWith('nb/'))).toHaveLength(1 + Number(afterManifest(at)));
  await vi.waitFor(() => expect(readdirSync(join(home.folder, 'work', 'shares'))).toEqual([]));
  expect((await other.share('a.ipynb')).outcome).toBe('unchanged');
});

/** A manifest is offered again to the store, which leaves the one it has. */
const afterManifest = (at: string) => points.indexOf(at) >= points.indexOf('share:manifest-stored');

test('what was taken is published, whatever became of the file while the process was dead', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const { opId } = await new Promise<{ opId: string }>(resolve => {
    const started = start(
      home,
      dying('share:identified', () => void started.then(resolve))
    );
  });
  home.kill({ instance: 'p1' });
  home.write('a.ipynb', text(['changed since']));
  const other = home.start();
  other.jobs.reconcile(ada);
  await other.finish(other.jobs.get(ada, opId), ada);
  expect((await other.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
  expect(await other.share('a.ipynb')).toMatchObject({ outcome: 'updated', versionNumber: 2 });
});

test('somebody published while the process was dead: its version comes after theirs, none is lost', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const first = await home.start().share('a.ipynb');
  home.write('a.ipynb', text(['mine']));
  const { opId } = await new Promise<{ opId: string }>(resolve => {
    const started = start(
      home,
      dying('share:intent-stored', () => void started.then(resolve))
    );
  });
  home.kill({ instance: 'p2' });
  const other = home.start();
  home.write('a.ipynb', text(['theirs']));
  const theirs = await other.share('a.ipynb');
  expect(theirs.versionNumber).toBe(2);
  other.jobs.reconcile(ada);
  const mine = (await other.finish(other.jobs.get(ada, opId), ada)).result as ShareResult;
  expect(mine).toMatchObject({ outcome: 'updated', versionNumber: 3, notebookId: first.notebookId });
  const entry = await other.catalogue.get(ada, first.notebookId);
  expect(entry?.versions.map(version => version.parent)).toEqual([theirs.versionId, first.versionId, undefined]);
});

test('a change of details that a dead process began does not undo a later one', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  await home.start().share('a.ipynb');
  const { opId } = await new Promise<{ opId: string }>(resolve => {
    const started = start(
      home,
      dying('share:event-appended', () => void started.then(resolve)),
      { title: 'First' }
    );
  });
  home.kill({ instance: 'p2' });
  const other = home.start();
  expect((await other.share('a.ipynb', { title: 'Second' })).outcome).toBe('details');
  other.jobs.reconcile(ada);
  expect(await other.finish(other.jobs.get(ada, opId), ada)).toMatchObject({ state: 'succeeded' });
  expect((await other.service.state(ada, { path: 'a.ipynb' })).published?.title).toBe('Second');
});

test.each(points.slice(1, points.indexOf('share:intent-stored')))(
  'cancelled at %s: nothing is visible, and the next share works',
  async at => {
    const home = shareHome();
    home.write('a.ipynb', text());
    const opId = home.ids.next();
    const hook: { cancel?: () => void } = {};
    const p = home.start({ failPoint: name => (name === at ? hook.cancel?.() : undefined) });
    hook.cancel = () => p.jobs.cancel(ada, opId);
    const ended = await p.shareJob('a.ipynb', { opId });
    expect(ended).toMatchObject({ state: 'cancelled', problem: { code: 'cancelled' } });
    expect(home.puts.filter(key => !key.startsWith('blobs/'))).toEqual([]);
    expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('not-shared');
    expect((await p.share('a.ipynb')).outcome).toBe('created');
  }
);

test.each(points.slice(points.indexOf('share:intent-stored')))(
  'cancelled at %s: too late, it is published',
  async at => {
    const home = shareHome();
    home.write('a.ipynb', text());
    const opId = home.ids.next();
    const hook: { cancel?: () => void } = {};
    const p = home.start({ failPoint: name => (name === at ? hook.cancel?.() : undefined) });
    hook.cancel = () => p.jobs.cancel(ada, opId);
    expect(await p.shareJob('a.ipynb', { opId })).toMatchObject({ state: 'succeeded' });
  }
);

test('cancelled while its process is dead: cancelled before the commit, finished after it', async () => {
  for (const [at, state] of [
    ['share:blobs-stored', 'cancelled'],
    ['share:intent-stored', 'cancelled'],
    ['share:event-appended', 'succeeded']
  ] as const) {
    const home = shareHome();
    home.write('a.ipynb', text());
    const { opId } = await new Promise<{ opId: string }>(resolve => {
      const started = start(
        home,
        dying(at, () => void started.then(resolve))
      );
    });
    home.kill({ instance: 'p1' });
    const other = home.start();
    other.jobs.cancel(ada, opId);
    other.jobs.reconcile(ada);
    expect(await other.finish(other.jobs.get(ada, opId), ada), at).toMatchObject({ state });
    const shown = (await other.service.state(ada, { path: 'a.ipynb' })).state;
    expect(shown).toBe(state === 'cancelled' ? 'not-shared' : 'up-to-date');
  }
});

test.each(['putBlob', 'putVersion', 'append'] as const)(
  'a full disk at %s: a typed problem, nothing visible, and a retry works',
  async method => {
    const home = shareHome();
    home.write('a.ipynb', text());
    let broken = true;
    const p = home.start({
      archive: archive => ({
        ...archive,
        [method]: (...given: unknown[]) =>
          broken ? Promise.reject(storageFull('/lib')) : (archive[method] as (...all: unknown[]) => unknown)(...given)
      })
    });
    const job = await p.shareJob('a.ipynb');
    expect(job).toMatchObject({ state: 'failed', problem: { code: 'storage-full', status: 507 } });
    expect(job.steps.filter(step => step.state === 'failed')).toHaveLength(1);
    expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('not-shared');
    broken = false;
    expect(await p.share('a.ipynb')).toMatchObject({ outcome: 'created', versionNumber: 1 });
  }
);

test('a read-only disk is told as such', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const p = home.start({
    archive: archive => ({ ...archive, putVersion: () => Promise.reject(storageReadOnly('/lib')) })
  });
  expect((await p.shareJob('a.ipynb')).problem?.code).toBe('storage-read-only');
});

test('what does not read back is not called shared', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const p = home.start({ archive: archive => ({ ...archive, verify: () => Promise.resolve(false) }) });
  expect((await p.shareJob('a.ipynb')).problem).toMatchObject({ code: 'internal', status: 500 });
});

test('a bad notebook is refused with nothing written', async () => {
  const home = shareHome();
  home.write('bad.ipynb', '[1, 2');
  const p = home.start();
  const job = await p.shareJob('bad.ipynb');
  expect(job).toMatchObject({ state: 'failed', problem: { code: 'not-a-notebook', status: 422 } });
  expect(home.puts).toEqual([]);
  await vi.waitFor(() => expect(readdirSync(join(home.folder, 'work', 'shares'))).toEqual([]));
});

test('what can be seen at once is refused before there is a job', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const p = home.start();
  const uploadId = home.ids.next();
  for (const [path, more, code] of [
    ['nothing.ipynb', {}, 'file-not-found'],
    ['../a.ipynb', {}, 'path-refused'],
    ['a.ipynb', { target: 'moon' }, 'not-found'],
    ['a.ipynb', { source: { kind: 'upload', uploadId } }, 'not-found']
  ] as const) {
    await expect(p.shareJob(path, more)).rejects.toMatchObject({ code });
  }
  expect(p.jobs.list(ada, { active: false, limit: 5 })).toEqual([]);
});

test('tidying removes what nobody works on, and only that', async () => {
  const home = shareHome();
  home.write('a.ipynb', text());
  const hour = 3_600_000;
  await new Promise<void>(reached => void start(home, dying('share:rendered', reached)));
  const shares = join(home.folder, 'work', 'shares');
  const p = home.start();
  await p.service.tidy(ada);
  expect(readdirSync(shares)).toHaveLength(1);
  vi.useFakeTimers({ now: Date.now() + 2 * hour, toFake: ['Date'] });
  try {
    await p.service.tidy(ada);
    expect(readdirSync(shares)).toHaveLength(1);
    home.kill({ instance: 'p1' });
    p.jobs.reconcile(ada);
    const [job] = p.jobs.list(ada, { active: false, limit: 1 });
    expect((await p.finish(job!, ada)).state).toBe('succeeded');
    await vi.waitFor(() => expect(existsSync(join(shares, job!.id))).toBe(false));
  } finally {
    vi.useRealTimers();
  }
});
