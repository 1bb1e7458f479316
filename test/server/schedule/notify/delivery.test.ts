import { describe, expect, it } from 'vitest';
import { Undelivered } from '../../../../server/schedule/notify/undelivered.js';
import { afterHome, idle } from '../../../support/schedule/after.js';

const down = new Undelivered('The chat cannot be reached.', true);

describe('handing over', () => {
  it('is tried again, each time later, under the same id, and then no more', async () => {
    const at = afterHome();
    const tries: [number, string][] = [];
    at.acts.set('chat', ({ id }) => {
      tries.push([at.clock.now(), id]);
      if (tries.length < 5) throw down;
    });
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED');
    const one = at.process('one');
    for (let minute = 0; minute < 120; minute++) {
      at.pass(60);
      await one.settle(1);
    }
    const waits = tries.slice(1).map(([time], index) => (time - tries[index]![0]) / 60_000);
    expect(waits).toEqual([1, 1, 2, 10]);
    expect(new Set(tries.map(([, id]) => id)).size).toBe(1);
    expect(at.received).toHaveLength(1);
    expect(at.received[0]?.delivery.attempt).toBe(5);
  });

  it('waits as long as the other side asks', async () => {
    const at = afterHome();
    let tries = 0;
    at.acts.set('chat', () => {
      if (++tries === 1) throw new Undelivered('Slow down (429).', true, 300);
    });
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED');
    const one = at.process('one');
    await one.settle();
    at.pass(299);
    await one.settle();
    expect(tries).toBe(1);
    at.pass(1);
    await one.settle();
    expect(at.received).toHaveLength(1);
  });

  it('that is refused for good is given up at once, and the owner is told at the screen', async () => {
    const at = afterHome();
    at.acts.set('chat', () => {
      throw new Undelivered('The chat did not take it (404): no_service', false);
    });
    const run = at.ran(at.add({ notify: { failure: ['chat', 'gone'] } }), 'FAILED');
    const one = at.process('one');
    await one.settle();
    at.pass(100_000);
    await one.settle();
    expect(at.received).toEqual([]);
    const toasts = one.toasts.waiting('ada');
    expect(toasts).toMatchObject([{ kind: 'failure', runId: run.id }]);
    expect(toasts[0]?.text).toMatch(/could not be told/);
  });

  it('that fails for a day is given up', async () => {
    const at = afterHome();
    let tries = 0;
    at.acts.set('chat', () => {
      tries++;
      throw down;
    });
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED');
    const one = at.process('one');
    for (let hour = 0; hour < 50; hour++) {
      at.pass(3600);
      await one.settle(1);
    }
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(30);
    expect(one.toasts.waiting('ada')[0]?.text).toMatch(/chat could not be told: The chat cannot be reached/);
  });

  it('one channel that is down holds up no other', async () => {
    const at = afterHome();
    at.acts.set('chat', () => {
      throw down;
    });
    const schedule = at.add({ notify: { failure: ['chat', 'hook'] } });
    for (let count = 0; count < 30; count++) at.ran(schedule, 'FAILED');
    await at.process('one').settle(60);
    expect(at.told()).toEqual(Array<string>(30).fill('hook failure'));
  });

  it('by two processes at once happens once', async () => {
    const at = afterHome();
    const schedule = at.add({ notify: { failure: ['chat', 'hook', 'owner'] } });
    for (let count = 0; count < 10; count++) at.ran(schedule, 'FAILED');
    const both = [at.process('one'), at.process('two')];
    for (let turn = 0; turn < 20; turn++) {
      for (const each of both) each.turn();
      await idle();
    }
    expect(at.received).toHaveLength(30);
    expect(new Set(at.received.map(({ delivery }) => delivery.id)).size).toBe(30);
  });

  it('goes on where a process stopped in the middle of it', async () => {
    const at = afterHome();
    let tries = 0;
    at.acts.set('chat', () => (++tries === 1 ? new Promise<never>(() => undefined) : undefined));
    at.ran(at.add({ notify: { failure: ['chat'] } }), 'FAILED');
    const one = at.process('one');
    await one.settle(3);
    expect(tries).toBe(1);
    // It lives, but does not move: after a while the notice is somebody else's, and its late word counts no more.
    const two = at.process('two');
    await two.settle(3);
    expect(tries).toBe(1);
    at.pass(91);
    await two.settle(3);
    expect(at.received).toHaveLength(1);
    expect(two.outbox.sent(at.received[0]!.delivery.id, 'one')).toBe(false);
  });
});
