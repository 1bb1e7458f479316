import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { Run } from '../../../../contract/schedule/index.js';
import { createMemoryRunner } from '../../../../server/adapters/memory/notebookRunner.js';
import type { ScheduleStore } from '../../../../server/schedule/ports.js';
import { createDispatcher } from '../../../../server/schedule/dispatch/dispatcher.js';
import { createTake } from '../../../../server/schedule/places/take.js';
import { scheduleFiles, scheduleHome } from '../../../support/schedule/home.js';
import { noPlaces } from '../../../support/schedule/places.js';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function home(start: string, parallel = 2) {
  const base = scheduleHome(start);
  const runner = createMemoryRunner();
  /** Top folders of outputs that no process reaches any more. */
  const unreachable = new Set<string>();
  let isFull = false;
  /** The store on a disk that a test fills. */
  const storeOnDisk = (): ScheduleStore => {
    const store = base.open();
    return {
      ...store,
      change(run, worker) {
        if (isFull) throw new ProblemError('storage-full', 'There is no room left on the disk.');
        return store.change(run, worker);
      }
    };
  };
  const files = {
    ...scheduleFiles,
    notebook: (_: string, path: string) =>
      path === 'gone.ipynb'
        ? Promise.reject(new ProblemError('file-not-found', 'There is no notebook gone.ipynb. Put it back.'))
        : Promise.resolve(`/notebooks/${path}`),
    output: (_: string, place: string) => {
      const [top = ''] = place.split('/');
      if (unreachable.has(top)) return Promise.reject(new Error('Its disk is gone.'));
      if (top === 'full')
        return Promise.reject(new ProblemError('storage-full', 'No room is left on the disk of full.'));
      if (top === 'taken') return Promise.reject(new ProblemError('path-refused', 'A file is in the way at taken.'));
      return Promise.resolve(`/outputs/${place}`);
    }
  };
  const process = (instance: string) =>
    createDispatcher({
      ...base,
      store: storeOnDisk(),
      runner,
      files,
      places: noPlaces,
      take: createTake({ files, places: noPlaces, ids: base.ids, workDirectory: '/work' }),
      log: silent,
      failPoint: () => {},
      instance,
      parallel,
      hasRoom: () => true,
      changed: () => {}
    });
  const dispatcher = process('one');
  return {
    ...base,
    runner,
    process,
    dispatcher,
    unreachable,
    full: (full: boolean) => void (isFull = full),
    /** Moves the clock, plans and dispatches. */
    async tick(to: string) {
      base.go(to);
      dispatcher.dispatch();
      await settle();
    },
    runs: (scheduleId: string): Run[] => base.store.runs({ scheduleId, limit: 100 }).toReversed()
  };
}

/** Lets what was begun go on until it waits. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await new Promise(resolve => setImmediate(resolve));
}

describe('runs', () => {
  it('go from waiting to their end, with what the runner needs', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add({
      when: { cron: '0 * * * *', zone: 'Europe/Paris' },
      parameters: { month: 9, day: '{{ ds }}' },
      environment: { kernel: 'python3', memory: '2Gi' },
      policy: { timeout: '2h', cellTimeout: '90s' }
    });
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'RUNNING', attempts: [{ number: 1, state: 'RUNNING' }] }]);
    const [work] = at.runner.underWay;
    expect(work).toMatchObject({
      notebook: '/notebooks/delays.ipynb',
      cwd: '/srv/notebooks',
      out: `/outputs/runs/${schedule.id}/${work?.runId}`,
      parameters: { month: 9, day: '{{ ds }}' },
      scheduledAt: '2026-11-23T07:00:00.000Z',
      intervalStart: '2026-11-23T06:00:00.000Z',
      zone: 'Europe/Paris',
      kernel: 'python3',
      memoryLimit: 2 * 2 ** 30,
      timeout: 7200,
      cellTimeout: 90
    });
    at.runner.progress(work!.runId, 7, 31);
    expect(at.runs(schedule.id)).toMatchObject([{ progress: { cell: 7, of: 31 } }]);
    at.runner.end(work!.runId);
    await settle();
    const [run] = at.runs(schedule.id);
    expect(run).toMatchObject({ state: 'SUCCEEDED', attempts: [{ state: 'SUCCEEDED' }] });
    expect(run).not.toHaveProperty('progress');
    expect(run).not.toHaveProperty('reason');
  });

  it.each([
    [10, 'FAILED'],
    [11, 'FAILED_CHECK'],
    [12, 'TIMED_OUT'],
    [13, 'FAILED'],
    [14, 'FAILED'],
    [15, 'FAILED'],
    [99, 'FAILED']
  ])('that end with %i are %s, with the reason, and never succeed', async (exitCode, state) => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add();
    await at.tick('2026-11-23T07:00:00Z');
    at.runner.end(at.runner.underWay[0]!.runId, { exitCode, reason: 'Cell 3 failed.' });
    await settle();
    expect(at.runs(schedule.id)).toMatchObject([{ state, reason: 'Cell 3 failed.', attempts: [{ state }] }]);
  });

  it('whose notebook is gone say so', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add({ notebook: { path: 'gone.ipynb' } });
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.runs(schedule.id)).toMatchObject(
      [{ state: 'FAILED', reason: /There is no notebook gone/ }].map(row => ({
        ...row,
        reason: expect.stringMatching(row.reason) as string
      }))
    );
  });

  it('are tried again after passing failures, each time later, and no more often than they may', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add({ policy: { retries: 2, retryDelay: '5m' }, when: { cron: '0 0 * * *' } });
    await at.tick('2026-11-24T00:00:00Z');
    const fail = async () => {
      at.runner.end(at.runner.underWay[0]!.runId, { exitCode: 13, reason: 'The kernel died.' });
      await settle();
    };
    await fail();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'QUEUED', notBefore: '2026-11-24T00:05:00.000Z' }]);
    await at.tick('2026-11-24T00:04:59Z');
    expect(at.runner.started).toHaveLength(1);
    await at.tick('2026-11-24T00:05:00Z');
    await fail();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'QUEUED', notBefore: '2026-11-24T00:15:00.000Z' }]);
    await at.tick('2026-11-24T00:15:00Z');
    await fail();
    const [run] = at.runs(schedule.id);
    expect(run).toMatchObject({ state: 'FAILED', reason: 'The kernel died.' });
    expect(run?.attempts.map(({ number, state }) => `${number} ${state}`)).toEqual([
      '1 FAILED',
      '2 FAILED',
      '3 FAILED'
    ]);
    expect(new Set(at.runner.started.map(({ out }) => out)).size).toBe(3);
  });

  it('wait for room, and all get it', async () => {
    const at = home('2026-11-23T06:59:00Z', 2);
    for (let count = 0; count < 20; count++) at.add({ name: `Schedule ${count}` });
    await at.tick('2026-11-23T07:00:00Z');
    let most = 0;
    while (at.runner.underWay.length > 0) {
      most = Math.max(most, at.runner.underWay.length);
      at.runner.end(at.runner.underWay[0]!.runId);
      await settle();
    }
    expect(most).toBe(2);
    expect(at.runner.started).toHaveLength(20);
    expect(at.store.runs({ owner: 'ada', states: ['SUCCEEDED'], limit: 100 })).toHaveLength(20);
  });

  it.each([
    ['queue', 1, ['RUNNING', 'QUEUED']],
    ['allow', 2, ['RUNNING', 'RUNNING']],
    ['skip', 1, ['RUNNING', 'SKIPPED']]
  ])('that meet, by policy %s: %i at once', async (overlap, count, states) => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add({ policy: { overlap } });
    await at.tick('2026-11-23T07:00:00Z');
    await at.tick('2026-11-23T08:00:00Z');
    expect(at.runner.underWay).toHaveLength(count);
    expect(at.runs(schedule.id).map(({ state }) => state)).toEqual(states);
  });

  it('are replaced by newer ones where the schedule says so', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add({ policy: { overlap: 'replace' } });
    await at.tick('2026-11-23T07:00:00Z');
    await at.tick('2026-11-23T08:00:00Z');
    expect(at.runs(schedule.id).map(({ state }) => state)).toEqual(['CANCELLED', 'RUNNING']);
    expect(at.runs(schedule.id)[0]?.reason).toMatch(/newer run/);
  });

  it('are started once where two processes dispatch', async () => {
    const at = home('2026-11-23T06:59:00Z');
    at.add();
    const other = at.process('two');
    at.go('2026-11-23T07:00:00Z');
    other.dispatch();
    at.dispatcher.dispatch();
    await settle();
    expect(at.runner.started).toHaveLength(1);
  });

  it('that a dead process left get the end that was written, or are lost and tried again', async () => {
    const at = home('2026-11-23T06:59:00Z', 3);
    const named = ['written', 'lost', 'again'].map(name =>
      at.add({ name, policy: { retries: name === 'again' ? 1 : 0 }, output: `${name}/{{ run_id }}` })
    );
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.runner.underWay).toHaveLength(3);
    const next = at.process('two');
    await next.reconcile();
    expect(named.map(({ id }) => at.runs(id)[0]?.state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);

    at.gone.add('one');
    for (const { out } of at.runner.started) if (out.includes('written')) at.runner.ends.set(out, { exitCode: 0 });
    await next.reconcile();
    expect(named.map(({ id }) => at.runs(id)[0]?.state)).toEqual(['SUCCEEDED', 'LOST', 'QUEUED']);
    expect(at.runs(named[1]!.id)[0]?.reason).toMatch(/The server stopped while this ran/);
    expect(at.runs(named[2]!.id)[0]?.attempts).toMatchObject([{ number: 1, state: 'LOST' }]);
    expect(at.runner.cleared).toHaveLength(3);
    // Whoever was thought dead and is not has lost its say.
    at.runner.end(at.runner.underWay[0]!.runId, { exitCode: 10 });
    await settle();
    expect(named.map(({ id }) => at.runs(id)[0]?.state)).toEqual(['SUCCEEDED', 'LOST', 'QUEUED']);
  });

  it('are ended by a person, waiting or not', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add();
    await at.tick('2026-11-23T07:00:00Z');
    const [run] = at.runs(schedule.id);
    expect(at.dispatcher.cancel(run!.id, 'Ada ended it.')).toBe(true);
    await settle();
    expect(at.runs(schedule.id)).toMatchObject([
      { state: 'CANCELLED', reason: 'Ada ended it.', attempts: [{ state: 'CANCELLED', reason: 'Ada ended it.' }] }
    ]);
    expect(at.dispatcher.cancel(run!.id, 'Again.')).toBe(false);
  });

  it('of one schedule that wait in great number keep no other schedule waiting', async () => {
    const at = home('2026-11-23T06:59:00Z', 2);
    const busy = at.add({ name: 'Busy', when: { cron: '0 0 1 1 *' } });
    const at5 = Date.parse('2026-01-05T00:00:00Z');
    const old = Array.from({ length: 300 }, (_, day) => new Date(at5 + day * 86_400_000).toISOString());
    at.store.add(
      old.map(dueAt => ({
        id: at.ids.next(),
        scheduleId: busy.id,
        owner: 'ada',
        trigger: 'backfill' as const,
        dueAt,
        intervalStart: dueAt,
        state: 'QUEUED' as const,
        attempts: [],
        createdAt: dueAt
      }))
    );
    const other = at.add({ name: 'Other' });
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.runner.underWay.map(({ scheduleId }) => scheduleId).toSorted()).toEqual([busy.id, other.id].toSorted());
  });

  it('end when their end can be stored, and are not told apart from others until then', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add();
    await at.tick('2026-11-23T07:00:00Z');
    const [work] = at.runner.underWay;
    at.full(true);
    at.runner.progress(work!.runId, 7, 31);
    at.runner.end(work!.runId);
    await settle();
    at.clock.move(1000);
    await settle();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'RUNNING' }]);
    at.full(false);
    at.clock.move(1000);
    await settle();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'SUCCEEDED', endedAt: '2026-11-23T07:00:00.000Z' }]);
  });

  it('that find no room for their output may be tried again; those whose place cannot be are not', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const policy = { retries: 1, retryDelay: '5m' };
    const full = at.add({ output: 'full', policy });
    const taken = at.add({ output: 'taken', policy });
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.runs(full.id)).toMatchObject([
      { state: 'QUEUED', attempts: [{ state: 'FAILED', reason: 'No room is left on the disk of full.' }] }
    ]);
    expect(at.runs(taken.id)).toMatchObject([{ state: 'FAILED', reason: 'A file is in the way at taken.' }]);
  });

  it('of a zone that this machine does not know say so, and the next one runs', async () => {
    const at = home('2026-11-23T06:59:00Z', 1);
    const strange = at.add();
    const good = at.add();
    at.store.update({ ...strange, spec: { ...strange.spec, when: { ...strange.spec.when, zone: 'Mars/Base' } } }, 1);
    const dueAt = '2026-11-23T06:00:00.000Z';
    const run = {
      id: at.ids.next(),
      scheduleId: strange.id,
      owner: 'ada',
      trigger: 'manual',
      dueAt,
      intervalStart: dueAt
    };
    at.store.add([{ ...run, trigger: 'manual', state: 'QUEUED', attempts: [], createdAt: dueAt }]);
    at.dispatcher.dispatch();
    await settle();
    await at.tick('2026-11-23T07:00:00Z');
    expect(at.store.run(run.id)).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/^when\.zone names "Mars\/Base"/) as string
    });
    expect(at.runs(good.id)).toMatchObject([{ state: 'RUNNING' }]);
  });

  it('that a dead process left are lost also where their folder cannot be reached, and none keeps another', async () => {
    const at = home('2026-11-23T06:59:00Z', 3);
    const named = ['a', 'b', 'c'].map(name => at.add({ name, output: `${name}/{{ run_id }}` }));
    await at.tick('2026-11-23T07:00:00Z');
    at.gone.add('one');
    at.unreachable.add('a').add('b');
    await at.process('two').reconcile();
    expect(named.map(({ id }) => at.runs(id)[0]?.state)).toEqual(['LOST', 'LOST', 'LOST']);
  });

  it('that end because their server does are lost, not cancelled', async () => {
    const at = home('2026-11-23T06:59:00Z');
    const schedule = at.add();
    await at.tick('2026-11-23T07:00:00Z');
    const [{ out } = { out: '' }] = at.runner.underWay;
    await at.dispatcher.stop();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'RUNNING' }]);
    at.runner.ends.set(out, { exitCode: 143, reason: 'The server stops.' });
    at.gone.add('one');
    await at.process('two').reconcile();
    expect(at.runs(schedule.id)).toMatchObject([{ state: 'LOST' }]);
  });
});
