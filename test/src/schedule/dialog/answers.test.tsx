import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { fakeId } from '../../../support/fakeLakeside.js';
import { runOf, specOf } from './support.js';
import { field, focused, open, press, type } from './view.js';

afterEach(cleanup);

describe('the notebook beside it', () => {
  test('with unsaved changes can be saved first, and is read again', async () => {
    const { fake, notebook } = await open(undefined, undefined, true);
    fake.form = { ...fake.form, parameters: [{ name: 'fresh', type: 'int', default: 1 }] };
    await press('Save notebook');
    expect(notebook.save).toHaveBeenCalledOnce();
    expect(await screen.findByLabelText('fresh')).toBeTruthy();
    expect(screen.queryByText(/not saved/)).toBeNull();
    expect(document.activeElement).toBe(field('Name'));
  });

  test('that cannot be saved says why', async () => {
    const { notebook } = await open(undefined, undefined, true);
    notebook.save.mockRejectedValueOnce(new Error('The disk is full.'));
    await press('Save notebook');
    expect(screen.getByText('The disk is full.')).toBeTruthy();
  });

  test('without changes is not spoken of', async () => {
    await open(undefined, undefined, false);
    expect(screen.queryByRole('button', { name: 'Save notebook' })).toBeNull();
  });
});

describe('a schedule that somebody else changed', () => {
  test('asks whose word counts', async () => {
    const { fake, onSaved } = await open(each => void each.add(), { kind: 'schedule', scheduleId: fakeId(1) });
    fake.add({ revision: 9, spec: specOf({ name: 'Theirs' }) });
    type(field('Name'), 'Mine');
    await press('Save changes');
    expect(screen.getByRole('alert').textContent).toMatch(/changed in another window/);
    expect(field('Name').value).toBe('Mine');
    await press('Save mine over it');
    expect(onSaved).toHaveBeenCalledWith(expect.objectContaining({ revision: 10 }));
  });

  test('theirs can be shown', async () => {
    const { fake } = await open(each => void each.add(), { kind: 'schedule', scheduleId: fakeId(1) });
    fake.add({ revision: 9, spec: specOf({ name: 'Theirs' }) });
    await press('Save changes');
    await press('Show that one');
    expect(field('Name').value).toBe('Theirs');
    expect(document.activeElement).toBe(field('Name'));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('Test now', () => {
  const cell = { type: 'cell', index: 2, cell: 2, of: 4, source: '1 / 0' } as const;

  test('shows how far it is, and what the cell prints', async () => {
    const { fake } = await open();
    await press('Test now');
    await act(async () =>
      fake.emit(
        { type: 'run', run: runOf('RUNNING') },
        { ...cell, state: 'running' },
        { type: 'output', index: 2, output: { output_type: 'stream', name: 'stdout', text: 'reading…' } }
      )
    );
    expect(await screen.findByText('Cell 2 of 4')).toBeTruthy();
    expect(screen.getByRole('progressbar', { name: 'Test run' }).getAttribute('aria-valuenow')).toBe('25');
    expect(screen.getByText('1 / 0')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Last output' }).textContent).toBe('reading…');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel' }));
    await press('Cancel');
    expect(await screen.findByText('Test run: cancelled')).toBeTruthy();
    await press('Back');
    expect(field('Name')).toBeTruthy();
  });

  test('that went well is saved from where it stands', async () => {
    const { fake, onSaved } = await open();
    await press('Test now');
    await act(async () => fake.emit({ type: 'run', run: runOf('SUCCEEDED') }));
    const save = await screen.findByRole('button', { name: 'Save schedule' });
    await focused(save);
    await press('Save schedule');
    expect(onSaved).toHaveBeenCalledOnce();
  });

  test('that failed shows the cell and opens the output', async () => {
    const { fake, onOpen } = await open();
    await press('Test now');
    const attempt = { number: 1, state: 'FAILED', startedAt: '2026-11-21T10:00:00.000Z', output: 'runs/a/b' } as const;
    await act(async () =>
      fake.emit(
        { ...cell, state: 'running' },
        {
          type: 'output',
          index: 2,
          output: { output_type: 'error', ename: 'ZeroDivisionError', evalue: 'division by zero', traceback: [] }
        },
        { ...cell, state: 'failed' },
        { type: 'run', run: runOf('FAILED', { reason: 'Cell 2 failed: ZeroDivisionError.', attempts: [attempt] }) }
      )
    );
    expect(await screen.findByText('Test run: failed')).toBeTruthy();
    expect(screen.getByText('Failed in cell 2 of 4')).toBeTruthy();
    expect(screen.getByText('Cell 2 failed: ZeroDivisionError.')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Last output' }).textContent).toBe('ZeroDivisionError: division by zero');
    await press('Open output');
    expect(onOpen).toHaveBeenCalledWith('runs/a/b');
    expect(screen.queryByRole('button', { name: 'Save schedule' })).toBeNull();
  });
});
