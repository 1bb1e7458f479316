import type { NotebookPanel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { CommandIDs } from '../../../src/commands.js';
import { ShareButtonBody } from '../../../src/share/toolbar/button.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

function show(showState = true) {
  const world = setUp();
  const commands = new CommandRegistry();
  const executed: [string, unknown][] = [];
  for (const id of Object.values(CommandIDs)) {
    commands.addCommand(id, { label: id, execute: args => void executed.push([id, args]) });
  }
  const panel = { context: { path: 'a.ipynb' } } as NotebookPanel;
  const trans = nullTranslator.load('lakeside');
  const props = { commands, model: world.model, panel, settings: null, trans };
  render(<ShareButtonBody {...props} showState={showState} />);
  return { ...world, commands, executed };
}

const main = () => screen.getByRole('button', { name: /^Share/ });
const share = async (world: ReturnType<typeof show>) => {
  await act(async () => {
    await world.model.refresh();
    await (
      await world.model.publish({ title: 'T', unsaved: 'save' })
    ).finished;
  });
};

describe('the Share button', () => {
  test('shares the notebook it belongs to', async () => {
    const { executed } = show();
    fireEvent.click(main());
    expect(executed).toEqual([[CommandIDs.share, { path: 'a.ipynb' }]]);
  });

  test('says how the notebook stands, for eyes and ears', async () => {
    const world = show();
    expect(main().getAttribute('aria-label')).toBe('Share');
    await share(world);
    expect(main().getAttribute('aria-label')).toBe('Share: Up to date');
    expect(main().title).toMatch(/^Up to date · version 1 · shared /);
    expect(main().querySelector('.jp-mod-current')).toBeTruthy();
    act(() => world.source.edit('two'));
    expect(main().getAttribute('aria-label')).toBe('Share: Changed since it was shared');
    expect(main().querySelector('.jp-mod-changed')).toBeTruthy();
  });

  test('shows a share under way with its step', async () => {
    const world = show();
    world.lakeside.jobs.holdAt = 'upload';
    await act(async () => {
      await world.model.refresh();
      await world.model.publish({ title: 'T', unsaved: 'save' });
    });
    expect(main().getAttribute('aria-label')).toBe('Share: Sharing');
    expect(main().querySelector('.jp-mod-busy')).toBeTruthy();
    expect(main().title).toMatch(/Rendering the page|Waiting/);
    await act(async () => {
      world.lakeside.jobs.release();
      await world.model.state.job?.finished;
    });
  });

  test('says why nobody can say', async () => {
    const world = show();
    world.lakeside.failures.push({ id: 'share.state', error: new ProblemError('node-missing', 'Install Node.js 24.') });
    await act(async () => {
      await world.model.refresh();
    });
    expect(main().title).toBe('Install Node.js 24.');
    expect(main().querySelector('.jp-mod-problem')).toBeTruthy();
  });

  test('without the state is only a button', async () => {
    const world = show(false);
    await share(world);
    expect(main().getAttribute('aria-label')).toBe('Share');
    expect(main().querySelector('svg.jp-LakesideShare-mark')).toBeNull();
  });
});

describe('its menu', () => {
  const labels = () =>
    [...document.querySelectorAll('.jp-LakesideShare-menu .lm-Menu-item[data-type="command"] .lm-Menu-itemLabel')].map(
      item => item.textContent
    );
  const more = () => screen.getByRole('button', { name: 'More about sharing' });

  test('offers the dialog', async () => {
    const world = show();
    await act(async () => {
      await world.model.refresh();
    });
    fireEvent.click(more());
    await vi.waitFor(() => expect(labels()).toEqual([CommandIDs.configure]));
  });

  test('offers what can be done with a page', async () => {
    const world = show();
    await share(world);
    fireEvent.click(more());
    await vi.waitFor(() =>
      expect(labels()).toEqual([
        CommandIDs.configure,
        CommandIDs.copyLink,
        CommandIDs.openPage,
        CommandIDs.openHistory,
        CommandIDs.download,
        CommandIDs.unshare
      ])
    );
  });
});
