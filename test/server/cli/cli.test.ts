import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { programs } from '../../support/programs.js';

const example = resolve('examples/delays-in-new-york-2013.ipynb');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakeside-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs the CLI as its console script does, in a scratch folder on a scratch home. */
function lakeside(...args: string[]): Promise<Ended> {
  return new Promise(done => {
    const env = { PATH: process.env['PATH'], HOME: folder, LAKESIDE_HOME: join(folder, 'home'), TZ: 'UTC' };
    const child = spawn(process.execPath, [join(programs, 'cli.js'), ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe']
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('close', code => done({ code, out, err }));
  });
}

function write(name: string, notebook: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof notebook === 'string' ? notebook : JSON.stringify(notebook));
  return file;
}

const notebook = (source: string, id?: string) => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: id === undefined ? {} : { lakeside: { id } },
  cells: [
    { cell_type: 'markdown', id: 'a', metadata: {}, source: '# Tides\nwater levels' },
    { cell_type: 'code', id: 'b', metadata: {}, source, outputs: [], execution_count: null }
  ]
});

describe('lakeside render', () => {
  test('writes one self-contained page and leaves nothing else behind', async () => {
    const result = await lakeside('render', example, '--out', 'page.html');
    expect(result).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readdirSync(folder)).toEqual(['page.html']);
  });

  test('writes the same bytes to standard output, and makes no home', async () => {
    await lakeside('render', example, '--out', 'page.html');
    const result = await lakeside('render', example);
    expect(result.out).toBe(readFileSync(join(folder, 'page.html'), 'utf8'));
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  test('hides code when asked', async () => {
    const shown = await lakeside('render', write('a.ipynb', notebook('tide = 1')));
    const hidden = await lakeside('render', 'a.ipynb', '--hide-code');
    expect(hidden.code).toBe(0);
    expect(hidden.out).not.toBe(shown.out);
    expect(hidden.out).toContain('<details');
  });

  test('a failed rendering leaves the old page as it was', async () => {
    write('page.html', 'old');
    const result = await lakeside('render', write('bad.ipynb', '{"cells": ['), '--out', 'page.html');
    expect(result.code).toBe(2);
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['bad.ipynb', 'page.html']);
  });
});

describe('bad input ends with 2 and one sentence', () => {
  test.each([
    [['render', 'missing.ipynb'], /missing\.ipynb/],
    [['render', '.'], /is not a file/],
    [['render'], /Write: lakeside render NB/],
    [['render', 'a', 'b'], /"b" is one too many/],
    [['render', 'x', '--hide-cod'], /--hide-cod.*Write: lakeside render/],
    [['shere', 'x'], /no command "shere"/],
    [['share', 'missing.ipynb'], /missing\.ipynb/],
    [['share', 'x', '--hide-code', '--show-code'], /exclude each other/],
    [['share', 'x', '--to', 'data', '--on-conflict', 'guess'], /merge, overwrite, new or fail/],
    [['library', 'lst'], /no "lakeside library lst"/],
    [['library', 'show', '01M7YXAS9Q8E2ZFJA3XFT0RRR1'], /no .*notebook|not.*Library/i],
    [['library', 'show', 'what'], /neither the id/],
    [['library', 'list', '--limit', '0'], /limit/]
  ])('%j', async (args, sentence) => {
    const result = await lakeside(...args);
    expect(result.err).toMatch(sentence);
    expect(result.err.trim().split('\n')).toHaveLength(1);
    expect(result).toMatchObject({ code: 2, out: '' });
  });

  test.each([
    ['not JSON', 'hello', /not a notebook|JSON/i],
    ['truncated', '{"nbformat": 4, "cells": [{"cell_type": "co', /./],
    ['nbformat 2', { nbformat: 2, worksheets: [] }, /2/],
    ['a list', [], /./]
  ])('%s, and nothing is shared', async (_, content, sentence) => {
    const result = await lakeside('share', write('bad.ipynb', content));
    expect(result.err).toMatch(sentence);
    expect(result.err).toContain('lakeside: ');
    expect(result.code).toBe(2);
    expect((await lakeside('library', 'list')).out).toContain('The Library is empty');
  });

  test('a misspelt variable is named with the right one', async () => {
    const env = { PATH: process.env['PATH'], HOME: folder, LAKESIDE_HOEM: folder };
    const child = spawn(process.execPath, [join(programs, 'cli.js'), 'library', 'list'], {
      env,
      stdio: ['ignore', 'ignore', 'pipe']
    });
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const code = await new Promise(done => child.once('close', done));
    expect(err).toContain('Did you mean LAKESIDE_HOME?');
    expect(code).toBe(2);
  });
});

describe('share and library', () => {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the program printed; the tests look into it
  const json = async (...args: string[]): Promise<Record<string, any>> => {
    const result = await lakeside(...args, '--json');
    expect(result.err).toBe('');
    return JSON.parse(result.out) as Record<string, unknown>;
  };

  test('the life of a notebook', async () => {
    const file = write('tides.ipynb', notebook('tide = 1'));
    const first = await json('share', file, '--tag', 'water', '--tag', 'sea', '--title', 'Tides of 2013');
    expect(first).toMatchObject({ outcome: 'created', versionNumber: 1, title: 'Tides of 2013' });
    expect(first.objectWrites).toBeGreaterThan(0);

    expect(await json('share', file)).toMatchObject({
      outcome: 'unchanged',
      objectWrites: 0,
      bytesWritten: 0,
      title: 'Tides of 2013'
    });

    write('tides.ipynb', notebook('tide = 2'));
    expect(await json('share', file)).toMatchObject({
      outcome: 'updated',
      versionNumber: 2,
      notebookId: first.notebookId
    });
    expect(await json('share', file, '--title', 'Tides')).toMatchObject({ outcome: 'details', versionNumber: 2 });

    const list = await json('library', 'list', '--tag', 'water');
    expect(list.items).toMatchObject([
      { notebookId: first.notebookId, title: 'Tides', versions: 2, tags: ['water', 'sea'] }
    ]);
    expect((await json('library', 'search', 'water', 'lev')).total).toBe(1);
    expect((await json('library', 'search', 'nowhere')).total).toBe(0);

    expect(
      (await json('library', 'versions', file)).versions.map((version: { number: number }) => version.number)
    ).toEqual([2, 1]);
    expect(await json('library', 'diff', file, '1', '2')).toMatchObject({
      changed: 1,
      unchanged: 1,
      added: 0,
      removed: 0
    });
    expect((await lakeside('library', 'diff', file)).out).toMatch(/\[-1-\]\{\+2\+\}/);

    const fork = await json('library', 'fork', first.notebookId, '--version', '1');
    expect(fork.file).toBe(join(folder, 'Tides of 2013.ipynb'));
    const copy = JSON.parse(readFileSync(fork.file, 'utf8'));
    expect(copy.metadata.lakeside).toBeUndefined();
    expect(copy.cells[1].source).toEqual(['tide = 1']);
    expect((await json('library', 'fork', first.notebookId)).file).toBe(join(folder, 'Tides.ipynb'));
    expect((await json('library', 'fork', first.notebookId)).file).toBe(join(folder, 'Tides-1.ipynb'));
    const refused = await lakeside('library', 'fork', first.notebookId, '--out', 'Tides.ipynb');
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.err).toContain('exists already');
    expect(readdirSync(folder).filter(name => name.startsWith('.lakeside'))).toEqual([]);

    expect(await json('library', 'delete', file)).toMatchObject({ notebookId: first.notebookId });
    expect((await json('library', 'list')).total).toBe(0);
    expect((await json('library', 'list', '--deleted')).items[0].purgeAt).toBeDefined();
    await json('library', 'restore', first.notebookId);
    expect((await json('library', 'list')).total).toBe(1);
  });

  test('a copy asks which page it means, and both answers work', async () => {
    const id = '01M7YXAS9Q8E2ZFJA3XFT0RRR1';
    const original = write('a.ipynb', notebook('a = 1', id));
    const copy = write('b.ipynb', notebook('a = 2', id));
    expect(await json('share', original)).toMatchObject({ notebookId: id });
    const asked = await lakeside('share', copy);
    expect(asked.code).toBe(2);
    expect(asked.err).toMatch(/--update|--new|same id/);
    const apart = await json('share', copy, '--new');
    expect(apart).toMatchObject({ outcome: 'created', versionNumber: 1 });
    expect(apart.notebookId).not.toBe(id);
    expect((await json('library', 'list')).total).toBe(2);
  });

  test('sixteen at once: each is shared once', async () => {
    const files = Array.from({ length: 16 }, (_, index) => write(`n${index % 8}.ipynb`, notebook(`n = ${index % 8}`)));
    const results = await Promise.all(files.map(file => lakeside('share', file, '--json')));
    expect(results.map(result => result.err).join('')).toBe('');
    expect(results.every(result => result.code === 0)).toBe(true);
    const list = await json('library', 'list');
    expect(list.total).toBe(8);
    expect(list.items.every((item: { versions: number }) => item.versions === 1)).toBe(true);
  }, 120_000);
});

describe('lakeside doctor', () => {
  test('says what is well and ends with 0', async () => {
    const { code, out } = await lakeside('doctor', '--json');
    const report = JSON.parse(out);
    expect(report.checks.map((check: { name: string }) => check.name)).toEqual([
      'settings',
      'configuration',
      'node',
      'python',
      'storage',
      'object store',
      'library',
      'history',
      'rendering'
    ]);
    expect(report.checks.filter((check: { state: string }) => check.state === 'failed')).toEqual([]);
    expect(code).toBe(0);
  });

  test('says which configuration file was read, and what is wrong in it', async () => {
    const file = join(folder, '.config', 'lakeside', 'config.yml');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `library:\n  kind: files\n  directory: ${join(folder, 'shared')}\n`);
    const well = await lakeside('doctor');
    expect(well.out).toContain(`configuration read ${file}: library from ${file}`);
    expect(well.code).toBe(0);
    expect(readdirSync(folder)).toContain('shared');

    writeFileSync(file, 'library:\n  kind: files\n  directroy: /x\n');
    const { code, out } = await lakeside('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(
      /✗ configuration .*config\.yml, line 3: there is no key library\.directroy\. Did you mean directory/
    );
    expect(await lakeside('library', 'list')).toMatchObject({ code: 2, out: '' });
  });

  test('names what is broken and ends with 1', async () => {
    writeFileSync(join(folder, 'home'), 'a file where the folder should be');
    const { code, out } = await lakeside('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/✗ storage/);
  });
});
