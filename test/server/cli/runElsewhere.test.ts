import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lakeside, pythonVariables } from '../../support/cli/lakeside.js';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
beforeEach(() => {
  folder = scratch('lakeside-run-elsewhere');
  mkdirSync(join(folder, 'tmp'));
});

const run = (...args: string[]) => lakeside(folder, args, { ...pythonVariables, TMPDIR: join(folder, 'tmp') });
const read = (...parts: string[]): string => readFileSync(join(folder, ...parts), 'utf8');
const write = (name: string, ...sources: string[]): void =>
  writeFileSync(join(folder, name), JSON.stringify(notebookOf(sources.map(source => codeCell(source)))));

interface Shared {
  notebookId: string;
  versionId: string;
}

async function share(): Promise<Shared> {
  const { code, out, err } = await run('share', 'a.ipynb', '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out) as Shared;
}

test('lakeside run takes a notebook of a real Library: the newest version, or the one that is named', async () => {
  write('a.ipynb', 'print("version", 1)');
  const first = await share();
  write('a.ipynb', 'print("version", 2)', 'import os\nprint("works in", os.getcwd())');
  const second = await share();
  const at = `share://${first.notebookId}`;

  const newest = await run('run', at, '--out', 'newest');
  expect(newest, newest.err).toMatchObject({ code: 0, out: `${join(folder, 'newest')}\n` });
  expect(read('newest', 'output.ipynb')).toContain('version 2');
  expect(read('newest', 'output.ipynb')).toContain(`works in ${folder}`);
  expect(read('newest', 'output.html')).toContain('version 2');
  expect(JSON.parse(read('newest', 'run.json'))).toMatchObject({ exitCode: 0, notebook: `${at}@${second.versionId}` });

  const older = await run('run', `${at}@1`, '--json');
  const told = JSON.parse(older.out) as { folder: string; run: { notebook: string } };
  expect(told.run.notebook).toBe(`${at}@${first.versionId}`);
  expect(readFileSync(join(told.folder, 'output.ipynb'), 'utf8')).toContain('version 1');
  expect(read('a.ipynb')).toContain('2');
  expect(readdirSync(join(folder, 'tmp')).filter(name => name.startsWith('lakeside-notebook-'))).toEqual([]);

  expect((await run('library', 'delete', first.notebookId)).code).toBe(0);
  const deleted = await run('run', at, '--out', 'deleted');
  expect(deleted.err).toContain('was taken out of the Library');
  expect(deleted.code).toBe(15);
  expect(existsSync(join(folder, 'deleted'))).toBe(false);
}, 180_000);

test.each([
  [['share://nothing'], 2, /must be share:\/\/ and the id/],
  [['s3://team'], 2, /must end in \.ipynb/],
  [['https://example.org/a.ipynb'], 2, /must be a path, share:/],
  [['s3://team/a.ipynb'], 15, /names no buckets/],
  [['a.ipynb', '--out', 's3://team'], 2, /--out must have the name of a bucket and a key/],
  [['a.ipynb', '--out', 's3://team/{{ ds }}/'], 2, /--out must be a place, without macros/],
  [['a.ipynb', '--out', 's3://team/x/'], 2, /names no buckets/]
])('what cannot be reached runs nothing: %j', async (args, code, sentence) => {
  write('a.ipynb', 'open("it-ran", "w")');
  const ended = await run('run', ...args);
  expect(ended.err).toMatch(sentence);
  expect(ended.code).toBe(code);
  expect(existsSync(join(folder, 'it-ran'))).toBe(false);
  expect(existsSync(join(folder, 'runs'))).toBe(false);
});

test('files of schedules may name such notebooks; push refuses those that are not there', async () => {
  write('a.ipynb', 'print(1)');
  const { notebookId } = await share();
  mkdirSync(join(folder, 'sub'));
  const file = (path: string) =>
    writeFileSync(
      join(folder, 'sub', 'lakeside.yml'),
      `schedules:\n  - name: Morning\n    notebook: { path: "${path}" }\n    when: { cron: "30 7 * * *" }\n`
    );
  file(`share://${notebookId}@1`);
  expect((await run('schedule', 'validate', 'sub/lakeside.yml')).code).toBe(0);
  const pushed = await run('schedule', 'push', 'sub/lakeside.yml', '--json');
  expect(pushed.code, pushed.err).toBe(0);
  expect(JSON.parse((await run('schedule', 'push', 'sub/lakeside.yml', '--json')).out)).toMatchObject({
    schedules: [{ outcome: 'unchanged' }]
  });
  file(`share://${notebookId}@9`);
  const wrong = await run('schedule', 'push', 'sub/lakeside.yml');
  expect(wrong.err).toContain('has no version 9');
  expect(wrong.code).not.toBe(0);
  file('share://x');
  const bad = await run('schedule', 'validate', 'sub/lakeside.yml');
  expect(bad).toMatchObject({ code: 2, out: expect.stringContaining('line 3') as string });
}, 180_000);
