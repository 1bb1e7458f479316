import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { DeletedModel } from '../../../src/history/deletedModel.js';
import { HistoryModel } from '../../../src/history/historyModel.js';
import { FakeHistory, notebook, versionOf } from './support.js';

function made(of: { path: string } | { historyId: string } = { path: 'work/a.ipynb' }) {
  const fake = new FakeHistory();
  return { fake, model: new HistoryModel(fake.client, of) };
}

const settled = (model: HistoryModel) => vi.waitFor(() => expect(model.state.diff?.phase).not.toBe('loading'));

test('the newest version is chosen and compared with the one before it', async () => {
  const { fake, model } = made();
  await model.refresh();
  await settled(model);
  expect(model.state).toMatchObject({ phase: 'ready', selected: versionOf(3).versionId, against: 'before' });
  expect(model.state.diff?.diff).toMatchObject({ versionId: versionOf(3).versionId, against: versionOf(2).versionId });
  expect(fake.calls[0]).toContain('path=work%2Fa.ipynb');
});

test('what is chosen stays when something new is saved; the newest one moves on', async () => {
  const { fake, model } = made();
  await model.refresh();
  fake.versions.unshift(versionOf(4));
  await model.refresh();
  expect(model.version?.versionId).toBe(versionOf(4).versionId);
  model.select(versionOf(2).versionId);
  fake.versions.unshift(versionOf(5));
  await model.refresh();
  expect(model.version?.versionId).toBe(versionOf(2).versionId);
});

test('compared with now, the chosen one is the older side', async () => {
  const { fake, model } = made();
  await model.refresh();
  model.select(versionOf(1).versionId);
  model.compareWith('now');
  await settled(model);
  expect(fake.calls.at(-1)).toContain(`/versions/${versionOf(3).versionId}/diff?against=${versionOf(1).versionId}`);
});

test('older versions are added at the end, and stay when the newest are loaded again', async () => {
  const { fake, model } = made();
  fake.pageSize = 2;
  await model.refresh();
  expect(model.state.versions).toHaveLength(2);
  await model.more();
  expect(model.state.versions).toHaveLength(3);
  expect(model.state.next).toBeUndefined();
  await model.refresh();
  expect(model.state.versions).toHaveLength(3);
  expect(model.state.next).toBeUndefined();
});

test('a failure shows its sentence; what was there before stays', async () => {
  const { fake, model } = made();
  fake.failure = new ProblemError('unavailable', 'Lakeside is not running.');
  await model.refresh();
  expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'Lakeside is not running.' } });
  await model.refresh();
  expect(model.state.phase).toBe('ready');
  fake.failure = new ProblemError('unavailable', 'Gone again.');
  await model.refresh();
  expect(model.state).toMatchObject({ phase: 'ready', error: { message: 'Gone again.' } });
  expect(model.state.versions).toHaveLength(3);
  fake.failure = new ProblemError('render-failed', 'It cannot be compared.');
  model.select(versionOf(1).versionId);
  await settled(model);
  expect(model.state.diff).toMatchObject({ phase: 'failed', error: { message: 'It cannot be compared.' } });
});

test('an answer that comes late changes nothing', async () => {
  const { model } = made();
  await model.refresh();
  model.select(versionOf(1).versionId);
  model.select(versionOf(2).versionId);
  await settled(model);
  expect(model.state.diff?.diff?.versionId).toBe(versionOf(2).versionId);
});

test('a notebook without versions is told apart from a server without history', async () => {
  const { fake, model } = made();
  fake.versions = [];
  fake.enabled = false;
  await model.refresh();
  expect(model.state).toMatchObject({ phase: 'ready', enabled: false, versions: [] });
  expect(model.state.diff).toBeUndefined();
});

test('a deleted notebook that is brought back leaves the list', async () => {
  const fake = new FakeHistory();
  fake.deleted = [{ ...notebook, deletedAt: '2026-01-06T12:00:00.000Z' }];
  const model = new DeletedModel(fake.client);
  await model.refresh();
  const back = model.bringBack(notebook.historyId);
  expect(model.state.busy.has(notebook.historyId)).toBe(true);
  expect(await back).toBe(notebook.path);
  expect(model.state).toMatchObject({ notebooks: [], phase: 'ready' });
  expect(model.state.busy.size).toBe(0);
  fake.deleted = [{ ...notebook, deletedAt: '2026-01-06T12:00:00.000Z' }];
  await model.refresh();
  fake.failure = new ProblemError('storage-full', 'No room.');
  await expect(model.bringBack(notebook.historyId)).rejects.toThrow('No room.');
  expect(model.state.notebooks).toHaveLength(1);
  expect(model.state.busy.size).toBe(0);
});
