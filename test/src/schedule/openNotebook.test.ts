import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { expect, test } from 'vitest';
import { CommandIDs } from '../../../src/commands.js';
import { openNotebook } from '../../../src/schedule/openNotebook.js';

const ID = '01JD7Z3QK8M5R2V9XWY4T6B0AC';

function start() {
  const opened: unknown[] = [];
  const commands = new CommandRegistry();
  commands.addCommand(CommandIDs.openLibraryPage, { execute: ({ page }) => opened.push({ page }) });
  const open = (path: string) =>
    openNotebook(path, {
      commands,
      trans: nullTranslator.load('lakeside'),
      openFile: file => Promise.resolve(opened.push({ file }))
    });
  return { opened, open };
}

test('a file opens as a file, a notebook of the Library as its page', async () => {
  const { opened, open } = start();
  await open('reports/a.ipynb');
  await open(`share://${ID}`);
  await open(`share://${ID}@3`);
  expect(opened).toEqual([
    { file: 'reports/a.ipynb' },
    { page: `library/notebooks/${ID}` },
    { page: `library/notebooks/${ID}` }
  ]);
});

test('one in a bucket opens nowhere, and a sentence says where it is', async () => {
  const { opened, open } = start();
  await expect(open('s3://team/a.ipynb')).rejects.toThrow('s3://team/a.ipynb');
  expect(opened).toEqual([]);
});
