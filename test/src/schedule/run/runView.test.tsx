import { nullTranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../../src/commands.js';
import { ProblemError } from '../../../../contract/problem.js';
import type { RunEvent } from '../../../../contract/schedule/index.js';
import { createRunActions } from '../../../../src/schedule/run/actions.js';
import { piecesOf } from '../../../../src/schedule/run/cellStrip.js';
import { DiffModel } from '../../../../src/schedule/run/diffModel.js';
import type { IOutputHost } from '../../../../src/schedule/run/outputArea.js';
import { RunModel } from '../../../../src/schedule/run/runModel.js';
import { RunView } from '../../../../src/schedule/run/runView.js';
import { TransProvider } from '../../../../src/ui/trans.js';
import { fakeId } from '../../../support/fakeLakeside.js';
import { FakeSchedules, runEnded, runOf, scheduleOf } from '../support.js';

const trans = nullTranslator.load('lakeside');
const running = runOf(1, 3, { state: 'RUNNING' });
const models: RunModel[] = [];

beforeEach(() => {
  // jsdom lays nothing out: everything is in sight.
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(readonly told: (entries: object[]) => void) {}
      observe(target: Element) {
        queueMicrotask(() => this.told([{ isIntersecting: true, target }]));
      }
      unobserve() {}
      disconnect() {}
    }
  );
});
afterEach(() => {
  cleanup();
  for (const model of models.splice(0)) model.dispose();
  vi.unstubAllGlobals();
});

/** Draws outputs as their text. */
const host: IOutputHost = {
  create: (model, index) => {
    const widget = new Widget();
    const write = () => {
      widget.node.textContent = model
        .outputsOf(index)
        .map(output => String(output['text']))
        .join('');
    };
    write();
    model.outputAdded.connect(write);
    return widget;
  },
  createOf: outputs => {
    const widget = new Widget();
    widget.node.textContent = `stored: ${JSON.stringify(outputs)}`;
    return widget;
  }
};

const events = (state: 'running' | 'failed' = 'running'): RunEvent[] => [
  { type: 'started', attempt: 1, cells: 4, parameters: { day: '2026-11-20', rows: 10 } },
  { type: 'log', level: 'info', text: 'The kernel is python3.', at: running.dueAt },
  { type: 'cell', index: 1, cell: 1, of: 4, state: 'running', source: 'print("one")' },
  { type: 'output', index: 1, output: { output_type: 'stream', name: 'stdout', text: 'one\n' } },
  { type: 'cell', index: 1, cell: 1, of: 4, state: 'done', seconds: 1.25 },
  { type: 'cell', index: 3, cell: 2, of: 4, state, source: 'boom()' }
];

async function show(change: (fake: FakeSchedules) => void = () => undefined) {
  const fake = new FakeSchedules();
  fake.schedules = [scheduleOf(1, {}, { name: 'Alpha', notebook: { path: 'work/a.ipynb' } })];
  fake.runs = [runOf(1, 2), running];
  change(fake);
  const model = new RunModel({
    client: fake.client,
    background: fake.client,
    runId: running.id,
    newId: () => fakeId(77),
    later: run => run(),
    wait: () => new Promise(resolve => setTimeout(resolve, 1))
  });
  models.push(model);
  const execute = vi.fn((_: string, __?: object) => Promise.resolve());
  const [failed, openAt, offerToResume] = [vi.fn(), vi.fn(() => Promise.resolve()), vi.fn()];
  const actions = createRunActions({
    model,
    commands: { execute } as never,
    trans,
    failed,
    openAt,
    offerToResume
  });
  const diff = new DiffModel({ client: fake.client, runId: running.id });
  render(
    <TransProvider trans={trans}>
      <RunView model={model} diff={diff} host={host} actions={actions} />
    </TransProvider>
  );
  expect(screen.getByRole('status').textContent).toBe('Loading the run');
  await act(async () => {
    void model.follow();
    await new Promise(resolve => setTimeout(resolve, 20));
  });
  const push = (...told: RunEvent[]) =>
    act(async () => {
      fake.eventsOf(running.id).push(...told);
      await new Promise(resolve => setTimeout(resolve, 10));
    });
  return { fake, model, execute, failed, openAt, offerToResume, push };
}

const failedRun = (fake: FakeSchedules) => {
  const run = runEnded(running, 'FAILED', 'Cell 2 failed: NameError: boom');
  fake.runs = [runOf(1, 2), run];
  fake.eventsOf(run.id).push(...events('failed'), { type: 'run', run });
  fake.eventsOf(run.id).finish();
};
const tab = (name: string) => fireEvent.click(screen.getByRole('tab', { name }));

describe('a run under way', () => {
  test('says where it is, and shows outputs as they come', async () => {
    const { push } = await show();
    expect(screen.getByText('Outputs appear here as the cells run.')).toBeTruthy();
    await push(...events());
    expect(screen.getByText(/^Running · cell 2 of 4 · /).textContent).toContain('(median 2 m 0 s)');
    expect(screen.getByRole('img', { name: '1 of 4 cells done' })).toBeTruthy();
    const cells = within(screen.getByRole('list', { name: 'Cells' })).getAllByRole('listitem');
    expect(cells.map(cell => cell.querySelector('pre')?.textContent)).toEqual(['print("one")', 'boom()']);
    await waitFor(() => expect(cells[0]!.textContent).toContain('one'));
    expect(cells[0]!.textContent).toContain('1.3 s');
    await push({ type: 'output', index: 1, output: { output_type: 'stream', name: 'stdout', text: 'more' } });
    expect(cells[0]!.textContent).toContain('one\nmore');
  });

  test('is cancelled', async () => {
    const { fake } = await show();
    expect(screen.queryByRole('button', { name: 'Run again' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await waitFor(() => expect(screen.getByText(/^Cancelled/)).toBeTruthy());
    expect(fake.count('runs.cancel')).toBe(1);
    expect(screen.getByRole('button', { name: 'Run again' })).toBeTruthy();
  });

  test('has a log and its parameters with their values', async () => {
    const { push } = await show();
    tab('Parameters');
    expect(screen.getByText('It runs without parameters.')).toBeTruthy();
    await push(...events());
    const rows = screen.getAllByRole('row').map(row => row.textContent);
    expect(rows).toEqual(['ParameterValue', 'day"2026-11-20"', 'rows10']);
    tab('Log');
    expect(screen.getByRole('listitem').textContent).toContain('The kernel is python3.');
    expect(screen.queryByRole('tab', { name: 'Page' })).toBeNull();
  });
});

describe('a run that failed', () => {
  test('shows the failing cell first, and why', async () => {
    await show(failedRun);
    expect(screen.getByText(/^Failed · in cell 2 of 4 · /)).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toBe('Cell 2 failed: NameError: boom');
    const first = screen.getByRole('region', { name: 'The cell that failed' });
    expect(within(first).getByText('boom()')).toBeTruthy();
    expect(screen.getByRole('img', { name: '1 of 4 cells done, cell 2 failed' })).toBeTruthy();
    expect(within(screen.getByRole('list', { name: 'Cells' })).getAllByRole('listitem')).toHaveLength(1);
  });

  test('leads to the cell, and goes on from there when it is mended', async () => {
    const { openAt, offerToResume, fake, execute } = await show(failedRun);
    fireEvent.click(screen.getByRole('button', { name: 'Fix and run from here' }));
    await waitFor(() => expect(offerToResume).toHaveBeenCalled());
    expect(openAt).toHaveBeenCalledWith('work/a.ipynb', expect.objectContaining({ index: 3, source: 'boom()' }));
    const [name, resume] = offerToResume.mock.calls[0] as [string, () => void];
    expect(name).toBe('cell 2');
    resume();
    await waitFor(() => expect(fake.lastBody('runs.again')).toEqual({ opId: fakeId(77), resume: true }));
    await waitFor(() => expect(execute).toHaveBeenCalledWith(CommandIDs.scheduleRun, { runId: fake.runs.at(-1)!.id }));
  });

  test('says why it was not started again', async () => {
    const { fake, failed } = await show(failedRun);
    const error = new ProblemError('conflict', 'Its kernel was not kept.');
    fake.failures.push({ id: 'runs.again', error });
    fireEvent.click(screen.getByRole('button', { name: 'Run again' }));
    await waitFor(() => expect(failed).toHaveBeenCalledWith('The run was not started.', error));
    expect(fake.lastBody('runs.again')).toEqual({ opId: fakeId(77), resume: false });
  });

  test('opens its output, where that lies in the folder', async () => {
    const { openAt } = await show(failedRun);
    fireEvent.click(screen.getByRole('button', { name: 'Open output' }));
    expect(openAt).toHaveBeenCalledWith('runs/1/3/output.ipynb');
    tab('Attempts');
    expect(screen.getByRole('button', { name: 'Open the output of attempt 1' })).toBeTruthy();
    cleanup();
    await show(fake => {
      failedRun(fake);
      const run = fake.runs.at(-1)!;
      fake.runs = [{ ...run, attempts: run.attempts.map(each => ({ ...each, output: 's3://bucket/x/' })) }];
      fake.events.delete(run.id);
      fake.eventsOf(run.id).finish();
    });
    expect(screen.queryByRole('button', { name: 'Open output' })).toBeNull();
  });
});

describe('the other parts', () => {
  test('compare with the last good run, texts and pictures side by side', async () => {
    await show(fake => {
      failedRun(fake);
      fake.diff = {
        against: runOf(1, 2),
        added: 0,
        removed: 0,
        changed: 1,
        moved: 0,
        unchanged: 3,
        cells: [{ kind: 'changed', type: 'code', before: 0, after: 0, outputs: 'changed' }]
      };
      const cell = (text: string, png: string) => ({
        outputs: [
          { output_type: 'stream', name: 'stdout', text: [text] },
          { output_type: 'display_data', data: { 'image/png': png, 'text/plain': '<Figure>' } }
        ]
      });
      fake.outputs.set(runOf(1, 2).id, [cell('10 rows\n', 'b2xk')]);
      fake.outputs.set(running.id, [cell('12 rows\n', 'bmV3')]);
    });
    tab('Changes');
    expect(await screen.findByText('1 cell changed · 3 unchanged')).toBeTruthy();
    await waitFor(() => expect(screen.getAllByRole<HTMLImageElement>('img', { name: /^Picture/ })).toHaveLength(2));
    expect(screen.getByText('10 rows')).toBeTruthy();
    expect(screen.getByText('12 rows')).toBeTruthy();
  });

  test('say where there is nothing to compare with', async () => {
    await show(fake => {
      failedRun(fake);
      fake.diff = { added: 0, removed: 0, changed: 0, moved: 0, unchanged: 0, cells: [] };
    });
    tab('Changes');
    expect(await screen.findByText('There is nothing to compare with')).toBeTruthy();
  });

  test('show the page in a frame without rights', async () => {
    await show(failedRun);
    tab('Page');
    const frame = await screen.findByTitle<HTMLIFrameElement>('The output as a page');
    expect(frame.getAttribute('sandbox')).not.toMatch(/allow-(scripts|same-origin|forms|top-navigation)/);
    expect(frame.srcdoc).toBe('<h1>Page</h1>');
  });

  test('say why the page cannot be shown', async () => {
    const { fake } = await show(failedRun);
    fake.failures.push({ id: 'runs.page', error: new ProblemError('gone', 'Its output was swept away.') });
    tab('Page');
    expect((await screen.findByText('Its output was swept away.')).closest('[role=alert]')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByTitle('The output as a page')).toBeTruthy();
  });

  test('are reached with arrows', async () => {
    await show(failedRun);
    const first = screen.getByRole('tab', { name: 'Output' });
    first.focus();
    fireEvent.keyDown(first, { key: 'ArrowLeft' });
    expect(document.activeElement?.textContent).toBe('Page');
    fireEvent.keyDown(document.activeElement!, { key: 'Home' });
    expect(document.activeElement).toBe(first);
  });
});

test('a run that cannot be loaded shows the sentence of the server, and tries again', async () => {
  await show(fake => {
    failedRun(fake);
    fake.failures.push({ id: 'runs.get', error: new ProblemError('not-found', 'There is no such run.') });
  });
  expect(screen.getByRole('alert').textContent).toContain('There is no such run.');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findByText(/^Failed · /)).toBeTruthy();
});

test('outputs that were too large to be told come from the file when the run has ended', async () => {
  await show(fake => {
    const large = { output_type: 'display_data', data: {}, leftOut: ['image/png'] };
    fake.eventsOf(running.id).push(...events(), { type: 'output', index: 1, output: large });
    const run = runEnded(running, 'SUCCEEDED');
    fake.runs = [run];
    fake.eventsOf(run.id).finish();
    fake.outputs.set(run.id, [{}, { outputs: ['whole'] }]);
  });
  expect(await screen.findByText('stored: ["whole"]')).toBeTruthy();
});

describe('the strip of cells', () => {
  const at = (number: number, state: 'running' | 'done' | 'failed') => ({ index: number, number, state });

  test('has a piece for each cell', () => {
    expect(piecesOf([at(1, 'done'), at(2, 'running')], 4, false)).toEqual(['done', 'running', 'coming', 'coming']);
    expect(piecesOf([at(1, 'done'), at(2, 'running')], 3, true)).toEqual(['done', 'cut', 'coming']);
    // What was taken over from a former run is done.
    expect(piecesOf([at(3, 'running')], 3, false)).toEqual(['done', 'done', 'running']);
    expect(piecesOf([], 2, false)).toEqual(['coming', 'coming']);
  });

  test('of very many cells has one for several, and never hides a failure', () => {
    const cells = Array.from({ length: 700 }, (_, n) => at(n + 1, n === 699 ? 'failed' : 'done'));
    const pieces = piecesOf(cells, 1_000, true);
    expect(pieces.length).toBeLessThanOrEqual(120);
    expect(pieces.filter(piece => piece === 'failed')).toHaveLength(1);
    expect(pieces[0]).toBe('done');
    expect(pieces.at(-1)).toBe('coming');
  });
});
