import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { JobContext } from '../../../server/jobs/kinds.js';
import { ada, collect, gate, home, never, nextId, raised } from './support.js';

/** A job that stores a checkpoint, then waits for its end. */
const waiting = (seen: unknown[]) => ({
  kind: 'k',
  steps: ['a'],
  run: ({ step, save, checkpoint, signal }: JobContext) =>
    step('a', async () => {
      seen.push(checkpoint);
      save({ far: 1 });
      throw await raised(signal);
    })
});

test('what a stopped process leaves is resumed by another, from its checkpoint', async () => {
  const { process } = home();
  const seen: unknown[] = [];
  const one = process('one');
  one.register(waiting(seen));
  const id = nextId();
  one.start(ada, 'k', id, 1);
  await vi.waitFor(() => expect(seen).toEqual([undefined]));
  await one.stop();

  const two = process('two');
  two.register({ kind: 'k', steps: ['a'], run: async ({ checkpoint }) => checkpoint });
  expect(two.reconcile(ada)).toBe(1);
  await collect(two.events(ada, id, 0, never));
  expect(two.get(ada, id)).toMatchObject({ state: 'succeeded', result: { far: 1 } });
  expect(() => one.start(ada, 'k', nextId(), 1)).toThrow(/stopping/);
});

test('a process that does not stay finishes what a dead one left, and waits for its end', async () => {
  const { process } = home();
  const one = process('one');
  one.register(waiting([]));
  const [first, second] = [nextId(), nextId()];
  one.start(ada, 'k', first, 1);
  one.start(ada, 'k', second, 2);
  await one.stop();

  const two = process('two');
  const run = vi.fn(async ({ input }: { input: unknown }) => {
    await new Promise(resolve => setTimeout(resolve, 50));
    if (input === 1) throw new ProblemError('not-found', 'It is gone.');
    return input;
  });
  two.register({ kind: 'k', steps: ['a'], run });
  await two.finish(never);
  expect([first, second].map(id => two.get(ada, id).state)).toEqual(['failed', 'succeeded']);
  await two.finish(never);
  expect(run).toHaveBeenCalledTimes(2);
});

test('a graceful stop lets a job end first', async () => {
  const { process, state } = home();
  const jobs = process('one');
  jobs.register({ kind: 'k', steps: [], run: () => new Promise(resolve => setTimeout(resolve, 300)) });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  await vi.waitFor(() => expect(jobs.get(ada, id).state).toBe('running'), { interval: 5 });
  await jobs.stop(5_000);
  expect(state.jobs.get(id)?.job.state).toBe('succeeded');
});

test('a dead process’s jobs are resumed at once, a living one’s never', async () => {
  const { process, gone } = home();
  const one = process('one');
  one.register(waiting([]));
  const id = nextId();
  one.start(ada, 'k', id, 1);
  const two = process('two');
  const resumed = vi.fn(async () => 'resumed');
  two.register({ kind: 'k', steps: ['a'], run: resumed });
  expect(two.reconcile(ada)).toBe(0);
  expect(two.start(ada, 'k', id, 1).id).toBe(id);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(resumed).not.toHaveBeenCalled();

  gone.add('one');
  expect(two.reconcile(ada)).toBe(1);
  await collect(two.events(ada, id, 0, never));
  expect(two.get(ada, id)).toMatchObject({ state: 'succeeded', result: 'resumed' });
});

test('a process that lost its job to another one writes nothing more', async () => {
  const { process, gone, state } = home();
  const go = gate();
  const late = vi.fn();
  const one = process('one');
  one.register({
    kind: 'k',
    steps: ['a'],
    run: async ({ save }) => {
      await go.promise;
      try {
        save({ late: true });
      } catch (error) {
        late();
        throw error;
      }
    }
  });
  const id = nextId();
  one.start(ada, 'k', id, 1);
  await vi.waitFor(() => expect(one.get(ada, id).state).toBe('running'));
  const two = process('two');
  two.register({ kind: 'k', steps: ['a'], run: async () => 'two' });
  gone.add('one');
  two.reconcile(ada);
  await collect(two.events(ada, id, 0, never));
  go.open();
  await vi.waitFor(() => expect(late).toHaveBeenCalled());
  expect(state.jobs.get(id)).toMatchObject({ job: { state: 'succeeded', result: 'two' } });
});

test('only the holder of the lease reconciles', async () => {
  const { process, state, gone } = home();
  const [one, two] = [process('one'), process('two')];
  for (const jobs of [one, two]) jobs.register({ kind: 'k', steps: [], run: async () => 'done' });
  const job = one.start(ada, 'k', nextId(), 1);
  await collect(one.events(ada, job.id, 0, never));
  const orphan = () => state.jobs.create({ ...job, id: nextId(), state: 'running' }, { caller: ada, given: 1 });
  expect(one.reconcile(ada)).toBe(0);
  const first = orphan();
  expect(one.reconcile(ada)).toBe(1);
  await collect(one.events(ada, first.stored.job.id, 0, never));
  orphan();
  expect(two.reconcile(ada)).toBe(0);
  gone.add('one');
  expect(two.reconcile(ada)).toBe(1);
});

test('a cancel from another process arrives within a second', async () => {
  const { process } = home();
  const [one, two] = [process('one'), process('two')];
  one.register(waiting([]));
  const id = nextId();
  one.start(ada, 'k', id, 1);
  two.cancel(ada, id);
  const events = await collect(two.events(ada, id, 0, never));
  expect(events.at(-1)?.data).toMatchObject({ type: 'state', job: { state: 'cancelled' } });
});

test('a cancelled job of a dead process ends cancelled', async () => {
  const { process, state, gone } = home();
  const one = process('one');
  one.register(waiting([]));
  const id = nextId();
  one.start(ada, 'k', id, 1);
  gone.add('one');
  state.jobs.requestCancel(id);
  const two = process('two');
  two.register({
    kind: 'k',
    steps: ['a'],
    run: async ({ signal }) => {
      signal.throwIfAborted();
    }
  });
  expect(two.reconcile(ada)).toBe(1);
  await collect(two.events(ada, id, 0, never));
  expect(two.get(ada, id).state).toBe('cancelled');
});

test('a job that ends its process again and again is given up, visibly', async () => {
  const { process, gone } = home();
  const id = nextId();
  let starts = 0;
  for (let n = 1; n <= 6; n++) {
    const jobs = process(`p${n}`);
    jobs.register({
      kind: 'k',
      steps: [],
      run: () => {
        starts++;
        return new Promise(() => undefined);
      }
    });
    if (n === 1) jobs.start(ada, 'k', id, 1);
    else jobs.reconcile(ada);
    if (n < 6) await vi.waitFor(() => expect(starts).toBe(n));
    else await collect(jobs.events(ada, id, 0, never));
    if (n === 6) expect(jobs.get(ada, id)).toMatchObject({ state: 'failed', problem: { code: 'internal' } });
    gone.add(`p${n}`);
  }
  expect(starts).toBe(5);
});

test('old ended jobs are forgotten', async () => {
  const { process, state } = home();
  const jobs = process('one');
  const job = { ...{ id: nextId(), kind: 'k', owner: 'ada', steps: [] }, state: 'succeeded' as const };
  const long = { ...job, createdAt: '2020-01-01T00:00:00.000Z', updatedAt: '2020-01-01T00:00:00.000Z' };
  state.jobs.create(long, null);
  state.jobs.claim(long.id, 'x', 1, 0);
  state.jobs.update(long, { type: 'state', job: long }, 'x');
  jobs.watch(ada);
  await vi.waitFor(() => expect(state.jobs.get(long.id)).toBeUndefined());
});
