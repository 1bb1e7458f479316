import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { expect, test } from 'vitest';
import { createDrives } from '../../../../src/share/source/drives.js';
import { NotebookSource } from '../../../../src/share/source/notebookSource.js';

const drives = createDrives(
  {
    driveName: path => (path.includes(':') ? path.split(':')[0]! : ''),
    localPath: path => path.split(':').at(-1)!
  },
  () => true
);

/** A notebook panel, as far as a source looks at it. */
function open(path = 'folder/Delays.ipynb') {
  const owner = {};
  const signal = () => new Signal<object, unknown>(owner);
  const metadata: Record<string, unknown> = {};
  const cells = [
    { cell_type: 'code', getSource: () => '# not a heading' },
    { cell_type: 'markdown', getSource: () => 'Hello\n# Delays in New York' }
  ];
  const model = {
    dirty: false,
    readOnly: false,
    contentChanged: signal(),
    stateChanged: signal(),
    sharedModel: { cells },
    getMetadata: (key: string) => metadata[key],
    setMetadata: (key: string, value: unknown) => {
      metadata[key] = value;
      model.contentChanged.emit(undefined);
    },
    toString: () => '{"cells":[]}'
  };
  const context = {
    path,
    localPath: path.split(':').at(-1)!,
    model,
    contentsModel: { writable: true } as { writable: boolean } | null,
    pathChanged: signal(),
    saveState: signal(),
    fileChanged: signal(),
    save: async () => {
      context.saveState.emit('completed');
    }
  };
  const panel = { context, disposed: signal(), sessionContext: {} };
  const source = new NotebookSource({ panel: panel as unknown as NotebookPanel, drives, recordPackages: () => true });
  const changes: string[] = [];
  source.changed.connect((_, change) => changes.push(change));
  return { source, panel, context, model, metadata, changes };
}

test('names itself by its first heading, else by its file', () => {
  const { source, model } = open();
  expect(source.suggestedTitle).toBe('Delays in New York');
  model.sharedModel.cells.length = 0;
  expect(source.suggestedTitle).toBe('Delays');
});

test('adopts an id once and keeps what else is there', () => {
  const { source, metadata, changes } = open();
  metadata['lakeside'] = { other: 1 };
  expect(source.adopt('ID')).toBe(true);
  expect(metadata['lakeside']).toEqual({ other: 1, id: 'ID' });
  expect(source.metadataId).toBe('ID');
  expect(changes).toEqual(['content']);
  expect(source.adopt('ID')).toBe(false);
  expect(changes).toHaveLength(1);
});

test.each([[null], ['text'], [[1]], [{ id: 7 }]])('metadata %j has no id', value => {
  const { source, metadata } = open();
  metadata['lakeside'] = value;
  expect(source.metadataId).toBeUndefined();
  expect(source.adopt('ID')).toBe(true);
  expect(source.metadataId).toBe('ID');
});

test('tells apart what happened', async () => {
  const { source, context, model, changes } = open();
  model.contentChanged.emit(undefined);
  model.stateChanged.emit({ name: 'dirty' });
  model.stateChanged.emit({ name: 'readOnly' });
  context.saveState.emit('started');
  await source.save();
  context.pathChanged.emit('b.ipynb');
  expect(changes).toEqual(['content', 'content', 'saved', 'path']);
  expect(source.revision).toBe(1);
});

test('is writable unless its file or its model is not', () => {
  const { source, context, model } = open();
  expect(source.writable).toBe(true);
  context.contentsModel = { writable: false };
  expect(source.writable).toBe(false);
  context.contentsModel = null;
  expect(source.writable).toBe(true);
  model.readOnly = true;
  expect(source.writable).toBe(false);
});

test.each([
  ['a.ipynb', 'a.ipynb', false],
  ['RTC:a.ipynb', 'a.ipynb', false],
  ['S3:bucket/a.ipynb', 'S3:bucket/a.ipynb', true]
])('%s: path %s, remote %s', (path, known, remote) => {
  const { source } = open(path);
  expect(source.path).toBe(known);
  expect(source.remote).toBe(remote);
});

test('where the server’s contents are no files, everything is remote', () => {
  const none = createDrives({ driveName: () => '', localPath: path => path }, () => false);
  expect(none.isRemote('a.ipynb')).toBe(true);
});

test('ends with its panel', () => {
  const { source, panel, model, changes } = open();
  panel.disposed.emit(undefined);
  expect(source.isDisposed).toBe(true);
  model.contentChanged.emit(undefined);
  expect(changes).toEqual([]);
});
