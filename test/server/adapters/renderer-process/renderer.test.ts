import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProcessRenderer } from '../../../../server/adapters/renderer-process/index.js';
import type { Log } from '../../../../server/ports.js';
import type { Renderer } from '../../../../server/share/ports.js';
import { programs } from '../../../support/programs.js';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
let folder: string;
let renderer: Renderer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lakeside-renderer-'));
  renderer = createProcessRenderer({
    program: join(programs, 'renderer.js'),
    memoryMb: 512,
    timeoutSeconds: 20,
    maxNotebookBytes: 64 * 1024 * 1024,
    poolSize: 2,
    idleSeconds: 5,
    pythonPackages: undefined,
    log: quiet
  });
});

afterAll(async () => {
  await renderer.close();
  rmSync(folder, { recursive: true, force: true });
});

test('renders a notebook in a child process', async () => {
  const file = join(folder, 'one.ipynb');
  writeFileSync(
    file,
    JSON.stringify({ cells: [{ cell_type: 'markdown', metadata: {}, source: '# Hello' }], metadata: {}, nbformat: 4 })
  );
  const workDirectory = mkdtempSync(join(folder, 'work-'));
  const page = await renderer.document({ kind: 'ipynb', file }, { hideCode: false }, { workDirectory });
  expect(readFileSync(page.file, 'utf8')).toContain('<h1 id="nb-Hello" class="h1">Hello</h1>');
});
