import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { afterHome } from '../../../support/schedule/after.js';

const all = { failure: ['owner', 'chat'], recovery: ['owner'], late: ['chat'], success: ['hook'] };

describe('after a run', () => {
  it('that failed, the owner is told at the screen and by mail, and the channels that are named', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: all });
    const run = at.ran(schedule, 'FAILED', {
      cell: { number: 2, firstLine: 'assert rows' },
      error: { name: 'ValueError', firstLine: 'Traceback', lastLine: 'ValueError: no rows' },
      seconds: 12
    });
    const one = at.process('one');
    await one.settle();
    expect(at.told().sort()).toEqual(['chat failure', 'mail failure']);
    expect(at.received.find(({ channel }) => channel === 'mail')?.delivery).toMatchObject({
      to: 'ada@example.org',
      attempt: 1,
      notice: {
        kind: 'failure',
        title: 'Morning delays failed in cell 2',
        text: 'Cell 2 failed: ValueError: no rows.',
        mention: '<@U1>',
        cell: { number: 2, firstLine: 'assert rows' },
        error: { lastLine: 'ValueError: no rows' },
        links: [{ title: 'Open the output', url: `https://lab.example.org/lakeside/api/v1/runs/${run.id}/page` }]
      }
    });
    expect(at.received.find(({ channel }) => channel === 'chat')?.delivery).not.toHaveProperty('to');
    expect(one.toasts.waiting('ada')).toMatchObject([{ kind: 'failure', runId: run.id, scheduleId: schedule.id }]);
    expect(one.toasts.waiting('bob')).toEqual([]);
  });

  it('a toast is taken once, by its owner alone, in whichever process', async () => {
    const at = afterHome();
    at.ran(at.add({ notify: { failure: ['owner'] } }), 'FAILED');
    const [one, two] = [at.process('one'), at.process('two')];
    await one.settle();
    const [toast] = two.toasts.waiting('ada');
    expect(two.toasts.claim('bob', toast!.id)).toBe(false);
    expect([two, one, two].map(({ toasts }) => toasts.claim('ada', toast!.id))).toEqual([true, false, false]);
    expect(one.toasts.waiting('ada')).toEqual([]);
  });

  it('the first success after a failure is a recovery, the next one is not; each channel hears of an end once', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { recovery: ['chat'], success: ['chat', 'hook'] } });
    const one = at.process('one');
    for (const state of ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'SUCCEEDED', 'SUCCEEDED'] as const) {
      at.ran(schedule, state);
      await one.settle();
    }
    expect(at.told()).toEqual([
      ...['chat success', 'hook success'],
      ...['chat recovery', 'hook success'],
      ...['chat success', 'hook success']
    ]);
  });

  it('what ends again after it was done again is told again, and counts as a recovery', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { failure: ['chat'], recovery: ['chat'] }, when: { cron: '0 8 * * *' } });
    at.go('2026-11-23T08:00:00Z');
    const one = at.process('one');
    for (const state of ['FAILED', 'FAILED', 'SUCCEEDED'] as const) {
      const [run] = at.store.runs({ scheduleId: schedule.id, limit: 1 });
      const number = run!.attempts.length + 1;
      at.store.begin(run!.id, { number, state: 'RUNNING', startedAt: run!.dueAt, output: `x/${number}` }, 'runner');
      at.end(at.store.run(run!.id)!, state);
      await one.settle();
      at.store.again([{ ...run!, id: at.ids.next(), state: 'QUEUED', attempts: [] }]);
    }
    expect(at.told()).toEqual(['chat failure', 'chat failure', 'chat recovery']);
  });

  it('what cells want to say goes to all who follow the schedule, beside the end itself', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { failure: ['chat'], success: ['hook'] } });
    at.ran(schedule, 'SUCCEEDED', { notifications: [{ text: 'The distribution moved by 30%', value: 0.3 }] });
    const one = at.process('one');
    await one.settle();
    expect(at.told().sort()).toEqual(['chat notify', 'hook notify', 'hook success', 'mail notify']);
    expect(one.toasts.waiting('ada')).toMatchObject([
      { kind: 'notify', title: 'Morning delays: The distribution moved by 30%' }
    ]);
  });

  it('a data check that did not hold is told with its value', async () => {
    const at = afterHome();
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED_CHECK', {
      cell: { number: 4, firstLine: '%expect rows > 1000' },
      checks: [
        { expression: 'rows > 0', ok: true, value: 12 },
        { expression: 'rows > 1000', ok: false, value: 12 }
      ]
    });
    await at.process('one').settle();
    expect(at.received[0]?.delivery.notice).toMatchObject({
      title: 'Morning delays did not pass a data check in cell 4',
      checks: [{ expression: 'rows > 1000', value: '12' }]
    });
  });

  it('one that has not ended in time is told as late, once, whatever becomes of it', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { late: ['chat'], failure: ['hook'] }, policy: { lateAfter: '10m' } });
    const run = at.begin(schedule);
    const one = at.process('one');
    at.pass(599);
    await one.settle();
    expect(at.told()).toEqual([]);
    for (let round = 0; round < 3; round++) {
      at.pass(30);
      await one.settle();
    }
    expect(at.told()).toEqual(['chat late']);
    expect(at.received[0]?.delivery.notice).toMatchObject({
      title: 'Morning delays is late',
      text: 'It has not ended 10 min after it was due; it is still running.'
    });
    at.end(run, 'TIMED_OUT');
    await one.settle();
    expect(at.told()).toEqual(['chat late', 'hook failure']);
  });

  it('a backfill of the past is never late', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { late: ['chat'] }, policy: { lateAfter: '1s' } });
    at.begin(schedule, { trigger: 'backfill', dueAt: '2026-11-20T08:00:00.000Z' });
    at.pass(60);
    await at.process('one').settle();
    expect(at.told()).toEqual([]);
  });

  it('a night without a server is told once', async () => {
    const at = afterHome();
    at.add({ notify: { late: ['chat'] } });
    at.go('2026-11-24T07:30:00Z');
    await at.process('one').settle(20);
    expect(at.told()).toEqual(['chat late']);
    expect(at.received[0]?.delivery.notice).toMatchObject({
      title: 'Morning delays did not run on time',
      run: { dueAt: '2026-11-24T07:00:00.000Z' }
    });
  });

  it.each([
    ['a test', { trigger: 'test' as const }, 'active'],
    ['one of a deleted schedule', {}, 'deleted'],
    ['one that a person ended', {}, 'CANCELLED']
  ])('%s is told to nobody', async (_name, more, what) => {
    const at = afterHome();
    const schedule = at.add({ notify: { failure: ['chat', 'owner'] }, publish: {} });
    at.ran(schedule, what === 'CANCELLED' ? 'CANCELLED' : 'FAILED', undefined, more);
    if (what === 'deleted') at.store.update({ ...schedule, state: 'deleted', revision: 2 }, 1);
    const one = at.process('one');
    await one.settle();
    expect(at.told()).toEqual([]);
    expect(one.toasts.waiting('ada')).toEqual([]);
    expect(one.outbox.ends(10)).toEqual([]);
  });
});

describe('publishing', () => {
  it('shares the output of a good run to the page of its notebook, and the run says so', async () => {
    const at = afterHome();
    const schedule = at.add({ publish: { target: 'library', hideCode: true }, notify: { success: ['chat'] } });
    at.ran(schedule, 'FAILED');
    const run = at.ran(schedule, 'SUCCEEDED', {});
    const seen = at.store.lastChange();
    const one = at.process('one');
    await one.settle();
    expect(at.orders).toHaveLength(1);
    expect(at.orders[0]).toMatchObject({
      owner: 'ada',
      target: 'library',
      hideCode: true,
      root: schedule.root,
      notebook: 'delays.ipynb',
      run: { id: run.id, schedule: 'Morning delays', at: run.attempts[0]!.startedAt }
    });
    const page = `library/notebooks/${run.id}`;
    const published = { state: 'done', title: 'Delays', page, versionNumber: 2 };
    expect(at.store.run(run.id)).toMatchObject({ state: 'SUCCEEDED', published });
    // Whoever watches sees it.
    expect(at.store.changes('ada', seen, 10).runs).toMatchObject([{ id: run.id, published }]);
    expect(at.received[0]?.delivery.notice).toMatchObject({
      text: 'It ran well in 12 s. Its page "Delays" shows it as version 2.',
      links: [{ title: 'Open the page', url: `https://lab.example.org/lakeside/${page}` }, { title: 'Open the output' }]
    });
  });

  it('that fails is told as such; the run stays good', async () => {
    const at = afterHome();
    at.publishWith(() => Promise.reject(new ProblemError('same-id', 'This notebook carries the id of another one.')));
    const run = at.ran(at.add({ publish: {}, notify: { failure: ['chat'], success: ['hook'] } }), 'SUCCEEDED');
    await at.process('one').settle();
    expect(at.store.run(run.id)).toMatchObject({
      state: 'SUCCEEDED',
      published: { state: 'failed', reason: 'This notebook carries the id of another one.' }
    });
    expect(at.told().sort()).toEqual(['chat failure', 'hook success']);
    expect(at.received.find(({ channel }) => channel === 'chat')?.delivery.notice).toMatchObject({
      title: 'Morning delays ran, but its page was not updated',
      text: 'This notebook carries the id of another one.'
    });
  });

  it('never puts an older day onto the page', async () => {
    const at = afterHome();
    const schedule = at.add({ publish: {} });
    at.ran(schedule, 'SUCCEEDED', {}, { dueAt: '2026-11-23T07:00:00.000Z' });
    const one = at.process('one');
    await one.settle();
    const older = at.ran(schedule, 'SUCCEEDED', {}, { trigger: 'backfill', dueAt: '2026-11-20T07:00:00.000Z' });
    await one.settle();
    expect(at.orders).toHaveLength(1);
    expect(at.store.run(older.id)?.published).toMatchObject({ state: 'skipped' });
  });
});
