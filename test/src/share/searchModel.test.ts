import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { SearchModel } from '../../../src/share/searchModel.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A search whose answers come when the test says. */
function setUp() {
  const calls: {
    text: string;
    signal: AbortSignal;
    answer: (found: string[]) => void;
    fail: (error: Error) => void;
  }[] = [];
  const model = new SearchModel<string>(
    (text, signal) => new Promise((answer, fail) => calls.push({ text, signal, answer, fail }))
  );
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { model, calls, settle };
}

test('waits for a pause, and asks for the last text alone', async () => {
  const { model, calls } = setUp();
  for (const text of ['R', 'Re', 'Rep']) {
    model.type(text);
    await vi.advanceTimersByTimeAsync(150);
  }
  expect(calls).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.map(({ text }) => text)).toEqual(['Rep']);
  calls[0]!.answer(['Reports']);
  await vi.advanceTimersByTimeAsync(0);
  expect(model.state).toMatchObject({ phase: 'ready', text: 'Rep', found: ['Reports'] });
});

test('an older answer never replaces a newer one, and its call is given up', async () => {
  const { model, calls, settle } = setUp();
  void model.now('a');
  void model.now('b');
  expect(calls[0]!.signal.aborted).toBe(true);
  calls[1]!.answer(['B']);
  await settle();
  calls[0]!.answer(['A']);
  await settle();
  expect(model.state).toMatchObject({ text: 'b', found: ['B'] });
});

test('keeps what was found while it asks again, so that nothing jumps', async () => {
  const { model, calls, settle } = setUp();
  void model.now('');
  calls[0]!.answer(['One']);
  await settle();
  model.type('o');
  expect(model.state).toMatchObject({ phase: 'loading', found: ['One'] });
});

test('says why it failed, and asks again', async () => {
  const { model, calls, settle } = setUp();
  void model.now('a');
  calls[0]!.fail(new ProblemError('target-unreachable', 'Data wiki cannot be reached.'));
  await settle();
  expect(model.state).toMatchObject({
    phase: 'failed',
    found: [],
    problem: { message: 'Data wiki cannot be reached.' }
  });
  void model.now(model.state.text);
  calls[1]!.answer(['A']);
  await settle();
  expect(model.state).toMatchObject({ phase: 'ready', found: ['A'], problem: undefined });
});

test('stopped, it asks nothing more and hears nothing more', async () => {
  const { model, calls } = setUp();
  model.type('a');
  model.stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toHaveLength(0);
  void model.now('b');
  model.dispose();
  expect(calls[0]!.signal.aborted).toBe(true);
});
