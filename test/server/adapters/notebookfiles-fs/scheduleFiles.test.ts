import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createScheduleFiles } from '../../../../server/adapters/notebookfiles-fs/scheduleFiles.js';
import { scratch } from '../../../support/scratch.js';

function place() {
  const folder = scratch('lakeside-schedule-files');
  const [root, pins] = [join(folder, 'notebooks'), join(folder, 'pins')];
  mkdirSync(root);
  writeFileSync(join(root, 'a.ipynb'), 'one');
  return { folder, root, pins, files: createScheduleFiles({ kind: 'folder', path: root, allowHidden: false }, pins) };
}

test('a pinned notebook stays as it was, until it is taken away', async () => {
  const { root, pins, files } = place();
  await files.pin(await files.notebook(root, 'a.ipynb'), 'copy');
  writeFileSync(join(root, 'a.ipynb'), 'two');
  expect(readFileSync(files.pinned('copy'), 'utf8')).toBe('one');
  expect(readdirSync(pins)).toEqual(['copy.ipynb']);
  await expect(files.notebook(root, 'gone.ipynb')).rejects.toMatchObject({ code: 'file-not-found' });
  await files.unpin('copy');
  await files.unpin('copy');
  expect(existsSync(files.pinned('copy'))).toBe(false);
});

test('outputs and notebooks stay below the root', async () => {
  const { folder, root, files } = place();
  symlinkSync(folder, join(root, 'out'));
  await expect(files.output(root, 'out/runs')).rejects.toMatchObject({ code: 'path-refused' });
  await expect(files.output(root, '../runs')).rejects.toMatchObject({ code: 'path-refused' });
  await expect(files.notebook(root, '../a.ipynb')).rejects.toMatchObject({ code: 'path-refused' });
  const made = await files.output(root, 'runs/x');
  writeFileSync(join(made, 'run.json'), '{}');
  expect(await files.result(root, 'runs/x', 'run.json')).toBe(join(made, 'run.json'));
  expect(await files.result(root, 'runs/x', 'none')).toBeUndefined();
  expect(await files.result(root, 'out', 'none')).toBeUndefined();
});
