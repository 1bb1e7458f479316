import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { BackfillForm } from '../../../../src/schedule/panel/backfill.js';
import { createActions } from '../../../../src/schedule/panel/actions.js';
import { PanelView } from '../../../../src/schedule/panel/panelView.js';
import { SchedulesModel } from '../../../../src/schedule/panel/schedulesModel.js';
import { CommandIDs } from '../../../../src/commands.js';
import { TransProvider } from '../../../../src/ui/trans.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { FakeSchedules, runOf, scheduleOf } from '../support.js';

const trans = nullTranslator.load('lakeside');
afterEach(cleanup);

async function show(change: (fake: FakeSchedules) => void = () => undefined) {
  const fake = new FakeSchedules();
  fake.schedules = [scheduleOf(1, {}, { name: 'Alpha' }), scheduleOf(2, { state: 'paused' }, { name: 'Beta' })];
  fake.runs = [runOf(1, 1), runOf(1, 2, { state: 'FAILED', reason: 'Cell 3 failed.' })];
  change(fake);
  let ids = 0;
  const model = new SchedulesModel({
    client: fake.client,
    background: fake.client,
    newId: () => fakeId(++ids),
    later: run => run()
  });
  const execute = vi.fn(() => Promise.resolve());
  const [done, failed, menu, leave] = [vi.fn(), vi.fn(), vi.fn(), vi.fn()];
  const actions = createActions({ model, commands: { execute } as never, trans, done, failed, menu });
  const area = document.createElement('div');
  document.body.append(area);
  render(
    <TransProvider trans={trans}>
      <PanelView model={model} actions={actions} area={() => area} leave={leave} />
    </TransProvider>,
    { container: area }
  );
  expect(screen.getByRole('status').textContent).toBe('Loading the schedules');
  await act(() => model.refresh());
  const names = () =>
    screen
      .queryAllByRole('listitem')
      .map(item => item.querySelector('bdi')?.textContent)
      .filter(Boolean);
  const row = (name: string) => screen.getByText(name).closest('li')!;
  return { fake, model, actions, execute, done, failed, menu, leave, names, row, area };
}

const press = (key: string) => act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key }));

describe('the list of schedules', () => {
  test('shows state, dots, the next time and what can be done', async () => {
    const { names, row } = await show();
    expect(names()).toEqual(['Alpha', 'Beta']);
    const alpha = within(row('Alpha'));
    expect(alpha.getByRole('img', { name: 'failed' })).toBeTruthy();
    expect(alpha.getByRole('img', { name: 'The last runs, oldest first: succeeded, failed' })).toBeTruthy();
    expect(alpha.getByText(/^next /).title).toContain('30 7 * * *');
    expect(alpha.getByRole('button', { name: 'Run "Alpha" now' })).toBeTruthy();
    expect(alpha.getByRole('button', { name: 'Pause "Alpha"' })).toBeTruthy();
    const beta = within(row('Beta'));
    expect(beta.getByText('paused')).toBeTruthy();
    expect(beta.getByRole('button', { name: 'Resume "Beta"' })).toBeTruthy();
  });

  test('shows runs below their schedule, and opens them', async () => {
    const { execute } = await show();
    const head = screen.getByRole('button', { name: /Alpha$/, expanded: false });
    fireEvent.click(head);
    expect(head.getAttribute('aria-expanded')).toBe('true');
    expect(await screen.findByText('Cell 3 failed.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Open the run of .*: succeeded$/ }));
    expect(execute).toHaveBeenCalledWith(CommandIDs.scheduleRun, { runId: runOf(1, 1).id });
  });

  test('shows how far a run under way is', async () => {
    const { row } = await show(fake =>
      fake.runs.push(runOf(1, 3, { state: 'RUNNING', progress: { cell: 7, of: 31 } }))
    );
    const bar = within(row('Alpha')).getByRole('progressbar', { name: 'cell 7 of 31' });
    expect(bar.getAttribute('aria-valuenow')).toBe('23');
    expect(within(row('Alpha')).queryByText(/^next /)).toBeNull();
  });

  test('is narrowed by the filter', async () => {
    const { names } = await show();
    const box = screen.getByRole('searchbox', { name: 'Filter schedules' });
    fireEvent.change(box, { target: { value: 'bet' } });
    expect(names()).toEqual(['Beta']);
    fireEvent.change(box, { target: { value: 'nowhere' } });
    expect(screen.getByRole('status').textContent).toBe('No schedule matches.');
  });

  test('is walked by keys: / to the filter, arrows along rows, right and left open and close, Escape back', async () => {
    const { leave, model, area } = await show();
    const box = screen.getByRole('searchbox', { name: 'Filter schedules' });
    fireEvent.keyDown(area, { key: '/' });
    expect(document.activeElement).toBe(box);
    press('ArrowDown');
    expect(document.activeElement?.textContent).toBe('Alpha');
    press('ArrowRight');
    expect(model.state.open.has(fakeId(1))).toBe(true);
    await screen.findByRole('button', { name: /^Open the run of .*: failed$/ });
    press('ArrowDown');
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^Open the run of .*: failed$/);
    press('ArrowLeft');
    expect(document.activeElement?.textContent).toBe('Alpha');
    press('ArrowLeft');
    expect(model.state.open.size).toBe(0);
    press('End');
    expect(document.activeElement?.textContent).toBe('Deleted');
    press('Home');
    press('ArrowUp');
    expect(document.activeElement).toBe(box);
    press('ArrowDown');
    press('Escape');
    expect(document.activeElement).toBe(box);
    fireEvent.change(box, { target: { value: 'x' } });
    press('Escape');
    expect(model.state.filter).toBe('');
    expect(leave).not.toHaveBeenCalled();
    press('Escape');
    expect(leave).toHaveBeenCalledTimes(1);
  });

  test('of 2,000 schedules has only those in sight in the page', async () => {
    const { names } = await show(fake => {
      fake.schedules = Array.from({ length: 2_000 }, (_, n) => scheduleOf(n + 1));
      fake.runs = [];
    });
    expect(screen.getByText('2000 schedules')).toBeTruthy();
    expect(names().length).toBeLessThan(60);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'schedule 1999' } });
    expect(names()).toEqual(['Schedule 1999']);
  });

  test('that is empty teaches, with one button', async () => {
    const { execute } = await show(fake => (fake.schedules = []));
    expect(screen.getByText('Nothing is scheduled')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Schedule a notebook' }));
    expect(execute).toHaveBeenCalledWith(CommandIDs.scheduleCreate);
  });

  test('that cannot be loaded shows the sentence of the server, and tries again', async () => {
    const { names } = await show(fake =>
      fake.failures.push({ id: 'schedule.list', error: new ProblemError('unavailable', 'Lakeside is not running.') })
    );
    expect(screen.getByRole('alert').textContent).toContain('Lakeside is not running.');
    expect(screen.getByRole('button', { name: 'Copy details' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(names()).toEqual(['Alpha', 'Beta']));
  });
});

describe('what can be done', () => {
  test('run now says so and leads to the run', async () => {
    const { done, execute, fake } = await show();
    fireEvent.click(screen.getByRole('button', { name: 'Run "Alpha" now' }));
    await waitFor(() => expect(done).toHaveBeenCalledWith('"Alpha" is started.', expect.anything()));
    (done.mock.calls[0]![1] as { run: () => void }).run();
    expect(execute).toHaveBeenCalledWith(CommandIDs.scheduleRun, { runId: fake.runs.at(-1)!.id });
  });

  test('pause and resume turn into each other', async () => {
    const { row } = await show();
    fireEvent.click(screen.getByRole('button', { name: 'Pause "Alpha"' }));
    await within(row('Alpha')).findByText('paused');
    fireEvent.click(screen.getByRole('button', { name: 'Resume "Alpha"' }));
    await within(row('Alpha')).findByRole('button', { name: 'Pause "Alpha"' });
  });

  test('what is refused is said', async () => {
    const { fake, failed } = await show();
    const error = new ProblemError('gone', 'It was deleted.');
    fake.failures.push({ id: 'schedule.runNow', error });
    fireEvent.click(screen.getByRole('button', { name: 'Run "Alpha" now' }));
    await waitFor(() => expect(failed).toHaveBeenCalledWith('"Alpha" was not started.', error));
  });

  test('delete can be undone, and a paused one comes back paused', async () => {
    const { actions, model, done, names } = await show();
    actions.remove(model.state.schedules[1]!);
    await waitFor(() => expect(names()).toEqual(['Alpha']));
    const undo = done.mock.calls[0]![1] as { label: string; run: () => void };
    expect(undo.label).toBe('Undo');
    act(() => undo.run());
    await waitFor(() => expect(names()).toEqual(['Alpha', 'Beta']));
    expect(model.state.schedules[1]?.schedule.state).toBe('paused');
  });

  test('what was deleted is listed and restored', async () => {
    const { names } = await show(fake => fake.schedules.push(scheduleOf(3, { state: 'deleted' }, { name: 'Gone' })));
    fireEvent.click(screen.getByRole('button', { name: 'Deleted' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Restore "Gone"' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Restore "Gone"' })).toBeNull());
    expect(names()).toEqual(['Alpha', 'Beta', 'Gone']);
  });

  test('everything else is in a menu', async () => {
    const { menu } = await show();
    const button = screen.getByRole('button', { name: 'More for "Alpha"' });
    fireEvent.click(button);
    expect(menu).toHaveBeenCalledWith(expect.objectContaining({ recent: expect.anything() as unknown }), button);
  });
});

describe('backfill', () => {
  const form = (run: (from: string, to: string) => Promise<void>) => {
    const onClose = vi.fn();
    render(<BackfillForm name="Alpha" trans={trans} today="2026-11-21" run={run} onClose={onClose} />);
    const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Run these days' }));
    return { onClose, submit };
  };

  test('asks for two days and runs them', async () => {
    const run = vi.fn(() => Promise.resolve());
    const { onClose, submit } = form(run);
    submit();
    expect(screen.getByRole('alert').textContent).toBe('Choose the first day.');
    fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-11-22' } });
    expect(screen.getByRole('alert').textContent).toBe('The last day is before the first one.');
    fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-11-18' } });
    submit();
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(run).toHaveBeenCalledTimes(1);
    expect(run).toHaveBeenCalledWith('2026-11-18', '2026-11-21');
  });

  test('stays with what the server says', async () => {
    const { onClose, submit } = form(() => Promise.reject(new ProblemError('gone', 'It was deleted.')));
    fireEvent.change(screen.getByLabelText('From'), { target: { value: '2026-11-18' } });
    submit();
    expect((await screen.findByRole('alert')).textContent).toBe('It was deleted.');
    expect(onClose).not.toHaveBeenCalled();
  });
});
