import { describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { RunEvent } from '../../../../contract/schedule/index.js';
import { emptyCourse, withEvent } from '../../../../src/schedule/run/course.js';
import { DiffModel } from '../../../../src/schedule/run/diffModel.js';
import { failingCell } from '../../../../src/schedule/run/failingCell.js';
import { RunModel } from '../../../../src/schedule/run/runModel.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { FakeSchedules, runEnded, runOf, scheduleOf } from '../support.js';

const running = runOf(1, 3, { state: 'RUNNING' });
const started: RunEvent = { type: 'started', attempt: 1, cells: 3, parameters: { day: '2026-11-20' } };
const cell = (number: number, state: 'running' | 'done' | 'failed', more: object = {}): RunEvent => ({
  type: 'cell',
  index: number,
  cell: number,
  of: 3,
  state,
  ...more
});
const text = (index: number, words: string): RunEvent => ({
  type: 'output',
  index,
  output: { output_type: 'stream', name: 'stdout', text: words }
});

function made(change: (fake: FakeSchedules) => void = () => undefined) {
  const fake = new FakeSchedules();
  fake.schedules = [scheduleOf(1)];
  fake.runs = [runOf(1, 1), runOf(1, 2), running];
  change(fake);
  const waits: number[] = [];
  const model = new RunModel({
    client: fake.client,
    background: fake.client,
    runId: running.id,
    newId: () => fakeId(77),
    later: run => run(),
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await Promise.resolve();
      signal.throwIfAborted();
    }
  });
  return { fake, model, events: fake.eventsOf(running.id), waits };
}

/** Puts the run to its end, and its events too. */
function end(fake: FakeSchedules, state: 'SUCCEEDED' | 'FAILED' = 'SUCCEEDED') {
  const run = runEnded(running, state);
  fake.runs = fake.runs.map(each => (each.id === run.id ? run : each));
  fake.eventsOf(run.id).push({ type: 'run', run });
  fake.eventsOf(run.id).finish();
}

describe('a run', () => {
  test('is followed cell by cell to its end', async () => {
    const { fake, model, events } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(model.state.phase).toBe('ready'));
    events.push(started, cell(1, 'running', { source: 'x = 1' }), text(1, 'hello'));
    await vi.waitFor(() => expect(model.outputsOf(1)).toHaveLength(1));
    expect(model.state.course).toMatchObject({
      attempt: 1,
      of: 3,
      cells: [{ number: 1, state: 'running', source: 'x = 1' }],
      parameters: { day: '2026-11-20' }
    });
    events.push(cell(1, 'done', { seconds: 2 }), cell(2, 'failed', { seconds: 1 }));
    end(fake, 'FAILED');
    await following;
    expect(model.state.run?.state).toBe('FAILED');
    expect(model.state.course.cells).toMatchObject([
      { number: 1, state: 'done', seconds: 2, source: 'x = 1' },
      { number: 2, state: 'failed' }
    ]);
    expect(model.state.course.withOutput).toEqual(new Set([1]));
  });

  test('knows its schedule and how long a good run takes', async () => {
    const { fake, model } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(model.state.median).toBe(90_000));
    expect(model.state.schedule?.spec.name).toBe('Schedule 1');
    end(fake);
    await following;
  });

  test('is shown without its schedule where that is gone', async () => {
    const { fake, model } = made(each => (each.schedules = []));
    end(fake);
    await model.follow();
    expect(model.state).toMatchObject({ phase: 'ready', run: { state: 'SUCCEEDED' } });
    expect(model.state.schedule).toBeUndefined();
  });

  test('that ended is told from its beginning', async () => {
    const { fake, model, events } = made();
    events.push(started, cell(1, 'done'), text(1, 'a'), text(1, 'b'));
    end(fake);
    await model.follow();
    expect(model.outputsOf(1).map(output => output['text'])).toEqual(['a', 'b']);
    expect(fake.count('runs.events')).toBe(1);
  });

  test('that is tried again begins anew', async () => {
    const { fake, model, events } = made();
    const resets: unknown[] = [];
    model.outputAdded.connect((_, added) => resets.push(added?.index ?? 'all'));
    events.push(started, cell(1, 'failed'), text(1, 'a'), { ...started, attempt: 2 }, cell(1, 'done'));
    end(fake);
    await model.follow();
    expect(model.state.course).toMatchObject({ attempt: 2, cells: [{ number: 1, state: 'done' }] });
    expect(model.outputsOf(1)).toEqual([]);
    expect(resets).toEqual(['all', 1, 'all']);
  });

  test('that waits for its next attempt is looked at again', async () => {
    const { fake, model, events, waits } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(events.connections).toBe(1));
    events.end();
    await vi.waitFor(() => expect(events.connections).toBeGreaterThan(1));
    expect(waits[0]).toBe(2_000);
    end(fake);
    await following;
    expect(model.state.run?.state).toBe('SUCCEEDED');
  });

  test('whose connection is lost says so and goes on', async () => {
    const { fake, model, events } = made();
    const lost: boolean[] = [];
    model.stateChanged.connect((_, state) => lost.push(state.lost));
    fake.failures.push({ id: 'runs.events', error: new ProblemError('unavailable', 'Not there.') });
    events.push(started, cell(1, 'done'));
    end(fake);
    await model.follow();
    expect(lost).toContain(true);
    expect(model.state).toMatchObject({ lost: false, run: { state: 'SUCCEEDED' }, course: { attempt: 1 } });
  });

  test('that is not there says so, and can be asked for again', async () => {
    const { fake, model } = made();
    fake.failures.push({ id: 'runs.get', error: new ProblemError('unavailable', 'Not there.') });
    await model.follow();
    expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'Not there.' } });
    end(fake);
    await model.follow();
    expect(model.state).toMatchObject({ phase: 'ready', error: undefined });
  });

  test('whose output was swept away is still shown', async () => {
    const { fake, model } = made();
    end(fake);
    fake.failures.push({ id: 'runs.events', error: new ProblemError('gone', 'Its output was swept away.') });
    await model.follow();
    expect(model.state).toMatchObject({ phase: 'ready', error: { message: 'Its output was swept away.' } });
  });

  test('is ended, run again, run on from the cell that failed', async () => {
    const { fake, model, events } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(events.connections).toBe(1));
    const cancelled = model.cancel();
    expect(model.state.cancelling).toBe(true);
    await cancelled;
    expect(model.state).toMatchObject({ cancelling: false, run: { state: 'CANCELLED' } });
    events.end();
    await following;
    await model.again(true);
    expect(fake.lastBody('runs.again')).toEqual({ opId: fakeId(77), resume: true });
    fake.failures.push({ id: 'runs.cancel', error: new ProblemError('unavailable', 'Not there.') });
    await expect(model.cancel()).rejects.toThrow('Not there.');
    expect(model.state.cancelling).toBe(false);
  });

  test('takes what the news say of it, and nothing else', async () => {
    const { fake, model } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(model.state.phase).toBe('ready'));
    model.hear(runOf(1, 4));
    model.hear({ ...running, progress: { cell: 2, of: 3 } });
    expect(model.state.run).toMatchObject({ id: running.id, progress: { cell: 2 } });
    end(fake);
    await following;
  });

  test('stops when its page is closed', async () => {
    const { model, events } = made();
    const following = model.follow();
    await vi.waitFor(() => expect(events.connections).toBe(1));
    model.dispose();
    await following;
    expect(events.connections).toBe(1);
  });

  test('has the outputs that were too large to be told in its file', async () => {
    const { fake, model, events } = made();
    const output = { output_type: 'display_data', data: { 'text/plain': '<Figure>' }, leftOut: ['image/png'] };
    events.push(started, cell(1, 'done'), { type: 'output', index: 1, output });
    end(fake);
    await model.follow();
    expect(model.state.course.leftOut).toEqual(new Set([1]));
    fake.outputs.set(running.id, [{}, { outputs: [{ output_type: 'display_data', data: { 'image/png': 'AAAA' } }] }]);
    expect(await model.storedOutputs(1)).toMatchObject([{ data: { 'image/png': 'AAAA' } }]);
    expect(await model.page()).toBe('<h1>Page</h1>');
  });
});

test('a log keeps its end', () => {
  let course = emptyCourse;
  for (let n = 0; n < 2_010; n++) {
    course = withEvent(course, { type: 'log', level: 'info', text: String(n), at: running.dueAt });
  }
  expect(course.log).toHaveLength(2_000);
  expect(course.log.at(-1)?.text).toBe('2009');
  expect(withEvent(course, { type: 'memory', resident: 1, peak: 2 }).memory).toEqual({ resident: 1, peak: 2 });
});

describe('the cell that failed', () => {
  const sources = ['# title', 'import os', 'day = 1', 'print(day)\nraise ValueError', 'print(day)'];

  test.each([
    // Parameters were put in before it, so it stands one later in the output.
    ['by its source', 4, 'print(day)\nraise ValueError', 3],
    ['by its first lines', 4, 'print(day)\nraise …', 3],
    ['the closest of several', 5, 'print(day)', 4],
    ['by its place where it was changed', 2, 'gone', 2],
    ['by its place where nothing is known of it', 9, undefined, 4]
  ])('is found %s', (_, index, lines, expected) => {
    expect(failingCell(sources, index, lines)).toBe(expected);
  });

  test('is none in a notebook without cells', () => {
    expect(failingCell([], 0, 'x')).toBeUndefined();
  });
});

describe('the differences', () => {
  test('are asked for once, and bring cells of both sides', async () => {
    const fake = new FakeSchedules();
    fake.runs = [runOf(1, 1), running];
    fake.diff = { against: runOf(1, 1), added: 0, removed: 0, changed: 1, moved: 0, unchanged: 2, cells: [] };
    fake.outputs.set(running.id, [{ outputs: ['new'] }]);
    fake.outputs.set(runOf(1, 1).id, [{ outputs: ['old'] }]);
    const model = new DiffModel({ client: fake.client, runId: running.id });
    fake.failures.push({ id: 'runs.diff', error: new ProblemError('render-failed', 'Cannot compare.') });
    await model.ensure();
    expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'Cannot compare.' } });
    await model.ensure();
    await model.ensure();
    expect(fake.count('runs.diff')).toBe(2);
    expect(await model.cell('after', 0)).toEqual({ outputs: ['new'] });
    expect(await model.cell('before', 0)).toEqual({ outputs: ['old'] });
  });

  test('without a good run before it have no other side', async () => {
    const fake = new FakeSchedules();
    fake.runs = [running];
    fake.diff = { added: 0, removed: 0, changed: 0, moved: 0, unchanged: 0, cells: [] };
    const model = new DiffModel({ client: fake.client, runId: running.id });
    await model.ensure();
    expect(await model.cell('before', 0)).toBeUndefined();
  });
});
