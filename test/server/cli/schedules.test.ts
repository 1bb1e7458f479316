import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run, ScheduleSummary } from '../../../contract/schedule/index.js';
import { composeSidecar } from '../../../server/compose.js';
import type { Services } from '../../../server/compose.js';
import { composeIds } from '../../../server/composeIds.js';
import { readConfig } from '../../../server/config.js';
import { readScheduleFile } from '../../../server/schedule/file/read.js';
import { lakeside as start, pythonVariables } from '../../support/cli/lakeside.js';
import { codeCell, notebookOf } from '../../support/notebooks.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
let server: Services | undefined;
beforeEach(() => {
  folder = scratch('lakeside-schedules');
  writeNotebook('a.ipynb', 'day = "none"', 'print("about", day)');
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function writeNotebook(name: string, ...sources: string[]): void {
  const cells = sources.map((source, at) =>
    codeCell(source, [], at === 0 ? { metadata: { tags: ['parameters'] } } : {})
  );
  writeFileSync(join(folder, name), JSON.stringify(notebookOf(cells)));
}

function write(name: string, ...schedules: string[]): void {
  writeFileSync(join(folder, name), `schedules:${schedules.join('')}\n`);
}

const entry = (name: string, more = '', cron = '0 7 * * *'): string => `
  - name: ${name}
    notebook: { path: a.ipynb }
    when: { cron: ${cron}, zone: Europe/Paris }
    parameters: { day: "{{ ds }}" }${more}`;

const lakeside = (...args: string[]) => start(folder, args, pythonVariables);

async function json<T>(...args: string[]): Promise<T> {
  const { out, err, code } = await lakeside(...args, '--json');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  return JSON.parse(out) as T;
}

const list = async (...args: string[]): Promise<ScheduleSummary[]> =>
  (await json<{ schedules: ScheduleSummary[] }>('schedule', 'list', ...args)).schedules;

/** What runs schedules, as beside a Jupyter server of the same home. */
async function startServer(): Promise<void> {
  const config = readConfig('sidecar', { HOME: folder, LAKESIDE_HOME: join(folder, 'home') });
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const kernelEnvironment = { PATH: process.env['PATH'] ?? '', HOME: folder, PYTHONPATH: resolve('.') };
  const boot = {
    secret: 'x'.repeat(43),
    rootDir: folder,
    allowHidden: false,
    python: pythonVariables.LAKESIDE_PYTHON,
    kernelEnvironment
  };
  server = await composeSidecar({ config, log, ids: composeIds(), programs, boot });
}

describe('lakeside schedule push', () => {
  test('makes, changes and leaves schedules by their name, and says which keys change', async () => {
    write('lakeside.yml', entry('One'), entry('Two'));
    const first = await lakeside('schedule', 'push', 'lakeside.yml');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out.trim().split('\n')).toEqual([
      expect.stringMatching(/^New: One, next \d{4}-/),
      expect.stringMatching(/^New: Two, next \d{4}-/)
    ]);
    const before = await list();
    expect(before.map(({ schedule }) => schedule.spec.name)).toEqual(['One', 'Two']);

    write('lakeside.yml', entry('One', '\n    policy: { retries: 2 }', '30 8 * * *'), entry('Two'));
    const dry = await lakeside('schedule', 'push', 'lakeside.yml', '--dry-run');
    expect(dry.out).toBe('Would change: One (when.cron, policy.retries)\nStays as it is: Two\n');
    expect(await list()).toEqual(before);
    const second = await lakeside('schedule', 'push', 'lakeside.yml');
    expect(second.out).toMatch(/^Changed: One \(when\.cron, policy\.retries\), next .*\nAs it was: Two, next .*\n$/);
    const after = await list();
    expect(after.map(({ schedule }) => schedule.id)).toEqual(before.map(({ schedule }) => schedule.id));
    expect(after[0]?.schedule).toMatchObject({ revision: 2, spec: { when: { cron: '30 8 * * *' } } });
  });

  test('does nothing at all where one of many is bad', async () => {
    write('good.yml', entry('One'));
    write('bad.yml', entry('Two'), entry('Three', '', '75 7 * * *'));
    const { code, out, err } = await lakeside('schedule', 'push', 'good.yml', 'bad.yml');
    expect(out).toContain('bad.yml, line 8: schedules.1.when.cron minute');
    expect(out).toContain('1 of 2 schedules right; not right: "Three"');
    expect(err).toContain('nothing was pushed');
    expect(code).toBe(2);
    write('k8s.yml', entry('Two', '\n    where: cluster'));
    expect(await lakeside('schedule', 'push', 'good.yml', 'k8s.yml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('where names cluster')
    });
    expect(await lakeside('schedule', 'push', 'good.yml', 'good.yml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('"One" is in good.yml and in good.yml')
    });
    expect(await list()).toEqual([]);
  });

  test('finds notebooks beside the file, and refuses those outside of the folder', async () => {
    mkdirSync(join(folder, 'team'));
    writeNotebook('team/b.ipynb', 'x = 1');
    writeFileSync(join(folder, 'team', 'lakeside.yml'), `schedules:${entry('One').replace('a.ipynb', 'b.ipynb')}\n`);
    expect(await lakeside('schedule', 'push', 'team/lakeside.yml')).toMatchObject({ code: 0 });
    expect((await list())[0]?.schedule).toMatchObject({ root: folder, spec: { notebook: { path: 'team/b.ipynb' } } });
  });
});

describe('schedules and their runs', () => {
  test('are made, run, filled back, paused, deleted, restored and exported from the command line', async () => {
    write('lakeside.yml', entry('One'));
    await lakeside('schedule', 'push', 'lakeside.yml');
    await startServer();

    const good = await lakeside('schedule', 'run', 'One', '-p', 'day=007', '--wait');
    expect(good).toMatchObject({ code: 0, out: expect.stringContaining('SUCCEEDED') });
    const { runs } = await json<{ runs: Run[] }>('runs', 'list', '--schedule', 'One');
    const [run] = runs;
    expect(run).toMatchObject({ state: 'SUCCEEDED', trigger: 'manual', parameters: { day: '007' } });
    const output = readFileSync(join(folder, run?.attempts[0]?.output ?? '', 'output.ipynb'), 'utf8');
    expect(output).toContain('about 007');
    const logs = await lakeside('runs', 'logs', run?.id ?? '');
    expect(logs.out).toMatch(/attempt 1: 3 cells[\s\S]*about 007[\s\S]*cell 3 of 3 done[\s\S]*SUCCEEDED/);
    const told = await lakeside('runs', 'show', run?.id ?? '');
    expect(told.out).toMatch(/state {5}SUCCEEDED[\s\S]*attempt 1 {2}SUCCEEDED/);

    const filled = await json<{ runs: Run[] }>(
      'schedule',
      'backfill',
      'One',
      '--from',
      '2026-01-01',
      '--to',
      '2026-01-03'
    );
    expect(filled.runs.map(({ dueAt }) => dueAt.slice(0, 10))).toEqual(['2026-01-01', '2026-01-02', '2026-01-03']);
    for (const { id } of filled.runs) {
      const { out } = await lakeside('runs', 'logs', id, '--follow');
      expect(out).toMatch(/SUCCEEDED\n$/);
    }
    const days = await Promise.all(filled.runs.map(async ({ id }) => (await lakeside('runs', 'logs', id)).out));
    expect(days.map(text => /about (\S+)/.exec(text)?.[1])).toEqual(['2025-12-31', '2026-01-01', '2026-01-02']);

    expect((await lakeside('schedule', 'pause', 'One')).out).toMatch(/^Paused: One/);
    expect((await lakeside('schedule', 'show', 'One')).out).toMatch(/state {5}paused/);
    expect((await lakeside('schedule', 'resume', 'One')).out).toMatch(/^Resumed: One, next/);
    expect((await lakeside('schedule', 'list')).out).toMatch(/One +a\.ipynb +0 7 \* \* \* Europe\/Paris .*✓✓✓✓/);

    const exported = await lakeside('schedule', 'export', 'One');
    const [spec] = readScheduleFile('f', exported.out);
    expect(spec).toEqual((await list())[0]?.schedule.spec);
    expect((await lakeside('schedule', 'export', '--airflow')).out).toMatch(
      /dag_id: One[\s\S]*schedule_interval: 0 7 \* \* \*/
    );

    expect((await lakeside('schedule', 'delete', 'One')).out).toMatch(/^Deleted: One/);
    expect(await list()).toEqual([]);
    expect(await lakeside('schedule', 'run', 'One')).toMatchObject({ code: 2 });
    expect(await list('--deleted')).toHaveLength(1);
    expect((await lakeside('schedule', 'restore', 'One')).out).toMatch(/^Restored: One/);
    expect(await list()).toHaveLength(1);
  }, 240_000);

  test('a run is cancelled from the command line, and --wait says that it did not end well', async () => {
    writeNotebook('a.ipynb', 'day = ""', 'import time\nfor _ in range(6000): time.sleep(0.1)');
    write('lakeside.yml', entry('One'));
    await lakeside('schedule', 'push', 'lakeside.yml');
    await startServer();
    const waiting = lakeside('schedule', 'run', 'One', '--wait');
    let runs: Run[] = [];
    while (runs[0]?.state !== 'RUNNING') ({ runs } = await json<{ runs: Run[] }>('runs', 'list'));
    const cancelled = await lakeside('runs', 'cancel', runs[0].id);
    expect(cancelled).toMatchObject({ code: 0 });
    expect(await waiting).toMatchObject({ code: 1, out: expect.stringContaining('CANCELLED') });
    expect(await lakeside('runs', 'list', '--state', 'cancelled')).toMatchObject({
      out: expect.stringContaining('CANCELLED')
    });
  }, 120_000);

  test.each([
    [['schedule', 'show', 'Onn'], /no schedule "Onn" of yours\. Did you mean "One"\?/],
    [['schedule', 'backfill', 'One', '--from', 'yesterday'], /--from must be a day/],
    [['schedule', 'backfill', 'One', '--from', '2026-01-02', '--to', '2026-01-01'], /--to lies before --from/],
    [['schedule', 'run', 'One', '-p', 'day'], /-p day has no value/],
    [['schedule', 'push', 'lakeside.yml', '--base', 'main'], /--base goes with --remote/],
    [['schedule', 'shw'], /no "lakeside schedule shw"/],
    [['runs', 'show', '01M7YXAS9Q8E2ZFJA3XFT0RRR1'], /no such run/],
    [['runs', 'list', '--state', 'FAILD'], /Did you mean FAILED\?/],
    [['runs', 'logs', 'x'], /ULID/]
  ])('%j ends with 2 and one sentence', async (args, sentence) => {
    write('lakeside.yml', entry('One'));
    await lakeside('schedule', 'push', 'lakeside.yml');
    const { code, out, err } = await lakeside(...args);
    expect(err).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});
