import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { Run } from '../../../../contract/schedule/index.js';
import { DOTS, isOlder } from '../../../../src/schedule/panel/changes.js';
import { filtered, rowsOf, runsOf } from '../../../../src/schedule/panel/rows.js';
import { SchedulesModel } from '../../../../src/schedule/panel/schedulesModel.js';
import { standingOf } from '../../../../src/schedule/panel/standing.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { FakeSchedules, runEnded, runOf, scheduleOf } from '../support.js';

function made(change: (fake: FakeSchedules) => void = () => undefined) {
  const fake = new FakeSchedules();
  fake.schedules = [scheduleOf(2, {}, { name: 'beta' }), scheduleOf(1, {}, { name: 'Alpha' })];
  fake.runs = [runOf(1, 1), runOf(1, 2, { state: 'FAILED' }), runOf(2, 1)];
  change(fake);
  let ids = 0;
  const due: (() => void)[] = [];
  const model = new SchedulesModel({
    client: fake.client,
    background: fake.client,
    newId: () => fakeId(++ids),
    later: run => void due.push(run)
  });
  const names = () => model.state.schedules.map(({ schedule }) => schedule.spec.name);
  const recent = (id: number) => model.state.schedules.find(({ schedule }) => schedule.id === fakeId(id))?.recent;
  const hear = (run: Run) => {
    model.hear({ type: 'run', run });
    due.splice(0).forEach(each => each());
  };
  return { fake, model, names, recent, due, hear };
}

describe('the list', () => {
  test('is by name, each with its newest runs first', async () => {
    const { model, names, recent } = made();
    expect(model.state.phase).toBe('loading');
    await model.refresh();
    expect(model.state.phase).toBe('ready');
    expect(names()).toEqual(['Alpha', 'beta']);
    expect(recent(1)?.map(run => run.state)).toEqual(['FAILED', 'SUCCEEDED']);
  });

  test('that fails says so; what was there before stays', async () => {
    const { fake, model, names } = made();
    fake.failures.push({ id: 'schedule.list', error: new ProblemError('unavailable', 'Not there.') });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'Not there.' } });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', error: undefined });
    fake.failures.push({ id: 'schedule.list', error: new ProblemError('unavailable', 'Gone again.') });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', error: { message: 'Gone again.' } });
    expect(names()).toHaveLength(2);
  });

  test('of an answer that comes late takes nothing', async () => {
    const { fake, model, names } = made();
    const late = model.refresh();
    fake.schedules = [scheduleOf(3, {}, { name: 'Gamma' })];
    await Promise.all([late, model.refresh()]);
    expect(names()).toEqual(['Gamma']);
  });

  test('is not asked for by news before anybody looked', async () => {
    const { fake, model, hear } = made();
    await model.refreshIfLoaded();
    hear(runOf(1, 3));
    expect(fake.calls).toEqual([]);
  });
});

describe('news', () => {
  test('of a burst are taken in at once', async () => {
    const { model, due } = made();
    await model.refresh();
    let changes = 0;
    model.stateChanged.connect(() => (changes += 1));
    for (let n = 3; n < 300; n++) model.hear({ type: 'run', run: runOf(1, n, { state: 'QUEUED' }) });
    expect([due.length, changes]).toEqual([1, 0]);
    due.forEach(each => each());
    expect(changes).toBe(1);
    expect(model.state.schedules[0]?.recent.map(run => run.id)).toEqual(
      Array.from({ length: DOTS }, (_, n) => fakeId(10_299 - n))
    );
  });

  test('that come out of order never take a run back', async () => {
    const { model, recent, hear } = made();
    await model.refresh();
    const running = runOf(1, 3, { state: 'RUNNING', progress: { cell: 5, of: 9 } });
    hear(running);
    hear({ ...running, progress: { cell: 4, of: 9 } });
    expect(recent(1)?.[0]?.progress?.cell).toBe(5);
    hear(runEnded(running, 'SUCCEEDED'));
    hear(running);
    expect(recent(1)?.[0]?.state).toBe('SUCCEEDED');
  });

  test('of a run whose time came ask when the next one is', async () => {
    const { fake, model, hear } = made(each => {
      each.schedules[1]!.nextDue = runOf(1, 5).dueAt;
    });
    await model.refresh();
    hear(runOf(1, 4));
    expect(fake.count('schedule.get')).toBe(0);
    fake.schedules[1]!.nextDue = runOf(1, 6).dueAt;
    hear(runOf(1, 5, { state: 'QUEUED' }));
    await vi.waitFor(() => expect(model.state.schedules[0]?.schedule.nextDue).toBe(runOf(1, 6).dueAt));
    expect(fake.count('schedule.get')).toBe(1);
  });

  test('of a changed schedule ask for it; of many for the list', async () => {
    const { fake, model, names, due } = made();
    await model.refresh();
    fake.schedules[0] = scheduleOf(2, { revision: 2 }, { name: 'Renamed' });
    model.hear({ type: 'changed', scheduleId: fakeId(2) });
    due.splice(0).forEach(each => each());
    await vi.waitFor(() => expect(names()).toEqual(['Alpha', 'Renamed']));
    expect(fake.count('schedule.list')).toBe(1);

    fake.schedules.push(...Array.from({ length: 10 }, (_, n) => scheduleOf(20 + n)));
    for (let n = 0; n < 10; n++) model.hear({ type: 'changed', scheduleId: fakeId(20 + n) });
    due.splice(0).forEach(each => each());
    await vi.waitFor(() => expect(names()).toHaveLength(12));
    expect(fake.count('schedule.list')).toBe(2);
  });

  test('of one that was deleted elsewhere take it off', async () => {
    const { fake, model, names, due } = made();
    await model.refresh();
    fake.schedules[0] = { ...fake.schedules[0]!, state: 'deleted', revision: 2 };
    model.hear({ type: 'changed', scheduleId: fakeId(2) });
    due.splice(0).forEach(each => each());
    await vi.waitFor(() => expect(names()).toEqual(['Alpha']));
  });

  test('in any order lead to the same end', () => {
    const running = runOf(1, 3, { state: 'RUNNING' });
    const told = [
      runOf(1, 3, { state: 'QUEUED' }),
      ...[1, 2, 3].map(cell => ({ ...running, progress: { cell, of: 3 } })),
      runEnded(running, 'SUCCEEDED')
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(told, { minLength: told.length }), order => {
        const end = order.reduce((known, each) => (isOlder(each, known) ? known : each));
        expect(end.state).toBe('SUCCEEDED');
      })
    );
  });
});

describe('runs of a schedule', () => {
  const many = Array.from({ length: 130 }, (_, n) => runOf(1, n + 1));

  test('are loaded page by page, each once, to the oldest', async () => {
    const { fake, model } = made(each => (each.runs = many));
    await model.refresh();
    const { id } = model.state.schedules[0]!.schedule;
    const shown = () => runsOf(model.state.schedules[0]!, model.state);
    expect(shown()).toEqual({ more: true, runs: [] });
    for (const length of [50, 100, 130]) {
      await model.more(id);
      expect(shown().runs).toHaveLength(length);
    }
    expect(shown().more).toBe(false);
    await model.more(id);
    expect(fake.count('runs.list')).toBe(3);
    expect(new Set(shown().runs.map(run => run.id)).size).toBe(130);
    expect(shown().runs.map(run => run.id)).toEqual(many.map(run => run.id).reverse());
  });

  test('that come meanwhile stand first, also when pages are loaded', async () => {
    const { model, hear } = made(each => (each.runs = many));
    await model.refresh();
    await model.more(fakeId(1));
    hear(runOf(1, 131, { state: 'RUNNING' }));
    hear(runOf(1, 130, { state: 'RUNNING' }));
    const { runs } = runsOf(model.state.schedules[0]!, model.state);
    expect(runs.map(run => run.state).slice(0, 3)).toEqual(['RUNNING', 'SUCCEEDED', 'SUCCEEDED']);
    expect(runs).toHaveLength(51);
  });

  test('that cannot be loaded say so, and are asked for again', async () => {
    const { fake, model } = made(each => (each.runs = many));
    await model.refresh();
    fake.failures.push({ id: 'runs.list', error: new ProblemError('unavailable', 'Not there.') });
    model.setOpen(fakeId(1), true);
    const more = () => rowsOf(model.state).find(row => row.kind === 'more');
    expect(more()).toMatchObject({ isLoading: true });
    await vi.waitFor(() => expect(more()).toMatchObject({ error: { message: 'Not there.' } }));
    await model.more(fakeId(1));
    expect(more()).not.toHaveProperty('error');
  });

  test('that came while there was no news are shown once the list is loaded again', async () => {
    const { fake, model } = made(each => (each.runs = many));
    await model.refresh();
    await model.more(fakeId(1));
    fake.runs.push(runOf(1, 131));
    await model.refresh();
    const newest = () => runsOf(model.state.schedules[0]!, model.state).runs[0]?.id;
    await vi.waitFor(() => expect(newest()).toBe(runOf(1, 131).id));
    await model.refresh();
    expect(fake.count('runs.list')).toBe(2);
  });
});

describe('what is done', () => {
  test('run now makes a run that is seen at once', async () => {
    const { fake, model, recent } = made();
    await model.refresh();
    const running = model.runNow(fakeId(1));
    expect(model.state.busy.has(fakeId(1))).toBe(true);
    const run = await running;
    expect(model.state.busy.size).toBe(0);
    expect(recent(1)?.[0]).toEqual(run);
    expect(fake.lastBody('schedule.runNow')).toEqual({ opId: fakeId(1), parameters: {} });
  });

  test('delete moves it to what was deleted, restore back with its runs', async () => {
    const { model, names, recent } = made();
    await model.refresh();
    await model.setDeletedOpen(true);
    await model.turn(fakeId(1), 'deleted');
    expect(names()).toEqual(['beta']);
    expect(model.state.deleted.schedules.map(({ schedule }) => schedule.spec.name)).toEqual(['Alpha']);
    await model.turn(fakeId(1), 'active');
    expect(names()).toEqual(['Alpha', 'beta']);
    expect(recent(1)).toHaveLength(2);
    expect(model.state.deleted.schedules).toEqual([]);
  });

  test('what is refused changes nothing and is told', async () => {
    const { fake, model, names } = made();
    await model.refresh();
    fake.failures.push({ id: 'schedule.setState', error: new ProblemError('conflict', 'Changed meanwhile.') });
    await expect(model.turn(fakeId(1), 'deleted')).rejects.toThrow('Changed meanwhile.');
    expect(names()).toEqual(['Alpha', 'beta']);
    expect(model.state.busy.size).toBe(0);
  });
});

describe('rows', () => {
  test('are schedules, below open ones their runs, at the end what was deleted', async () => {
    const { model } = made(fake => fake.schedules.push(scheduleOf(3, { state: 'deleted' }), scheduleOf(4)));
    await model.refresh();
    model.setOpen(fakeId(1), true);
    model.setOpen(fakeId(4), true);
    await vi.waitFor(() => expect(rowsOf(model.state).map(row => row.kind)).not.toContain('more'));
    expect(rowsOf(model.state).map(row => row.kind)).toEqual([
      'schedule',
      'run',
      'run',
      'schedule',
      'schedule',
      'none',
      'deleted-head'
    ]);
    await model.setDeletedOpen(true);
    expect(rowsOf(model.state).at(-1)).toMatchObject({ kind: 'deleted', key: fakeId(3) });
    model.setFilter('alpha');
    expect(rowsOf(model.state).map(row => row.kind)).toEqual([
      'schedule',
      'run',
      'run',
      'deleted-head',
      'deleted-note'
    ]);
    const keys = rowsOf(model.state).map(row => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('are found by all words in name, notebook, tags and state', async () => {
    const { model } = made(fake => {
      fake.schedules.push(scheduleOf(3, { state: 'paused' }, { name: 'Third', tags: ['Finance'] }));
    });
    await model.refresh();
    const found = (filter: string) => filtered(model.state.schedules, filter).map(({ schedule }) => schedule.spec.name);
    expect(found('  ')).toHaveLength(3);
    expect(found('ALPHA')).toEqual(['Alpha']);
    expect(found('work/n2')).toEqual(['beta']);
    expect(found('finance paused')).toEqual(['Third']);
    expect(found('finance alpha')).toEqual([]);
  });
});

test('all schedules are summed up: running, failing, paused, the next time', async () => {
  const { model } = made(fake => {
    fake.schedules.push(scheduleOf(3, { state: 'paused', nextDue: undefined }));
    fake.runs.push(runOf(2, 2, { state: 'RUNNING' }), runOf(1, 3, { state: 'CANCELLED' }));
    fake.schedules[0]!.nextDue = '2026-12-01T07:30:00.000Z';
  });
  await model.refresh();
  expect(standingOf(model.state.schedules)).toEqual({
    running: 1,
    failing: 1,
    hasRun: true,
    paused: 1,
    next: '2026-12-01T07:30:00.000Z'
  });
  expect(standingOf([])).toEqual({ running: 0, failing: 0, hasRun: false, paused: 0 });
});
