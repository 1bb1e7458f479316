import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { publishRoutes } from '../../../contract/share/publish.js';
import { RunningModel } from '../../../src/share/runningModel.js';
import { createMemory } from '../../../src/share/memory.js';
import { RunningList } from '../../../src/share/status/item.js';
import { TransProvider } from '../../../src/ui/trans.js';
import { setUp } from '../../support/fakeShare.js';

afterEach(cleanup);

async function running() {
  const world = setUp();
  world.lakeside.jobs.holdAt = 'upload';
  await world.model.refresh();
  const job = await world.model.publish({ title: 'T', unsaved: 'save' });
  return { ...world, job };
}

describe('the shares under way', () => {
  test('are there until they end, and remembered as long', async () => {
    const { running: model, remembered, lakeside, job } = await running();
    expect(model.state.running.map(each => each.name)).toEqual(['a.ipynb']);
    expect(remembered.jobs).toEqual([{ id: job.id, name: 'a.ipynb' }]);
    lakeside.jobs.release();
    await job.finished;
    await Promise.resolve();
    expect(model.state.running).toEqual([]);
    expect(remembered.jobs).toEqual([]);
  });

  test('are found again after a reload of the page', async () => {
    const { api, remembered, lakeside, now } = await running();
    const again = new RunningModel({ api, memory: { read: () => remembered.jobs, write: () => undefined }, now });
    const found = await again.recover();
    expect(found.map(each => each.name)).toEqual(['a.ipynb']);
    lakeside.jobs.release();
    expect((await found[0]!.job.finished).state).toBe('succeeded');
    await Promise.resolve();
    expect(again.state.running).toEqual([]);
  });

  test('are remembered before the server answers, and forgotten where it refuses', async () => {
    const { model, remembered, lakeside } = setUp();
    lakeside.jobs.holdAt = 'upload';
    await model.refresh();
    const { client } = lakeside;
    const call = client.call.bind(client);
    const seen: string[] = [];
    vi.spyOn(client, 'call').mockImplementation((route, input, options) => {
      if (route.id === publishRoutes.publish.id) seen.push(JSON.stringify(remembered.jobs));
      return call(route, input, options);
    });
    const job = await model.publish({ title: 'T', unsaved: 'save' });
    expect(seen).toEqual([JSON.stringify([{ id: job.id, name: 'a.ipynb' }])]);
    await job.cancel();
    await job.finished;
    await Promise.resolve();
    expect(remembered.jobs).toEqual([]);

    lakeside.failures.push({ id: publishRoutes.publish.id, error: new ProblemError('storage-full', 'Full.') });
    await expect(model.publish({ title: 'T', unsaved: 'save' })).rejects.toThrow('Full.');
    expect(remembered.jobs).toEqual([]);
  });

  test('that nobody knows any more are forgotten', async () => {
    const { api, now } = await running();
    const written: unknown[] = [];
    const memory = {
      read: () => [{ id: '01000000000000000000009999', name: 'old' }],
      write: (jobs: unknown) => void written.push(jobs)
    };
    expect(await new RunningModel({ api, memory, now }).recover()).toEqual([]);
    expect(written.at(-1)).toEqual([]);
  });

  test('are listed with step, bar and Cancel', async () => {
    const { running: model, job } = await running();
    render(
      <TransProvider trans={nullTranslator.load('lakeside')}>
        <RunningList running={model} />
      </TransProvider>
    );
    await screen.findByText(/Waiting for its turn|Rendering/);
    expect(screen.getByRole('progressbar', { name: 'Sharing a.ipynb' })).toBeTruthy();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Cancel sharing a.ipynb' })));
    await job.finished;
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('No share is running.'));
  });
});

describe('the memory', () => {
  test('keeps servers apart and survives what others wrote', () => {
    const one = createMemory('http://a/');
    const other = createMemory('http://b/');
    one.write([{ id: 'x', name: 'n' }]);
    expect(one.read()).toEqual([{ id: 'x', name: 'n' }]);
    expect(other.read()).toEqual([]);
    localStorage.setItem('jupyterlab-lakeside:http://b/:jobs', '[1, null, {"id": 2}, {"id": "y", "name": "m"}]');
    expect(other.read()).toEqual([{ id: 'y', name: 'm' }]);
    localStorage.setItem('jupyterlab-lakeside:http://b/:jobs', '{');
    expect(other.read()).toEqual([]);
    one.write([]);
    expect(localStorage.getItem('jupyterlab-lakeside:http://a/:jobs')).toBeNull();
  });
});
