import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { Toast } from '../../../../contract/schedule/index.js';
import { RunningLine } from '../../../../src/schedule/notices/item.js';
import { RunningModel } from '../../../../src/schedule/notices/runningModel.js';
import { Toasts } from '../../../../src/schedule/notices/toasts.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { FakeSchedules, runEnded, runOf } from '../support.js';

afterEach(cleanup);

const toast = (number: number, kind: Toast['kind'] = 'failure'): Toast => ({
  id: fakeId(number),
  kind,
  title: 'Alpha failed',
  text: 'Cell 3 failed.',
  scheduleId: fakeId(1),
  runId: fakeId(10_001),
  at: '2026-11-21T10:00:00.000Z'
});

function tabOf(fake: FakeSchedules, isSeen: boolean) {
  const show = vi.fn();
  const wait = vi.fn(() => new Promise<void>(resolve => setTimeout(resolve, 5)));
  return { toasts: new Toasts({ client: fake.client, isSeen: () => isSeen, wait, show }), show, wait };
}

test('a message is shown once over all tabs, by the one that is looked at', async () => {
  const fake = new FakeSchedules();
  const [hidden, seen, other] = [tabOf(fake, false), tabOf(fake, true), tabOf(fake, false)];
  await Promise.all([hidden, seen, other].map(({ toasts }) => toasts.take(toast(1))));
  expect(seen.show).toHaveBeenCalledTimes(1);
  expect(seen.show).toHaveBeenCalledWith(toast(1), 'error');
  expect(hidden.show).not.toHaveBeenCalled();
  expect(other.show).not.toHaveBeenCalled();
  await seen.toasts.take(toast(1));
  expect(seen.show).toHaveBeenCalledTimes(1);
});

test('where nobody looks, a tab shows it all the same', async () => {
  const fake = new FakeSchedules();
  const [one, other] = [tabOf(fake, false), tabOf(fake, false)];
  await Promise.all([one, other].map(({ toasts }) => toasts.take(toast(1, 'recovery'))));
  expect(one.show.mock.calls.length + other.show.mock.calls.length).toBe(1);
});

test('one that could not be claimed is taken when it is told again', async () => {
  const fake = new FakeSchedules();
  const { toasts, show } = tabOf(fake, true);
  fake.failures.push({ id: 'schedule.claimToast', error: new ProblemError('unavailable', 'Not there.') });
  await toasts.take(toast(1));
  expect(show).not.toHaveBeenCalled();
  await toasts.take(toast(1));
  expect(show).toHaveBeenCalledTimes(1);
});

test('runs under way are counted, and lead to the schedules', async () => {
  const fake = new FakeSchedules();
  const running = runOf(1, 2, { state: 'RUNNING' });
  fake.runs = [runOf(1, 1), running];
  const model = new RunningModel(fake.client);
  await model.refresh();
  expect([...model.state.ids]).toEqual([running.id]);
  model.hear({ type: 'run', run: runOf(1, 3, { state: 'RUNNING' }) });
  const onOpen = vi.fn();
  render(<RunningLine model={model} onOpen={onOpen} />);
  fireEvent.click(screen.getByRole('button', { name: '2 runs running' }));
  expect(onOpen).toHaveBeenCalled();
  model.hear({ type: 'run', run: runEnded(running, 'SUCCEEDED') });
  model.hear({ type: 'run', run: runOf(1, 4, { state: 'QUEUED' }) });
  expect(model.state.ids.size).toBe(1);
  fake.failures.push({ id: 'runs.list', error: new ProblemError('unavailable', 'Not there.') });
  await model.refresh();
  expect(model.state.ids.size).toBe(1);
});
