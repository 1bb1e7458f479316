import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { RecentRun, ScheduleSpec } from '../../../../contract/schedule/index.js';
import type { Caller } from '../../../../server/ports.js';
import { createRunService } from '../../../../server/schedule/runs.js';
import { createScheduleService } from '../../../../server/schedule/service.js';
import { createTake } from '../../../../server/schedule/places/take.js';
import { scheduleFiles, scheduleHome } from '../../../support/schedule/home.js';
import { noPlaces } from '../../../support/schedule/places.js';

const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
const bob: Caller = { name: 'bob', groups: [], via: 'jupyter' };

function home(start: string) {
  const base = scheduleHome(start);
  const files = {
    ...scheduleFiles,
    notebook: (_: string, path: string) =>
      path === 'gone.ipynb'
        ? Promise.reject(new ProblemError('file-not-found', 'There is no file gone.ipynb.'))
        : Promise.resolve(`/notebooks/${path}`)
  };
  const service = createScheduleService({
    ...base,
    files,
    places: noPlaces,
    take: createTake({ files, places: noPlaces, ids: base.ids, workDirectory: '/work' }),
    thereIs: caller => Promise.resolve({ channels: ['chat'], targets: caller === ada ? ['library', 'wiki'] : [] }),
    wake: () => {}
  });
  const runs = createRunService({ ...base, wake: () => {}, cancel: () => false });
  const spec = (more: object = {}): ScheduleSpec =>
    ScheduleSpec.parse({ name: 'Morning', notebook: { path: 'a.ipynb' }, when: { cron: '0 7 * * *' }, ...more });
  const create = (more: object = {}) => service.create(ada, { opId: base.ids.next(), spec: spec(more), paused: false });
  return { ...base, service, runs, spec, create };
}

describe('schedules', () => {
  it('are made once for one wish, and are due from then on', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const opId = at.ids.next();
    const made = await at.service.create(ada, { opId, spec: at.spec(), paused: false });
    expect(made).toMatchObject({ id: opId, owner: 'ada', revision: 1, nextDue: '2026-11-23T07:00:00.000Z' });
    expect(await at.service.create(ada, { opId, spec: at.spec({ name: 'Other' }), paused: false })).toEqual(made);
    expect(at.service.list(ada, false)).toEqual([{ schedule: made, recent: [] }]);
  });

  it.each([
    [{ when: { cron: '0 0 31 2 *' } }, 'when.cron never comes'],
    [{ parameters: { day: '{{ dz }}' } }, 'parameters.day holds {{ dz }}'],
    [{ where: 'cluster' }, 'where names cluster'],
    [
      { notify: { failure: ['owner', 'chatt'] } },
      'notify.failure.1 names "chatt", which is not configured here. Write one of: owner, jupyterlab, chat.'
    ],
    [{ publish: { target: 'wikki' } }, 'publish.target names "wikki"'],
    [{ notebook: { path: 'gone.ipynb' } }, 'There is no file gone.ipynb']
  ])('that could not run are refused before anything is stored: %j', async (more, sentence) => {
    const at = home('2026-11-23T06:00:00Z');
    await expect(at.create(more)).rejects.toThrow(sentence);
    expect(at.service.list(ada, false)).toEqual([]);
  });

  it('are listed with as much of their last runs as a list shows', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create({ parameters: { day: 'x' } });
    const run = at.service.runNow(ada, id, { opId: at.ids.next(), parameters: { day: 'y' } });
    const startedAt = '2026-11-23T06:00:01.000Z';
    at.store.begin(run.id, { number: 1, state: 'RUNNING', startedAt, output: 'runs/x' }, 'worker');
    const [listed] = at.service.list(ada, false);
    expect(listed?.recent).toEqual([{ id: run.id, dueAt: run.dueAt, state: 'RUNNING', attempts: [{ startedAt }] }]);
    expect(RecentRun.parse(listed?.recent[0])).toEqual(listed?.recent[0]);
  });

  it('that are pinned carry the name of their copy, a new one after each change', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const notebook = { path: 'a.ipynb', mode: 'pin' };
    const made = await at.create({ notebook });
    expect(made.pinned).toMatch(/^[0-9A-Z]{26}$/);
    const changed = await at.service.update(ada, made.id, { revision: 1, spec: at.spec({ notebook }) });
    expect(changed.pinned).toMatch(/^[0-9A-Z]{26}$/);
    expect(changed.pinned).not.toBe(made.pinned);
    const follows = await at.service.update(ada, made.id, { revision: 2, spec: at.spec() });
    expect(follows).not.toHaveProperty('pinned');
  });

  it('do not exist for others', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create();
    const run = at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} });
    expect(at.service.list(bob, false)).toEqual([]);
    expect(() => at.service.get(bob, id)).toThrow('no such schedule');
    await expect(at.service.setState(bob, id, 'deleted')).rejects.toThrow('no such schedule');
    expect(() => at.runs.get(bob, run.id)).toThrow('no such run');
    expect(at.runs.list(bob, { limit: 10 })).toEqual({ runs: [] });
    await expect(at.service.create(bob, { opId: id, spec: at.spec(), paused: false })).rejects.toThrow(
      'no such schedule'
    );
  });

  it('are changed by who saw them last, and times that passed while paused are not made up for', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create({ policy: { catchUp: 'all' } });
    const changed = await at.service.update(ada, id, { revision: 1, spec: at.spec({ when: { cron: '0 8 * * *' } }) });
    expect(changed).toMatchObject({ revision: 2, nextDue: '2026-11-23T08:00:00.000Z' });
    await expect(at.service.update(ada, id, { revision: 1, spec: at.spec() })).rejects.toMatchObject({
      code: 'conflict'
    });
    expect(await at.service.setState(ada, id, 'paused')).not.toHaveProperty('nextDue');
    at.go('2026-11-25T12:00:00Z');
    expect(await at.service.setState(ada, id, 'active')).toMatchObject({ nextDue: '2026-11-26T08:00:00.000Z' });
    at.go('2026-11-26T08:00:00Z');
    expect(at.runs.list(ada, { limit: 10 }).runs.map(({ dueAt }) => dueAt)).toEqual(['2026-11-26T08:00:00.000Z']);
  });

  it('are deleted and restored', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create();
    await at.service.setState(ada, id, 'deleted');
    expect(at.service.list(ada, false)).toEqual([]);
    expect(at.service.list(ada, true)).toMatchObject([{ schedule: { id } }]);
    expect(() => at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} })).toThrow(
      'was deleted. Restore it'
    );
    await at.service.setState(ada, id, 'active');
    expect(at.service.list(ada, false)).toHaveLength(1);
  });
});

describe('runs that people ask for', () => {
  it('begin now, once for one wish, with values of their own', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create();
    const opId = at.ids.next();
    const run = at.service.runNow(ada, id, { opId, parameters: { month: 3 } });
    expect(run).toMatchObject({
      trigger: 'manual',
      dueAt: '2026-11-23T06:00:00.000Z',
      intervalStart: '2026-11-22T07:00:00.000Z',
      parameters: { month: 3 }
    });
    expect(at.service.runNow(ada, id, { opId, parameters: {} })).toEqual(run);
    expect(at.store.waiting(at.clock.now(), 10)).toHaveLength(1);
  });

  it('fill in days of the past: what was missed runs, what succeeded stays', async () => {
    const at = home('2026-11-20T06:00:00Z');
    const { id } = await at.create();
    at.go('2026-11-23T12:00:00Z');
    expect(at.told({ id } as never)).toHaveLength(4);
    const [newest] = at.runs.list(ada, { limit: 1 }).runs;
    at.store.change({ ...newest!, state: 'SUCCEEDED' }, undefined);
    const runs = at.service.backfill(ada, id, { from: '2026-11-18', to: '2026-11-22' });
    expect(runs.map(({ dueAt, trigger, state }) => `${dueAt.slice(0, 10)} ${trigger} ${state}`)).toEqual([
      '2026-11-18 backfill QUEUED',
      '2026-11-19 backfill QUEUED',
      '2026-11-20 backfill QUEUED',
      '2026-11-21 backfill QUEUED',
      '2026-11-22 backfill QUEUED'
    ]);
    expect(at.store.runs({ scheduleId: id, limit: 100 })).toHaveLength(6);
    expect(at.service.backfill(ada, id, { from: '2026-11-18', to: '2026-11-22' })).toEqual([]);
    expect(runs[1]).toMatchObject({ intervalStart: '2026-11-18T07:00:00.000Z' });
  });

  it('are no more than can be meant', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create({ when: { cron: '* * * * *' } });
    expect(() => at.service.backfill(ada, id, { from: '2026-11-01', to: '2026-11-20' })).toThrow('more than 500 runs');
    expect(at.runs.list(ada, { limit: 10 }).runs).toEqual([]);
  });

  it('are ended where they wait, and asked to end where another process runs them', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create();
    const waiting = at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} });
    expect(at.runs.cancel(ada, waiting.id)).toMatchObject({ state: 'CANCELLED', reason: 'ada ended it.' });
    expect(at.runs.cancel(ada, waiting.id)).toMatchObject({ state: 'CANCELLED' });
    const elsewhere = at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} });
    at.store.begin(elsewhere.id, { number: 1, state: 'RUNNING', startedAt: elsewhere.dueAt }, 'other');
    expect(at.runs.cancel(ada, elsewhere.id)).toMatchObject({ state: 'RUNNING' });
    expect(at.store.wishes('other')).toEqual([{ id: elsewhere.id, reason: 'ada ended it.' }]);
  });

  it('are listed page by page', async () => {
    const at = home('2026-11-23T06:00:00Z');
    const { id } = await at.create();
    for (let count = 0; count < 5; count++) at.service.runNow(ada, id, { opId: at.ids.next(), parameters: {} });
    const first = at.runs.list(ada, { schedule: id, limit: 3 });
    expect(first.runs).toHaveLength(3);
    const second = at.runs.list(ada, { schedule: id, limit: 3, after: first.next! });
    expect(second.runs).toHaveLength(2);
    expect(second).not.toHaveProperty('next');
  });
});
