import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { storageFull } from '../../../server/storage.js';
import { ada, collect, eve, gate, home, never, nextId, raised } from './support.js';

const problem = (code: string) => expect.objectContaining({ name: 'ProblemError', code }) as unknown;

test('a job runs, shows its steps, and gives its result', async () => {
  const jobs = home().process('one');
  jobs.register({
    kind: 'k',
    steps: ['read', 'write', 'check'],
    run: async ({ step, skip, input, caller }) => {
      await step('read', async report => report(1, 2, 'half'));
      skip('write');
      await step('check', async () => undefined);
      return { input, name: caller.name };
    }
  });
  const id = nextId();
  const started = jobs.start(ada, 'k', id, { n: 1 });
  expect(started).toMatchObject({ id, kind: 'k', owner: 'ada', state: 'queued' });
  expect(started.steps.map(step => step.state)).toEqual(['waiting', 'waiting', 'waiting']);

  const events = await collect(jobs.events(ada, id, 0, never));
  expect(events.map(event => event.id)).toEqual(events.map((_, index) => index + 1));
  const states = events.flatMap(({ data }) => (data.type === 'state' ? [data.job.state] : []));
  expect(states).toEqual(['queued', 'running', 'succeeded']);
  const job = jobs.get(ada, id);
  expect(job.result).toEqual({ input: { n: 1 }, name: 'ada' });
  expect(job.steps.map(step => step.state)).toEqual(['done', 'skipped', 'done']);
  expect(job.steps[0]).toMatchObject({ done: 1, total: 2, detail: 'half' });
});

test('the same id gives the same job, whatever is asked; it runs once', async () => {
  const jobs = home().process('one');
  const run = vi.fn(async () => 'done');
  jobs.register({ kind: 'k', steps: [], run });
  jobs.register({ kind: 'other', steps: [], run });
  const id = nextId();
  const first = jobs.start(ada, 'k', id, 1);
  expect(jobs.start(ada, 'k', id, 2)).toEqual(first);
  await collect(jobs.events(ada, id, 0, never));
  expect(jobs.start(ada, 'k', id, 3)).toMatchObject({ state: 'succeeded', result: 'done' });
  expect(run).toHaveBeenCalledTimes(1);
  expect(() => jobs.start(eve, 'k', id, 1)).toThrow(problem('conflict'));
  expect(() => jobs.start(ada, 'other', id, 1)).toThrow(problem('conflict'));
});

test('a job exists for its owner only', async () => {
  const jobs = home().process('one');
  jobs.register({ kind: 'k', steps: [], run: ({ signal }) => raised(signal) });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  for (const call of [
    () => jobs.get(eve, id),
    () => jobs.cancel(eve, id),
    () => jobs.events(eve, id, 0, never),
    () => jobs.get(ada, nextId())
  ]) {
    expect(call).toThrow(problem('not-found'));
  }
  expect(jobs.list(eve, { active: false, limit: 10 })).toEqual([]);
  expect(jobs.list(ada, { active: true, limit: 10 }).map(job => job.id)).toEqual([id]);
});

test('a problem is kept as it is; any other error becomes one without its words', async () => {
  const jobs = home().process('one');
  jobs.register({
    kind: 'k',
    steps: ['a', 'b'],
    run: async ({ step, input }) =>
      step('a', async () => {
        throw input === 1 ? new ProblemError('not-a-notebook', 'Cell 3.') : new Error('secret path');
      })
  });
  const [one, two] = [nextId(), nextId()];
  jobs.start(ada, 'k', one, 1);
  jobs.start(ada, 'k', two, 2);
  await collect(jobs.events(ada, one, 0, never));
  await collect(jobs.events(ada, two, 0, never));
  expect(jobs.get(ada, one)).toMatchObject({
    state: 'failed',
    problem: { code: 'not-a-notebook', message: 'Cell 3.' }
  });
  expect(jobs.get(ada, one).steps.map(step => step.state)).toEqual(['failed', 'waiting']);
  expect(jobs.get(ada, two)).toMatchObject({ state: 'failed', problem: { code: 'internal' } });
  expect(JSON.stringify(jobs.get(ada, two))).not.toContain('secret');
});

test('cancel ends a running job; an ended one is left as it is', async () => {
  const jobs = home().process('one');
  const running = gate();
  jobs.register({
    kind: 'k',
    steps: ['a', 'b'],
    run: ({ step, signal }) =>
      step('a', async () => {
        running.open();
        throw await raised(signal);
      })
  });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  await running.promise;
  jobs.cancel(ada, id);
  await collect(jobs.events(ada, id, 0, never));
  const job = jobs.get(ada, id);
  expect(job).toMatchObject({ state: 'cancelled', problem: { code: 'cancelled' } });
  expect(job.steps.map(step => step.state)).toEqual(['skipped', 'skipped']);
  jobs.cancel(ada, id);
  expect(jobs.get(ada, id)).toEqual(job);
});

test('what is past the point of no return succeeds in spite of a cancel', async () => {
  const jobs = home().process('one');
  const running = gate();
  const go = gate();
  jobs.register({
    kind: 'k',
    steps: [],
    run: async ({ stopping }) => {
      running.open();
      await go.promise;
      stopping.throwIfAborted();
      return 'done';
    }
  });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  await running.promise;
  jobs.cancel(ada, id);
  go.open();
  await collect(jobs.events(ada, id, 0, never));
  expect(jobs.get(ada, id).state).toBe('succeeded');
});

test('a job in line is cancelled without waiting for its turn', async () => {
  const jobs = home().process('one', { parallel: 1 });
  const run = vi.fn(({ signal }: { signal: AbortSignal }) => raised(signal));
  jobs.register({ kind: 'k', steps: ['a'], run });
  const [one, two] = [nextId(), nextId()];
  jobs.start(ada, 'k', one, 1);
  jobs.start(ada, 'k', two, 1);
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(1));
  jobs.cancel(ada, two);
  await collect(jobs.events(ada, two, 0, never));
  expect(jobs.get(ada, two).state).toBe('cancelled');
  expect(jobs.get(ada, one).state).toBe('running');
  expect(run).toHaveBeenCalledTimes(1);
});

test('no more jobs at once than allowed, and all come to their turn', async () => {
  const jobs = home().process('one', { parallel: 2 });
  let now = 0;
  let most = 0;
  jobs.register({
    kind: 'k',
    steps: [],
    run: async () => {
      most = Math.max(most, ++now);
      await new Promise(resolve => setTimeout(resolve, 2));
      now--;
    }
  });
  const all = Array.from({ length: 9 }, nextId);
  for (const id of all) jobs.start(ada, 'k', id, 1);
  for (const id of all) await collect(jobs.events(ada, id, 0, never));
  expect(most).toBe(2);
  expect(jobs.list(ada, { active: false, limit: 20 }).every(job => job.state === 'succeeded')).toBe(true);
});

test('events replay after the last one seen, and end for an ended job', async () => {
  const jobs = home().process('one');
  jobs.register({ kind: 'k', steps: ['a'], run: ({ step }) => step('a', async () => undefined) });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  const all = await collect(jobs.events(ada, id, 0, never));
  expect(await collect(jobs.events(ada, id, 2, never))).toEqual(all.slice(2));
  expect(await collect(jobs.events(ada, id, all.length, never))).toEqual([]);
  expect(await collect(jobs.events(ada, id, 99, never))).toEqual([]);
});

test('a listener that goes away ends its stream', async () => {
  const jobs = home().process('one');
  jobs.register({ kind: 'k', steps: [], run: ({ signal }) => raised(signal) });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  const gone = new AbortController();
  const events = collect(jobs.events(ada, id, 0, gone.signal));
  setTimeout(() => gone.abort(), 20);
  expect((await events).length).toBeGreaterThan(0);
});

test('progress is thinned out in the store, but the last word is never lost', async () => {
  const jobs = home().process('one');
  const at = gate();
  const go = gate();
  jobs.register({
    kind: 'k',
    steps: ['a'],
    run: ({ step }) =>
      step('a', async report => {
        for (let n = 1; n <= 1000; n++) report(n, 1000);
        at.open();
        await go.promise;
      })
  });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  await at.promise;
  expect(jobs.get(ada, id).steps[0]).toMatchObject({ done: 1000 });
  const events = jobs.events(ada, id, 0, never)[Symbol.asyncIterator]();
  let count = 0;
  for (let seen = 0; seen < 1000; count++) {
    const { value } = (await events.next()) as { value: { data: { type: string; step: { done: number } } } };
    if (value.data.type === 'step') seen = value.data.step.done;
  }
  expect(count).toBeLessThan(10);
  go.open();
  await collect({ [Symbol.asyncIterator]: () => events });
});

test('the end of a job that the disk refuses is shown all the same, and stored when it can be', async () => {
  const { process, state } = home();
  let isFull = false;
  const store = {
    ...state.jobs,
    update: (...given: Parameters<typeof state.jobs.update>) => {
      if (isFull) throw storageFull('x');
      return state.jobs.update(...given);
    }
  };
  const jobs = process('one', { store });
  jobs.register({
    kind: 'k',
    steps: ['a'],
    run: ({ step }) =>
      step('a', async () => {
        isFull = true;
        throw storageFull('x');
      })
  });
  const id = nextId();
  jobs.start(ada, 'k', id, 1);
  const events = await collect(jobs.events(ada, id, 0, never));
  expect(events.at(-1)?.data).toMatchObject({
    type: 'state',
    job: { state: 'failed', problem: { code: 'storage-full' } }
  });
  expect(jobs.get(ada, id).state).toBe('failed');
  expect(state.jobs.get(id)?.job.state).toBe('running');
  isFull = false;
  await vi.waitFor(() => expect(state.jobs.get(id)?.job.state).toBe('failed'), { timeout: 5_000 });
  expect((await collect(jobs.events(ada, id, 0, never))).at(-1)?.data).toMatchObject({ type: 'state' });
});
