import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { ScheduleSpec } from '../../../../contract/schedule/index.js';
import type { Run } from '../../../../contract/schedule/index.js';
import { createMemoryRunner } from '../../../../server/adapters/memory/notebookRunner.js';
import type { Caller } from '../../../../server/ports.js';
import { createDispatcher } from '../../../../server/schedule/dispatch/dispatcher.js';
import { createPlacedFiles } from '../../../../server/schedule/places/files.js';
import { createRunPlaces } from '../../../../server/schedule/places/places.js';
import { createTake } from '../../../../server/schedule/places/take.js';
import { createScheduleService } from '../../../../server/schedule/service.js';
import { codeCell, notebookBytes, notebookOf } from '../../../support/notebooks.js';
import { scheduleFiles, scheduleHome } from '../../../support/schedule/home.js';
import { memoryBuckets } from '../../../support/schedule/places.js';
import { silent } from '../../../support/share/home.js';
import { scratch } from '../../../support/scratch.js';

const ID = '01JD7Z3QK8M5R2V9XWY4T6B0AC';
const VERSION = '01JD7Z3QK8M5R2V9XWY4T6B0AD';
const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
const notebook = notebookBytes(notebookOf([codeCell('print(1)')]));

/** Processes that share one home, one bucket and one Library; the runner runs nothing and is told how it ends. */
function home() {
  const base = scheduleHome('2026-11-23T06:59:00Z');
  const folder = scratch('lakeside-elsewhere');
  const workDirectory = join(folder, 'work');
  const { buckets, ...bucket } = memoryBuckets();
  const asked: string[] = [];
  const library: { fault: ProblemError | undefined } = { fault: undefined };
  const places = createRunPlaces({
    shared: {
      async read(caller, notebookId, version) {
        await Promise.resolve();
        asked.push(`${caller.name} ${notebookId} ${version ?? 'newest'}`);
        if (library.fault) throw library.fault;
        const content = (async function* () {
          await Promise.resolve();
          yield notebook;
        })();
        return { title: 'Delays', versionId: VERSION, content };
      }
    },
    buckets: () => Promise.resolve(buckets),
    maxBytes: 10_000
  });
  const pins: string[] = [];
  const files = createPlacedFiles({
    files: {
      ...scheduleFiles,
      notebook: (_, path) => Promise.resolve(`/notebooks/${path}`),
      output: (_, place) => Promise.resolve(`/outputs/${place}`),
      pin(file, name) {
        pins.push(readFileSync(file, 'utf8'));
        expect(name).not.toBe('');
        return Promise.resolve();
      }
    },
    places,
    directory: join(folder, 'outputs'),
    clock: base.clock,
    ids: base.ids
  });
  const take = createTake({ files, places, ids: base.ids, workDirectory });
  const runner = createMemoryRunner();
  const process = (instance: string) =>
    createDispatcher({
      ...base,
      store: base.open(),
      runner,
      files,
      places,
      take,
      log: silent,
      failPoint: () => {},
      instance,
      parallel: 2,
      hasRoom: () => true,
      changed: () => {}
    });
  const dispatcher = process('one');
  const service = createScheduleService({
    ...base,
    files,
    places,
    take,
    thereIs: () => Promise.resolve({ channels: [], targets: ['library'] }),
    wake: () => {}
  });
  const runs = (scheduleId: string): Run[] => base.store.runs({ scheduleId, limit: 100 }).toReversed();
  /** Makes what is due begin, and waits until the runner has it. */
  async function begin(): Promise<{ runId: string; out: string }> {
    base.go('2026-11-23T07:00:00Z');
    const before = runner.started.length;
    dispatcher.dispatch();
    await vi.waitFor(() => expect(runner.started.length).toBe(before + 1));
    const { runId, out } = runner.started.at(-1)!;
    return { runId, out };
  }
  /** Writes what the runner leaves. */
  function leave(out: string, ...names: string[]): void {
    for (const name of names) writeFileSync(join(out, name), name);
  }
  const create = (more: object) =>
    service.create(ada, {
      opId: base.ids.next(),
      paused: false,
      spec: ScheduleSpec.parse({
        name: 'Morning',
        notebook: { path: 'a.ipynb' },
        when: { cron: '0 * * * *' },
        ...more
      })
    });
  const all = ['events.ndjson', 'output.ipynb', 'run.json'];
  return {
    ...base,
    ...bucket,
    folder,
    workDirectory,
    asked,
    library,
    pins,
    runner,
    process,
    dispatcher,
    service,
    runs,
    begin,
    leave,
    create,
    all
  };
}

const toBucket = { output: 's3://team/{{ schedule_id }}/{{ run_id }}/' };

describe('a notebook elsewhere', () => {
  it('is brought as its owner may read it, runs in the root, and the run says what exactly it was', async () => {
    const at = home();
    const { id } = await at.create({ notebook: { path: `share://${ID}@3` } });
    expect(readdirSync(at.workDirectory)).toEqual([]);
    at.asked.length = 0;
    const { runId } = await at.begin();
    const source = `share://${ID}@${VERSION}`;
    expect(at.asked).toEqual([`ada ${ID} 3`]);
    const [work] = at.runner.started;
    expect(work).toMatchObject({ cwd: '/srv/notebooks', source });
    expect(readFileSync(work!.notebook)).toEqual(notebook);
    expect(at.runs(id)).toMatchObject([{ state: 'RUNNING', attempts: [{ source }] }]);
    at.runner.end(runId);
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'SUCCEEDED', attempts: [{ source }] }]));
    await vi.waitFor(() => expect(readdirSync(at.workDirectory)).toEqual([]));
  });

  it('that cannot be brought fails the run with the reason, and is tried again where that may help', async () => {
    const at = home();
    at.objects.set('team/a.ipynb', notebook);
    const { id } = await at.create({
      notebook: { path: 's3://team/a.ipynb' },
      policy: { retries: 1, retryDelay: '5m' }
    });
    at.state.fault = new ProblemError('storage-unreachable', 'Nobody answers. Try again.');
    at.go('2026-11-23T07:00:00Z');
    at.dispatcher.dispatch();
    await vi.waitFor(() =>
      expect(at.runs(id)).toMatchObject([
        { state: 'QUEUED', attempts: [{ state: 'FAILED', reason: 'Nobody answers. Try again.' }] }
      ])
    );
    at.state.fault = undefined;
    at.objects.clear();
    at.go('2026-11-23T07:05:00Z');
    at.dispatcher.dispatch();
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'FAILED' }]));
    expect(at.runs(id)[0]?.reason).toMatch(/^s3:\/\/team\/a\.ipynb is not there/);
    expect(at.runner.started).toEqual([]);
  });

  it('that is pinned runs as it was when it was saved, whatever became of it', async () => {
    const at = home();
    const schedule = await at.create({ notebook: { path: `share://${ID}`, mode: 'pin' } });
    expect(schedule).toMatchObject({ pinnedSource: `share://${ID}@${VERSION}` });
    expect(at.pins).toEqual([notebook.toString('utf8')]);
    at.library.fault = new ProblemError('not-found', 'There is no notebook. Check the link.');
    await at.begin();
    expect(at.runner.started).toMatchObject([
      { notebook: `/pins/${schedule.pinned}.ipynb`, source: `share://${ID}@${VERSION}`, cwd: '/srv/notebooks' }
    ]);
  });
});

describe('a schedule that could not run is refused when it is saved', () => {
  it.each([
    [{ notebook: { path: 's3://other/a.ipynb' } }, 'notebook.path', /other is not one that may be used/],
    [{ notebook: { path: 's3://team/none.ipynb' } }, 'notebook.path', /is not there/],
    [{ output: 's3://other/{{ run_id }}/' }, 'output', /other is not one that may be used/],
    [{ output: 's3://read/{{ run_id }}/' }, 'output', /may be used/],
    [{ notebook: { path: `share://${ID}` }, publish: {} }, 'publish', /publish needs a notebook that is a file/]
  ])('%j', async (more, field, sentence) => {
    const at = home();
    const error = await at.create(more).catch((thrown: unknown) => thrown as ProblemError);
    expect(error).toMatchObject({ code: 'invalid', errors: [{ field }] });
    expect((error as ProblemError).message).toMatch(sentence);
    expect(at.service.list(ada, false)).toEqual([]);
  });

  it('by what the Library says of its notebook; and a text is no notebook', async () => {
    const at = home();
    at.library.fault = new ProblemError('not-found', '"Delays" was taken out of the Library. Restore it there first.');
    await expect(at.create({ notebook: { path: `share://${ID}` } })).rejects.toMatchObject({
      code: 'invalid',
      errors: [{ field: 'notebook.path', message: expect.stringContaining('Restore it there first') as string }]
    });
    at.objects.set('team/text.ipynb', Buffer.from('text'));
    await expect(at.create({ notebook: { path: 's3://team/text.ipynb' } })).rejects.toMatchObject({
      code: 'not-a-notebook',
      errors: [{ field: 'notebook.path' }]
    });
    expect(readdirSync(at.workDirectory)).toEqual([]);
  });
});

describe('an output elsewhere', () => {
  it('is in the bucket before the run has succeeded', async () => {
    const at = home();
    const { id } = await at.create(toBucket);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    at.state.hold = promise;
    const { runId, out } = await at.begin();
    expect(at.runs(id)).toMatchObject([{ attempts: [{ output: `s3://team/${id}/${runId}` }] }]);
    at.leave(out, ...at.all);
    at.runner.end(runId);
    await new Promise(done => setTimeout(done, 50));
    expect(at.runs(id)).toMatchObject([{ state: 'RUNNING' }]);
    resolve(undefined);
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'SUCCEEDED' }]));
    expect(at.stored).toEqual(at.all.map(name => `team/${id}/${runId}/${name}`));
  });

  it.each([
    ['storage-unreachable', 'QUEUED'],
    ['storage-refused', 'FAILED'],
    ['storage-full', 'FAILED']
  ] as const)('that does not get there (%s) fails a good run, and stays here', async (code, state) => {
    const at = home();
    const { id } = await at.create({ ...toBucket, policy: { retries: 1 } });
    const { runId, out } = await at.begin();
    at.leave(out, ...at.all);
    at.state.fault = new ProblemError(code, 'The bucket says no. Ask its owner.');
    at.runner.end(runId);
    await vi.waitFor(() => expect(at.runs(id)[0]?.attempts[0]).toMatchObject({ state: 'FAILED' }));
    const [run] = at.runs(id);
    expect(run?.state).toBe(state);
    expect(run?.attempts[0]?.reason).toBe(
      `Its output is not at s3://team/${id}/${runId}: The bucket says no. Ask its owner. A copy stays in ${out} on this machine.`
    );
    expect(readdirSync(out).sort()).toEqual(at.all);
  });

  it('of a run that failed is put there too, and what went wrong with that does not hide why it failed', async () => {
    const at = home();
    const { id } = await at.create(toBucket);
    const one = await at.begin();
    at.leave(one.out, 'output.ipynb', 'run.json');
    at.runner.end(one.runId, { exitCode: 10, reason: 'Cell 3 failed.' });
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'FAILED', reason: 'Cell 3 failed.' }]));
    expect(at.stored).toHaveLength(2);
    at.state.fault = new ProblemError('storage-unreachable', 'Nobody answers.');
    at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} });
    const two = await at.begin();
    at.leave(two.out, 'run.json');
    at.runner.end(two.runId, { exitCode: 10, reason: 'Cell 4 failed.' });
    await vi.waitFor(() => expect(at.runs(id)[1]).toMatchObject({ state: 'FAILED' }));
    expect(at.runs(id)[1]?.reason).toMatch(/^Cell 4 failed\. Its output is not at s3:.*Nobody answers\./);
  });

  it('that hangs can be ended, and the run says that its output is here', async () => {
    const at = home();
    const { id } = await at.create(toBucket);
    at.state.hold = new Promise(() => {});
    const { runId, out } = await at.begin();
    at.leave(out, ...at.all);
    at.runner.end(runId);
    await new Promise(done => setTimeout(done, 20));
    at.dispatcher.cancel(runId, 'ada ended it.');
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'CANCELLED' }]));
    expect(at.runs(id)[0]?.reason).toMatch(/^ada ended it\. Its output is not at .*A copy stays in/);
  });

  it('of a process that died is put there by the next one, before the run has succeeded', async () => {
    const at = home();
    const { id } = await at.create(toBucket);
    const { runId, out } = await at.begin();
    at.leave(out, ...at.all);
    at.runner.ends.set(out, { exitCode: 0 });
    at.gone.add('one');
    const { promise, resolve } = Promise.withResolvers<undefined>();
    at.state.hold = promise;
    const two = at.process('two');
    await two.reconcile();
    await two.reconcile();
    expect(at.runs(id)).toMatchObject([{ state: 'RUNNING' }]);
    resolve(undefined);
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'SUCCEEDED' }]));
    expect(at.stored).toEqual(at.all.map(name => `team/${id}/${runId}/${name}`));
  });

  it('is left to the next process by one that stops', async () => {
    const at = home();
    const { id } = await at.create(toBucket);
    at.state.hold = new Promise(() => {});
    const { runId, out } = await at.begin();
    at.leave(out, ...at.all);
    at.runner.ends.set(out, { exitCode: 0 });
    at.runner.end(runId);
    await new Promise(done => setTimeout(done, 20));
    await at.dispatcher.stop();
    expect(at.runs(id)).toMatchObject([{ state: 'RUNNING' }]);
    expect(existsSync(join(out, 'run.json'))).toBe(true);
    at.gone.add('one');
    at.state.hold = undefined;
    const two = at.process('two');
    await two.reconcile();
    await vi.waitFor(() => expect(at.runs(id)).toMatchObject([{ state: 'SUCCEEDED' }]));
    expect(at.stored).toHaveLength(3);
  });
});

it('a file that is renamed does not disturb schedules of notebooks elsewhere', async () => {
  const at = home();
  const { id } = await at.create({ notebook: { path: `share://${ID}` } });
  at.service.moved('/srv/notebooks', '/srv/others');
  expect(at.service.get(ada, id)).toMatchObject({ revision: 1, spec: { notebook: { path: `share://${ID}` } } });
});
