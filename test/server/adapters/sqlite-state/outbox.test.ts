import { describe, expect, it } from 'vitest';
import type { RunState } from '../../../../contract/schedule/index.js';
import { afterHome } from '../../../support/schedule/after.js';
import { someNotice } from '../../../support/schedule/notice.js';

function home() {
  const at = afterHome();
  return { ...at, outbox: at.openAll().outbox, other: at.openAll().outbox };
}

describe('ends of runs', () => {
  it.each(['SUCCEEDED', 'FAILED', 'FAILED_CHECK', 'TIMED_OUT', 'LOST'] as RunState[])(
    'that are %s are noted with the end itself, once',
    state => {
      const at = home();
      const run = at.ran(at.add(), state);
      expect(at.outbox.ends(10)).toMatchObject([{ run: { id: run.id }, state, round: 1 }]);
      // An end is an end: nothing changes it.
      expect(at.store.change({ ...run, state: 'FAILED' }, 'runner')).toBe(false);
      expect(at.other.ends(10)).toHaveLength(1);
    }
  );

  it('that a dead process left are noted when they are adopted', () => {
    const at = home();
    const run = at.begin(at.add());
    at.gone.add('runner');
    expect(at.store.adopt({ ...run, state: 'LOST', endedAt: run.dueAt })).toBe(true);
    expect(at.outbox.ends(10)).toMatchObject([{ state: 'LOST' }]);
  });

  it('are not noted of runs that a person ended, that were skipped, or that wait for another try', () => {
    const at = home();
    const schedule = at.add();
    at.ran(schedule, 'CANCELLED');
    const run = at.begin(schedule);
    at.store.change({ ...run, state: 'QUEUED' }, 'runner');
    expect(at.outbox.ends(10)).toEqual([]);
  });

  it('are decided once, by one process, with all notices or none', () => {
    const at = home();
    at.ran(at.add(), 'FAILED');
    const [end] = at.outbox.ends(1);
    const notice = { id: at.ids.next(), target: 'chat', notice: someNotice() };
    expect(at.outbox.settle(end!, [notice], undefined)).toBe(true);
    expect(at.other.settle(end!, [{ ...notice, id: at.ids.next(), target: 'hook' }], undefined)).toBe(false);
    const now = at.clock.now();
    expect(at.other.claim('w', now, now + 1, 10).map(({ target }) => target)).toEqual(['chat']);
  });

  it('keep the id of their publication', () => {
    const at = home();
    at.ran(at.add(), 'SUCCEEDED');
    const [end] = at.outbox.ends(1);
    expect([at.outbox.publication(end!, 'A'), at.other.publication(end!, 'B')]).toEqual(['A', 'A']);
  });

  it('go with their runs', () => {
    const at = home();
    const schedule = at.add();
    at.ran(schedule, 'FAILED');
    const [end] = at.outbox.ends(1);
    at.outbox.settle(end!, [{ id: at.ids.next(), target: 'chat', notice: someNotice() }], undefined);
    expect(at.store.thin(schedule.id, 0, at.clock.now() + 1)).toBe(1);
    expect(at.outbox.claim('w', at.clock.now(), at.clock.now() + 1, 10)).toEqual([]);
  });
});

describe('notices', () => {
  function waiting(at: ReturnType<typeof home>) {
    at.ran(at.add(), 'FAILED');
    const [end] = at.outbox.ends(1);
    const id = at.ids.next();
    at.outbox.settle(end!, [{ id, target: 'chat', notice: someNotice() }], undefined);
    return { id, end: end! };
  }

  it('are one worker’s at a time: until it says so, its claim runs out, or it is dead', () => {
    const at = home();
    const { id } = waiting(at);
    const now = at.clock.now();
    expect(at.outbox.claim('one', now, now + 100, 10)).toMatchObject([{ id, attempt: 1 }]);
    expect(at.other.claim('two', now + 99, now + 200, 10)).toEqual([]);
    expect(at.other.claim('two', now + 100, now + 200, 10)).toMatchObject([{ id, attempt: 2 }]);
    expect(at.outbox.sent(id, 'one')).toBe(false);
    at.gone.add('two');
    expect(at.outbox.claim('one', now + 101, now + 300, 10)).toMatchObject([{ id, attempt: 3 }]);
    expect(at.outbox.sent(id, 'one')).toBe(true);
    expect(at.other.claim('two', now + 1e9, now + 2e9, 10)).toEqual([]);
  });

  it('are never there twice', () => {
    const at = home();
    const { end } = waiting(at);
    at.outbox.tell(end.run, [{ id: at.ids.next(), target: 'chat', notice: someNotice({ kind: 'late' }) }]);
    at.other.tell(end.run, [{ id: at.ids.next(), target: 'chat', notice: someNotice({ kind: 'late' }) }]);
    const now = at.clock.now();
    expect(at.outbox.claim('w', now, now + 1, 10).map(({ notice }) => notice.kind)).toEqual(['failure', 'late']);
  });

  it('that are given up are told at the screen instead, unless they are there already', () => {
    const at = home();
    const { id, end } = waiting(at);
    const now = at.clock.now();
    at.outbox.claim('w', now, now + 1, 10);
    const instead = { id: at.ids.next(), target: 'jupyterlab', notice: someNotice() };
    at.outbox.giveUp(id, 'w', 'It is gone.', instead);
    at.other.giveUp(id, 'w', 'It is gone.', { ...instead, id: at.ids.next() });
    expect(at.outbox.toasts('ada', 0)).toMatchObject([{ id: instead.id, runId: end.run.id }]);
    expect(at.outbox.toasts('ada', now + 1e9)).toEqual([]);
    expect(at.other.claimToast('ada', instead.id)).toBe(true);
    expect(at.outbox.claimToast('ada', instead.id)).toBe(false);
  });
});
