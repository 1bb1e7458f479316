import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { RunEvent } from '../../../../contract/schedule/news.js';
import { sortErrors } from '../../../../src/schedule/dialog/fieldErrors.js';
import { textOfOutput } from '../../../../src/schedule/dialog/outputText.js';
import { TestModel } from '../../../../src/schedule/dialog/testModel.js';
import { TimesModel } from '../../../../src/schedule/dialog/timesModel.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { eventually, FakeSchedules, runOf, specOf } from './support.js';

const when = { cron: '0 9 * * *', zone: 'UTC', start: '', end: '' };
const due = { at: '2026-11-23T09:00:00.000Z', civil: '2026-11-23T09:00', offset: '+00:00' };

describe('when it is due', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('is asked once the typing pauses, and once for the same', async () => {
    const fake = new FakeSchedules();
    const model = new TimesModel(fake.client);
    for (const minute of [1, 2, 3]) {
      model.show({ ...when, cron: `${minute} 9 * * *` });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(fake.count('schedule.times')).toBe(0);
    expect(model.state.asking).toBe(true);
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.calls.map(({ query }) => query['cron'])).toEqual(['3 9 * * *']);
    model.show({ ...when, cron: '3 9 * * *' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(fake.count('schedule.times')).toBe(1);
    expect(model.state).toMatchObject({ asking: false, times: fake.times, errors: {} });
  });

  test('an answer that comes late does not stand over the newer one', async () => {
    const fake = new FakeSchedules();
    const model = new TimesModel(fake.client);
    let late: () => void = () => undefined;
    fake.held.set('schedule.times', new Promise(go => (late = go)));
    fake.times = { words: 'Old', next: [due] };
    model.show(when);
    await vi.advanceTimersByTimeAsync(300);
    fake.held.clear();
    fake.times = { words: 'New', next: [due] };
    model.show({ ...when, zone: 'Europe/Paris' });
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state.times?.words).toBe('New');
    late();
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state.times?.words).toBe('New');
  });

  test('what is wrong stands at its field, in the words of the contract, and the server is not asked', async () => {
    const fake = new FakeSchedules();
    const model = new TimesModel(fake.client);
    model.show({ ...when, cron: '61 9 * * *' });
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state.errors['when.cron']).toMatch(/^Minute: "61" must be a number from 0 to 59/);
    expect(fake.calls).toEqual([]);
    model.show({ ...when, zone: 'CET+1' });
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state.errors['when.zone']).toMatch(/name of a time zone/);
    model.show(when);
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state).toMatchObject({ errors: {}, times: fake.times });
  });

  test('a failure that is no field’s can be tried again', async () => {
    const fake = new FakeSchedules();
    const model = new TimesModel(fake.client);
    fake.fail('schedule.times', new ProblemError('unavailable', 'Lakeside is not running.'));
    model.show(when);
    await vi.advanceTimersByTimeAsync(300);
    expect(model.state.problem?.message).toBe('Lakeside is not running.');
    model.retry(when);
    await vi.advanceTimersByTimeAsync(10);
    expect(model.state).toMatchObject({ problem: undefined, times: fake.times });
  });

  test('nothing is heard of it after its end', async () => {
    const fake = new FakeSchedules();
    const model = new TimesModel(fake.client);
    const heard = vi.fn();
    model.show(when);
    model.stateChanged.connect(heard);
    model.dispose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).not.toHaveBeenCalled();
    expect(fake.calls).toEqual([]);
  });
});

describe('a test run', () => {
  const testOf = (fake: FakeSchedules) =>
    new TestModel({ client: fake.client, opId: fakeId(5), spec: specOf(), now: () => 42 });
  const cell = (number: number, state: 'running' | 'done' | 'failed', source?: string): RunEvent => ({
    type: 'cell',
    index: number * 2,
    cell: number,
    of: 3,
    state,
    ...(source !== undefined && { source })
  });
  const printed = (text: string): RunEvent => ({
    type: 'output',
    index: 2,
    output: { output_type: 'stream', name: 'stdout', text }
  });

  test('is followed cell by cell to its end', async () => {
    const fake = new FakeSchedules();
    const model = testOf(fake);
    const over = model.start();
    fake.emit({ type: 'run', run: runOf('RUNNING') }, { type: 'started', attempt: 1, cells: 5 });
    fake.emit(cell(1, 'running', 'x = 1'), printed('one\n'), printed('two\n'));
    await eventually(() => expect(model.state.output).toBe('one\ntwo\n'));
    expect(model.state).toMatchObject({ done: 0, of: 3, cell: { cell: 1, source: 'x = 1' } });
    fake.emit(cell(1, 'done'), cell(2, 'running', 'y'));
    await eventually(() => expect(model.state).toMatchObject({ done: 1, cell: { cell: 2 }, output: '' }));
    fake.emit(cell(2, 'done'), cell(3, 'running', 'z'), cell(3, 'done'), { type: 'run', run: runOf('SUCCEEDED') });
    await over;
    expect(model.state).toMatchObject({ done: 3, of: 3, cell: undefined, endedAt: 42, run: { state: 'SUCCEEDED' } });
    expect(model.isOver).toBe(true);
    expect(fake.calls.map(({ id }) => id)).toEqual(['schedule.test', 'runs.events']);
    expect(fake.calls[0]!.body).toMatchObject({ opId: fakeId(5), spec: { name: 'Morning delays' } });
  });

  test('keeps the failed cell and what it said', async () => {
    const fake = new FakeSchedules();
    const model = testOf(fake);
    const over = model.start();
    await eventually(() => expect(model.state.run).toBeDefined());
    fake.emit({ type: 'run', run: runOf('RUNNING') }, cell(2, 'running', '1 / 0'));
    fake.emit({
      type: 'output',
      index: 4,
      output: { output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero', traceback: [] }
    });
    fake.emit(cell(2, 'failed'), { type: 'run', run: runOf('FAILED', { reason: 'Cell 2 failed.' }) });
    await over;
    expect(model.state).toMatchObject({
      failed: { cell: 2, source: '1 / 0' },
      output: 'ZeroDivisionError: division by zero',
      run: { state: 'FAILED', reason: 'Cell 2 failed.' }
    });
  });

  test('begins anew with a further try', async () => {
    const fake = new FakeSchedules();
    const model = testOf(fake);
    void model.start();
    fake.emit({ type: 'run', run: runOf('RUNNING') }, cell(2, 'running'), cell(2, 'failed'));
    await eventually(() => expect(model.state.failed).toBeDefined());
    fake.emit({ type: 'started', attempt: 2, cells: 3 });
    await eventually(() => expect(model.state).toMatchObject({ failed: undefined, done: 0, output: '' }));
    model.dispose();
  });

  test('is ended by the person', async () => {
    const fake = new FakeSchedules();
    const model = testOf(fake);
    void model.start();
    fake.emit({ type: 'run', run: runOf('RUNNING') });
    await eventually(() => expect(model.state.run?.state).toBe('RUNNING'));
    await model.cancel();
    expect(model.state).toMatchObject({ run: { state: 'CANCELLED' }, cancelling: false });
    model.dispose();
    expect(fake.count('runs.cancel')).toBe(1);
  });

  test('that nobody looks at any more is ended, also where it had not begun', async () => {
    const running = new FakeSchedules();
    const model = testOf(running);
    void model.start();
    await eventually(() => expect(model.state.run).toBeDefined());
    model.dispose();
    await eventually(() => expect(running.count('runs.cancel')).toBe(1));

    const starting = new FakeSchedules();
    let go: () => void = () => undefined;
    starting.held.set('schedule.test', new Promise(then => (go = then)));
    const left = testOf(starting);
    const started = left.start();
    left.dispose();
    go();
    await started;
    await eventually(() => expect(starting.count('runs.cancel')).toBe(1));
  });

  test('whose news stop can be followed again, from where it was', async () => {
    const fake = new FakeSchedules();
    const model = testOf(fake);
    fake.fail('runs.events', new ProblemError('unavailable', 'Lakeside is not running.'));
    await model.start();
    expect(model.state.problem?.message).toBe('Lakeside is not running.');
    expect(model.isOver).toBe(false);
    const over = model.follow();
    expect(model.state.problem).toBeUndefined();
    fake.emit({ type: 'run', run: runOf('SUCCEEDED') });
    await over;
    expect(model.isOver).toBe(true);
  });
});

describe('the end of an output', () => {
  const stream = (text: unknown) => ({ output_type: 'stream', name: 'stdout', text });

  test('is plain text without colours', () => {
    expect(textOfOutput(stream('\u001b[31mred\u001b[0m'), '')).toBe('red');
    expect(textOfOutput(stream(['a\n', 'b']), '')).toBe('a\nb');
    const error = { output_type: 'error', ename: 'E', evalue: 'v', traceback: ['one', '\u001b[0;31mtwo'] };
    expect(textOfOutput(error, 'before')).toBe('one\ntwo');
  });

  test('is written over as a progress bar does', () => {
    expect(textOfOutput(stream('50%\r100%'), '')).toBe('100%');
    expect(textOfOutput(stream('\r100%\n'), 'first\n50%')).toBe('first\n100%\n');
    expect(textOfOutput(stream('a\r\nb'), '')).toBe('a\nb');
  });

  test('is short, however much is printed', () => {
    const text = textOfOutput(stream('line\n'.repeat(100_000)), '') ?? '';
    expect(text.split('\n')).toHaveLength(12);
    expect(textOfOutput(stream('x'.repeat(100_000)), '')).toHaveLength(4000);
  });

  test('shows what has a text, and leaves what has none', () => {
    expect(textOfOutput({ output_type: 'execute_result', data: { 'text/plain': '42' } }, 'x')).toBe('x\n42');
    expect(textOfOutput({ output_type: 'display_data', data: { 'image/png': '' } }, 'x')).toBeUndefined();
    expect(textOfOutput({ output_type: 'clear' }, 'x')).toBe('');
  });
});

describe('sentences of the server', () => {
  test('stand at their fields, without their names', () => {
    const errors = [
      { field: 'spec.name', message: 'must not be empty' },
      { field: 'when', message: 'must not be before start' },
      { field: 'when.cron', message: 'when.cron never comes. No month has such a day.' },
      {
        field: 'parameters.levels.0',
        message: 'parameters.levels.0 holds {{ d }}, which is no macro. Did you mean ds?'
      },
      { field: 'notify.failure.1', message: 'must not be empty' },
      { field: 'tags.3', message: 'must have at most 60 characters' }
    ];
    expect(sortErrors(errors, ['levels'])).toEqual({
      fields: {
        name: 'Must not be empty.',
        'when.cron': 'Must not be before start.',
        'parameters.levels': 'Holds {{ d }}, which is no macro. Did you mean ds?',
        notify: 'Must not be empty.'
      },
      others: ['Tags.3 must have at most 60 characters.']
    });
  });
});
