import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  createProcessRenderer,
  type ProcessRendererOptions
} from '../../../../server/adapters/renderer-process/index.js';
import type { NotebookSource, Renderer } from '../../../../server/share/ports.js';
import { codeCell, display, exampleNotebook, notebookBytes, notebookOf } from '../../../support/notebooks.js';
import { programs } from '../../../support/programs.js';
import { pageOf } from '../../../support/rendering.js';
import { scratch } from '../../../support/scratch.js';

let folder: string;
let log: { message: string; details: unknown }[];

interface Started {
  renderer: Renderer;
  /** Writes a notebook or bytes. */
  source: (content: unknown) => NotebookSource;
  call: () => { workDirectory: string };
}

function start(options: Partial<ProcessRendererOptions> = {}): Started {
  folder = scratch('renderer');
  log = [];
  const renderer = createProcessRenderer({
    program: join(programs, 'renderer.js'),
    memoryMb: 512,
    timeoutSeconds: 20,
    maxNotebookBytes: 64 * 1024 * 1024,
    poolSize: 2,
    idleSeconds: 5,
    pythonPackages: undefined,
    log: {
      debug() {},
      info() {},
      warn() {},
      error: (details: unknown, message?: string) => void log.push({ message: message ?? '', details })
    },
    ...options
  });
  onTestFinished(() => renderer.close());
  let files = 0;
  return {
    renderer,
    source(content) {
      const file = join(folder, `${++files}.ipynb`);
      writeFileSync(file, Buffer.isBuffer(content) ? content : notebookBytes(content));
      return { kind: 'ipynb', file };
    },
    call: () => ({ workDirectory: mkdtempSync(join(folder, 'work-')) })
  };
}

/** A program that stands in for the renderer: what its process does at a call. */
function misbehaving(code: string): string {
  const file = join(scratch('program'), 'renderer.cjs');
  writeFileSync(file, `process.on('message', message => { ${code} }); process.on('disconnect', () => process.exit());`);
  return file;
}

/** Processes that this one has started and that still run. */
function children(): string[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
}

const page = { hideCode: false };
let before: string[];
beforeAll(() => {
  before = children();
});
const started = (): string[] => children().filter(pid => !before.includes(pid));

describe('a child that works', () => {
  test('writes the same bytes as the renderer in this process', async () => {
    const { renderer, source, call } = start();
    const notebook = exampleNotebook({ parts: 5 });
    const made = await renderer.document(source(notebook), page, call());
    expect(readFileSync(made.file, 'utf8') === (await pageOf(notebook)).html).toBe(true);
  });

  test('is used again, and several work at once up to the size of the pool', async () => {
    const { renderer, source, call } = start({ poolSize: 2 });
    const file = source(exampleNotebook({ parts: 30 }));
    await Promise.all(Array.from({ length: 6 }, () => renderer.document(file, page, call())));
    expect(started().length).toBeLessThanOrEqual(2);
    const pids = started();
    await renderer.inspect(file, call());
    expect(started()).toEqual(pids);
    await renderer.close();
    expect(started()).toEqual([]);
  });

  test('that holds much memory ends soon after its call, a small one waits for the next', async () => {
    const program = misbehaving(
      `globalThis.kept = Buffer.alloc((message.arguments[0].file.includes('/2.') ? 120 : 1) * 2 ** 20, 1);
       process.send({ type: 'result', id: message.id, value: {} })`
    );
    const { renderer, source, call } = start({ program, idleSeconds: 60 });
    const [small, large] = [source(exampleNotebook()), source(exampleNotebook())];
    await renderer.inspect(small, call());
    const [pid] = started();
    await new Promise(resolve => setTimeout(resolve, 1500));
    await renderer.inspect(large, call());
    expect(started()).toEqual([pid]);
    await expect.poll(started, { timeout: 10_000 }).toEqual([]);
    await renderer.inspect(small, call());
    expect(started()).toHaveLength(1);
  });

  test('tells how far it is', async () => {
    const { renderer, source, call } = start();
    const seen: [number, number][] = [];
    const cells = Array.from({ length: 3000 }, (_, at) => codeCell(`f(${at})`));
    await renderer.document(source(notebookOf(cells)), page, {
      ...call(),
      onProgress: (done, total) => seen.push([done, total])
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(([done, total]) => done <= 3000 && total === 3000)).toBe(true);
  });

  test('gets nothing of the environment: secrets stay with the parent', async () => {
    process.env['SECRET_OF_THE_PARENT'] = 'hush';
    onTestFinished(() => {
      delete process.env['SECRET_OF_THE_PARENT'];
    });
    const program = misbehaving(
      `process.send({ type: 'result', id: message.id, value: Object.keys(process.env).sort() })`
    );
    const { renderer, source, call } = start({ program });
    const names = (await renderer.inspect(source(exampleNotebook()), call())) as unknown as string[];
    expect(
      names.filter(
        name =>
          ![
            'LANG',
            'MALLOC_ARENA_MAX',
            'NODE_COMPILE_CACHE',
            'NODE_CHANNEL_FD',
            'NODE_CHANNEL_SERIALIZATION_MODE'
          ].includes(name)
      )
    ).toEqual([]);
  });

  test('refuses by size before it reads', async () => {
    const { renderer, source, call } = start({ maxNotebookBytes: 1000 });
    await expect(renderer.inspect(source(exampleNotebook({ parts: 9 })), call())).rejects.toMatchObject({
      code: 'too-large'
    });
    expect(started()).toEqual([]);
  });
});

describe('a child that does not', () => {
  test('is ended when it takes too long', async () => {
    const { renderer, source, call } = start({ program: misbehaving('for (;;);'), timeoutSeconds: 0.5 });
    await expect(renderer.document(source(exampleNotebook()), page, call())).rejects.toMatchObject({
      code: 'notebook-too-complex',
      message: expect.stringContaining('took longer than 0.5 seconds')
    });
    expect(started()).toEqual([]);
  });

  test('is ended when it takes too much memory, also beside the heap', async () => {
    const greedy = 'globalThis.all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 5)';
    const { renderer, source, call } = start({ program: misbehaving(greedy), memoryMb: 150 });
    await expect(renderer.document(source(exampleNotebook()), page, call())).rejects.toMatchObject({
      code: 'notebook-too-complex',
      message: expect.stringContaining('more than 150 MB')
    });
  });

  test('that runs out of heap is no fault of ours', async () => {
    const program = misbehaving('const all = []; for (;;) all.push(new Array(1e5).fill(0).map(Math.random));');
    const { renderer, source, call } = start({ program, memoryMb: 90 });
    await expect(renderer.document(source(exampleNotebook()), page, call())).rejects.toMatchObject({
      code: 'notebook-too-complex'
    });
    expect(log).toEqual([]);
  });

  test('that dies is one failure with its words in the log; the next call works', async () => {
    const program = misbehaving(
      `if (message.operation === 'document') { console.error('it broke'); process.kill(process.pid, 'SIGSEGV'); } else process.send({ type: 'result', id: message.id, value: 'fine' })`
    );
    const { renderer, source, call } = start({ program });
    await expect(renderer.document(source(exampleNotebook()), page, call())).rejects.toMatchObject({
      code: 'render-failed',
      status: 500
    });
    expect(log).toMatchObject([{ details: { details: expect.stringContaining('it broke') as string } }]);
    expect(await renderer.inspect(source(exampleNotebook()), call())).toBe('fine');
  });

  test('that was killed while idle is replaced', async () => {
    const { renderer, source, call } = start();
    const file = source(exampleNotebook());
    await renderer.inspect(file, call());
    for (const pid of started()) process.kill(Number(pid), 'SIGKILL');
    await expect.poll(started).toEqual([]);
    expect((await renderer.inspect(file, call())).cells).toBe(3);
  });

  test('ends with a cancel, at once when it is deaf', async () => {
    const { renderer, source, call } = start({ program: misbehaving('for (;;);') });
    const controller = new AbortController();
    const failed = renderer.document(source(exampleNotebook()), page, { ...call(), signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(failed).rejects.toMatchObject({ code: 'cancelled' });
    expect(started()).toEqual([]);
  });

  test('a cancelled call leaves no half page', async () => {
    const { renderer, source, call } = start();
    const table = `<table>${'<tr><td>1</td></tr>'.repeat(400)}</table>`;
    const cells = Array.from({ length: 3000 }, () => codeCell('x', [display({ 'text/html': table })]));
    const controller = new AbortController();
    const at = { ...call(), signal: controller.signal, onProgress: () => controller.abort() };
    await expect(renderer.document(source(notebookOf(cells)), page, at)).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(at.workDirectory)).toEqual([]);
  });

  test('calls that wait are told when everything stops', async () => {
    const { renderer, source, call } = start({ program: misbehaving(''), poolSize: 1 });
    const file = source(exampleNotebook());
    const calls = [renderer.inspect(file, call()), renderer.inspect(file, call())];
    const ends = Promise.allSettled(calls);
    await expect.poll(() => started().length).toBe(1);
    await renderer.close();
    expect(await ends).toMatchObject([{ reason: { code: 'stopping' } }, { reason: { code: 'stopping' } }]);
    await expect(renderer.inspect(file, call())).rejects.toMatchObject({ code: 'stopping' });
  });
});
