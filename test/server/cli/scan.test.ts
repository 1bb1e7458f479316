import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { MARK } from '../../../server/share/gate/mask.js';
import { codeCell, notebookOf, stream } from '../../support/notebooks.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

const password = ['Winter', '2031!'].join('');
const inUse = ['correct', 'horse', '9'].join('-');

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A folder with its own home in which the CLI is run. */
function place() {
  const folder = scratch('lakeside-scan');
  return {
    folder,
    write: (name: string, notebook: unknown) =>
      writeFileSync(join(folder, name), typeof notebook === 'string' ? notebook : JSON.stringify(notebook)),
    lakeside: (...args: string[]): Promise<Ended> =>
      new Promise(done => {
        const env = {
          PATH: process.env['PATH'],
          HOME: folder,
          LAKESIDE_HOME: join(folder, 'home'),
          DB_PASSWORD: inUse
        };
        const child = spawn(process.execPath, [join(programs, 'cli.js'), ...args], { cwd: folder, env });
        let out = '';
        let err = '';
        child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
        child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
        child.once('close', code => done({ code, out, err }));
      })
  };
}

const leaky = notebookOf([codeCell('x = 1'), codeCell(`password = "${password}"`, [stream(`it is ${inUse}\n`)])]);

test('scan: 0 clean, 1 with findings, 2 where a file cannot be read; never the secret', async () => {
  const { lakeside, write } = place();
  write('leaky.ipynb', leaky);
  write('broken.ipynb', `{"cells": [{"source": "${password}"`);
  const clean = await lakeside('scan', resolve('examples/when-to-visit-seattle.ipynb'));
  expect(clean).toEqual({ code: 0, out: '', err: '' });

  const found = await lakeside('scan', 'leaky.ipynb');
  expect(found).toMatchObject({ code: 1, err: '' });
  expect(found.out.split('\n')).toEqual([
    expect.stringMatching(/^leaky\.ipynb: cell 2, source, line 1: Password: password = "… \[[0-9a-f]{24}\]$/),
    expect.stringMatching(/^leaky\.ipynb: cell 2, output, line 1: Your current secret from the variable DB_PASSWORD: /),
    ''
  ]);

  const both = await lakeside('scan', 'leaky.ipynb', 'broken.ipynb', 'missing.ipynb');
  expect(both.code).toBe(2);
  expect(both.out).toBe(found.out);
  expect(both.err).toMatch(/broken\.ipynb: This is not a notebook[^]*missing\.ipynb/);
  for (const said of [found, both]) {
    expect(said.out + said.err).not.toContain(password);
    expect(said.out + said.err).not.toContain(inUse);
  }
});

test('scan --json tells the same to programs', async () => {
  const { lakeside, write } = place();
  write('leaky.ipynb', leaky);
  const { code, out } = await lakeside('scan', 'leaky.ipynb', 'missing.ipynb', '--json');
  expect(code).toBe(2);
  const { files } = JSON.parse(out) as { files: unknown[] };
  expect(files).toMatchObject([
    {
      path: 'leaky.ipynb',
      total: 2,
      findings: [
        { rule: 'password', part: 'source', line: 1, cell: { index: 1 } },
        { rule: 'live', severity: 'certain', part: 'output' }
      ]
    },
    { path: 'missing.ipynb', problem: { code: 'file-not-found' } }
  ]);
  expect(out).not.toContain(inUse);
});

test('share redacts by itself, and lets stand what is said to be no secret, with a reason', async () => {
  const { lakeside, write, folder } = place();
  write('leaky.ipynb', leaky);
  const { out } = await lakeside('scan', 'leaky.ipynb', '--json');
  const [first] = (JSON.parse(out) as { files: { findings: { fingerprint: string }[] }[] }).files[0]!.findings;
  const fingerprint = first!.fingerprint;

  const shared = await lakeside('share', 'leaky.ipynb');
  expect(shared).toMatchObject({ code: 0 });
  expect(shared.err).toContain('2 possible secrets were redacted in the published copy.');
  await lakeside('library', 'fork', 'leaky.ipynb', '--out', 'one.ipynb');
  const one = readFileSync(join(folder, 'one.ipynb'), 'utf8');
  expect(one).toContain(MARK);
  expect(one).not.toContain(password);

  expect(await lakeside('share', 'leaky.ipynb', '--not-a-secret', fingerprint)).toMatchObject({ code: 2 });
  const again = await lakeside('share', 'leaky.ipynb', '--not-a-secret', fingerprint, '--reason', 'the sandbox');
  expect(again.err).toContain('1 possible secret was redacted');
  await lakeside('library', 'fork', 'leaky.ipynb', '--out', 'two.ipynb');
  const two = readFileSync(join(folder, 'two.ipynb'), 'utf8');
  expect(two).toContain(password);
  expect(two).not.toContain(inUse);
  const known = await lakeside('scan', 'leaky.ipynb');
  expect(known.out).toContain('(not a secret: the sandbox)');
  expect(known.code).toBe(1);
  expect(JSON.parse(readFileSync(join(folder, 'leaky.ipynb'), 'utf8'))).toEqual(leaky);
});
