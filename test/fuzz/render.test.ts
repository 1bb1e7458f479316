import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ProblemError } from '../../contract/problem.js';
import { createProcessRenderer } from '../../server/adapters/renderer-process/index.js';
import { findAssets } from '../../server/share/render/assets.js';
import { createRenderer } from '../../server/share/render/operations.js';
import type { Log } from '../../server/ports.js';
import type { Renderer } from '../../server/share/ports.js';
import { dose } from '../support/dose.js';
import { arbitraryFile, exampleNotebook, notebookBytes } from '../support/notebooks.js';
import { dangers } from '../support/harmless.js';
import { programs } from '../support/programs.js';

/** What a bad notebook may be answered with. */
const ALLOWED = ['not-a-notebook', 'notebook-version', 'notebook-too-complex', 'too-large'];
const STALL_MS = 2000;
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let work: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lakeside-fuzz-'));
});

beforeEach(() => {
  work = mkdtempSync(join(folder, 'work-'));
  file = join(folder, 'notebook.ipynb');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const local = (): Renderer =>
  createRenderer({ assets: findAssets(import.meta.dirname), maxNotebookBytes: 1024 ** 3, pythonPackages: undefined });

/** Renders a file; gives the code of the problem, `page` for a page. Anything else fails the test. */
async function outcome(renderer: Renderer, bytes: Buffer | undefined): Promise<string> {
  if (bytes) writeFileSync(file, bytes);
  const workDirectory = mkdtempSync(join(work, 'call-'));
  const started = performance.now();
  try {
    const { documentFile } = await renderer.prepare({ kind: 'ipynb', file }, { hideCode: false }, { workDirectory });
    expect(dangers(readFileSync(documentFile, 'utf8'))).toEqual([]);
    return 'page';
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    expect(ALLOWED).toContain(error.code);
    expect(error.message.length).toBeGreaterThan(20);
    expect(readdirSync(workDirectory).filter(name => name.endsWith('.body'))).toEqual([]);
    return error.code;
  } finally {
    expect(performance.now() - started).toBeLessThan(STALL_MS);
    rmSync(workDirectory, { recursive: true, force: true });
  }
}

test('generated and mutated notebooks become a page or a typed problem, quickly', async () => {
  const { runs, seed } = dose('render fuzz', { ci: 3000, full: 20_000 });
  const renderer = local();
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(arbitraryFile(), async bytes => {
      const code = await outcome(renderer, bytes);
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }),
    { numRuns: runs, seed }
  );
  console.log('render fuzz:', Object.fromEntries(seen));
  // A generator that makes nothing readable, or nothing broken, would prove nothing.
  expect(seen.get('page')).toBeGreaterThan(runs / 10);
  expect(seen.get('not-a-notebook')).toBeGreaterThan(runs / 10);
});

describe('in the child process', () => {
  let renderer: Renderer;

  beforeAll(async () => {
    renderer = createProcessRenderer({
      program: join(programs, 'renderer.js'),
      memoryMb: 512,
      timeoutSeconds: 20,
      maxNotebookBytes: 200 * 1024 * 1024,
      poolSize: 2,
      idleSeconds: 30,
      pythonPackages: undefined,
      log: quiet
    });
    await outcome(renderer, notebookBytes(exampleNotebook()));
  });

  afterAll(() => renderer.close());

  test('the same files end the same way', async () => {
    const { runs, seed } = dose('render fuzz in the child', { ci: 150, full: 1000 });
    await fc.assert(
      fc.asyncProperty(arbitraryFile(), async bytes => {
        expect(await outcome(renderer, bytes)).toBe(await outcome(local(), bytes));
      }),
      { numRuns: runs, seed }
    );
  });

  test.each([
    ['100,000 levels deep', 'notebook-too-complex', nested(100_000)],
    ['half a surrogate pair', 'page', JSON.stringify({ cells: [{ cell_type: 'markdown', source: '# \ud83d x' }] })],
    [
      '__proto__ everywhere',
      'page',
      '{"__proto__":{"cells":1},"cells":[{"__proto__":{"source":"x"},"cell_type":"code","outputs":[{"output_type":"display_data","data":{"__proto__":"x"}}],"metadata":{"__proto__":[]}}],"metadata":{"__proto__":{"x":1}},"nbformat":4}'
    ],
    ['nbformat 2', 'notebook-version', '{"nbformat":2,"nbformat_minor":0,"worksheets":[{"cells":[]}],"metadata":{}}'],
    ['nbformat 5', 'notebook-version', '{"nbformat":5,"cells":[],"metadata":{}}'],
    ['cut off', 'not-a-notebook', '{"cells":[{"cell_type":"code","outputs":[{"output_type":"stream","text":["a",'],
    [
      'no kernel metadata, repeated ids, missing attachments',
      'page',
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        cells: [
          { id: 'a', cell_type: 'markdown', source: '![x](attachment:x.png)' },
          { id: 'a', cell_type: 'code', source: 1 }
        ]
      })
    ],
    ['not JSON', 'not-a-notebook', 'import pandas as pd'],
    ['empty', 'not-a-notebook', '']
  ])('%s: %s', async (_, code, text) => {
    expect(await outcome(renderer, Buffer.from(text))).toBe(code);
  });

  test('a file of 1 GB is refused by its size, before it is read', async () => {
    const descriptor = openSync(file, 'w');
    ftruncateSync(descriptor, 1024 ** 3);
    closeSync(descriptor);
    expect(await outcome(renderer, undefined)).toBe('too-large');
  });
});

function nested(depth: number): string {
  return `{"nbformat":4,"cells":[{"cell_type":"code","source":"","metadata":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}]}`;
}
