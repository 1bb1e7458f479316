import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { lakeside, pythonVariables, startLakeside } from '../../support/cli/lakeside.js';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
beforeEach(() => {
  folder = scratch('lakeside-run');
});

function write(name: string, ...sources: string[]): void {
  const cells = sources.map((source, at) =>
    codeCell(source, [], at === 0 && source.includes('parameter') ? { metadata: { tags: ['parameters'] } } : {})
  );
  writeFileSync(join(folder, name), JSON.stringify(notebookOf(cells)));
}

const run = (...args: string[]) => lakeside(folder, ['run', ...args], pythonVariables);
const read = (...parts: string[]): string => readFileSync(join(folder, ...parts), 'utf8');

/** Whether a process is there. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 50));
}

describe('lakeside run', () => {
  test('leaves the notebook, its page and the record, and says cell by cell how far it is', async () => {
    write('a.ipynb', '# a parameter\nwho = "nobody"\nn = 1', 'print(f"hello {who!r} {n + 1}")');
    const { code, out, err } = await run(
      'a.ipynb',
      '-p',
      `who=it's """{{ ds }}"""`,
      '-p',
      'n=41',
      '--out',
      'today',
      '--scheduled-at',
      '2026-11-21T07:30:00+01:00',
      '--zone',
      'Europe/Paris'
    );
    expect(err).toContain('cell 3 of 3 done');
    expect({ code, out }).toEqual({ code: 0, out: `${join(folder, 'today')}\n` });
    expect(readdirSync(join(folder, 'today')).sort()).toEqual([
      'events.ndjson',
      'output.html',
      'output.ipynb',
      'run.json'
    ]);
    expect(read('today', 'output.ipynb')).toContain(`2026-11-21`);
    expect(read('today', 'output.html')).toMatch(/^<!doctype html>[\s\S]*42/i);
    expect(JSON.parse(read('today', 'run.json'))).toMatchObject({ exitCode: 0, parameters: { n: 41 } });
    expect(existsSync(join(folder, 'home'))).toBe(false);
  });

  test('without --out each run has a folder of its own, and --json tells all of it', async () => {
    write('a.ipynb', 'print(1)');
    const [one, two] = await Promise.all([run('a.ipynb', '--json'), run('a.ipynb', '--json')]);
    const told = [one, two].map(({ out }) => JSON.parse(out) as { folder: string; run: { runId: string } });
    for (const { folder: place, run: record } of told) {
      expect(place).toBe(join(folder, 'runs', 'a', record.runId));
      expect(existsSync(join(place, 'output.html'))).toBe(true);
    }
    expect(told[0]?.folder).not.toBe(told[1]?.folder);
    expect(told[0]).toMatchObject({ exitCode: 0, reason: null, page: join(told[0]?.folder ?? '', 'output.html') });
  });

  test.each([
    [10, 'a cell failed', '1 / 0', [], /Cell 2 failed: ZeroDivisionError/],
    [11, 'a check did not hold', 'rows = 3\n%expect rows > 1000', [], /rows > 1000/],
    [12, 'a time-out', 'import time\ntime.sleep(60)', ['--timeout', '2s'], /2/],
    [15, 'no such kernel', 'print(1)', ['--kernel', 'nothing-like-it'], /nothing-like-it/],
    [15, 'no such parameter type', 'print(1)', ['-p', 'novalue'], /no value/],
    [15, 'no such moment', 'print(1)', ['--scheduled-at', 'tomorrow'], /scheduledAt/]
  ])('ends with %i where %s, and the partial output opens', async (code, _, source, args, sentence) => {
    write('a.ipynb', 'print("before")', source);
    const result = await run('a.ipynb', '--out', 'o', ...args);
    expect(result.err).toMatch(sentence);
    expect(result.code).toBe(code);
    if (code === 15) return;
    expect(read('o', 'output.html')).toContain('before');
    expect(JSON.parse(read('o', 'run.json'))).toMatchObject({ exitCode: code });
  });

  test('a notebook that is not there ends with 15 as on every backend', async () => {
    const { code, err, out } = await run('missing.ipynb', '--out', 'o');
    expect(err).toMatch(/missing\.ipynb/);
    expect({ code, out }).toEqual({ code: 15, out: `${join(folder, 'o')}\n` });
  });

  test.each([
    [['a.ipynb', '--timeout', '5 minutes'], /--timeout must be a whole number and one of s, m, h, d/],
    [['a.ipynb', '--memory', '4GB'], /--memory must be/],
    [['a.ipynb', '--out', 'a.ipynb'], /cannot be a folder/],
    [['a.ipynb', 'b.ipynb'], /"b\.ipynb" is one too many/],
    [['o/output.ipynb', '--out', 'o'], /would be written over/]
  ])('wrong arguments end with 2 and run nothing: %j', async (args, sentence) => {
    write('a.ipynb', 'print(1)');
    mkdirSync(join(folder, 'o'));
    write('o/output.ipynb', 'print("as it was")');
    const { code, err } = await run(...args);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
    expect(read('o', 'output.ipynb')).toContain('as it was');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  test('a folder used again keeps nothing of the former run', async () => {
    write('a.ipynb', 'print("first")');
    await run('a.ipynb', '--out', 'o');
    const { code } = await run('missing.ipynb', '--out', 'o');
    expect(code).toBe(15);
    expect(readdirSync(join(folder, 'o')).sort()).toEqual(['events.ndjson', 'run.json']);
  });

  const endless = [
    'print("before")',
    'import os, subprocess\nchild = subprocess.Popen(["sleep", "600"])\nopen("pids", "w").write(f"{os.getpid()} {child.pid}")',
    'import time\nwhile True: time.sleep(0.1)'
  ];

  test.each(['SIGINT', 'SIGTERM'] as const)('%s cancels: 143, the part that ran, nothing left', async signal => {
    write('a.ipynb', ...endless);
    const started = startLakeside(folder, ['run', 'a.ipynb', '--out', 'o'], pythonVariables);
    await started.heard('cell 2 of 3 done');
    started.child.kill(signal);
    const { code, err } = await started.ended;
    expect(err).toContain(`It was ended by ${signal}.`);
    expect(code).toBe(143);
    expect(JSON.parse(read('o', 'run.json'))).toMatchObject({ state: 'CANCELLED', exitCode: 143 });
    expect(read('o', 'output.html')).toContain('before');
    for (const pid of read('pids').split(' ')) expect(lives(Number(pid))).toBe(false);
  });

  test('a command that was killed leaves no kernel and nothing that it started', async () => {
    write('a.ipynb', ...endless);
    const started = startLakeside(folder, ['run', 'a.ipynb', '--out', 'o'], pythonVariables);
    await started.heard('cell 2 of 3 done');
    started.child.kill('SIGKILL');
    await started.ended;
    await until(() => existsSync(join(folder, 'o', 'run.json')));
    expect(JSON.parse(read('o', 'run.json'))).toMatchObject({
      state: 'CANCELLED',
      reason: expect.stringContaining('The program that started it is gone.')
    });
    const pids = read('pids').split(' ').map(Number);
    await until(() => !pids.some(lives));
  });
});
