import { expect, test } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createHolder, LeaseLost } from '../../../server/jobs/hold.js';
import { gate, home, never, silent } from './support.js';

function holders() {
  const { state, gone } = home();
  const holder = (instance: string) =>
    createHolder({ leases: state.leases, clock: systemClock, instance, log: silent });
  return { state, gone, holder };
}

test('one at a time, in one process and in several', async () => {
  const { holder } = holders();
  const [one, two] = [holder('one'), holder('two')];
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise(resolve => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all([one, two, one, two, one].map(each => each.hold('x', never, work)));
  expect(most).toBe(1);
});

test('other names do not wait', async () => {
  const { holder } = holders();
  const one = holder('one');
  const inner = await one.hold('x', never, () => one.hold('y', never, () => Promise.resolve('done')));
  expect(inner).toBe('done');
});

test('the lease is given back after a failure, and a wait ends with its signal', async () => {
  const { holder } = holders();
  const [one, two] = [holder('one'), holder('two')];
  await expect(one.hold('x', never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  const open = gate();
  const held = two.hold('x', never, () => open.promise);
  const gone = new AbortController();
  let told = 0;
  const waiting = one.hold(
    'x',
    gone.signal,
    () => Promise.resolve(),
    () => told++
  );
  await new Promise(resolve => setTimeout(resolve, 150));
  gone.abort(new Error('cancelled'));
  await expect(waiting).rejects.toThrow('cancelled');
  expect(told).toBe(1);
  open.open();
  await held;
  await one.hold('x', never, () => Promise.resolve());
});

test('who lost the lease while it stood still is told before it does harm', async () => {
  const { holder, gone } = holders();
  const open = gate();
  const lost = holder('one').hold('x', never, async still => {
    still();
    await open.promise;
    still();
  });
  // A stalled process looks like a dead one.
  gone.add('one/1');
  await holder('two').hold('x', never, async () => {
    open.open();
    await expect(lost).rejects.toBeInstanceOf(LeaseLost);
  });
});
