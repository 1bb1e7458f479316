import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createProcessRunner } from '../../../../server/adapters/notebookrunner-process/index.js';
import type { ProcessRunner } from '../../../../server/adapters/notebookrunner-process/index.js';
import type { Work } from '../../../../server/schedule/ports.js';
import { codeCell, notebookOf } from '../../../support/notebooks.js';
import { scratch } from '../../../support/scratch.js';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const python = resolve('.venv/bin/python');

let runner: ProcessRunner | undefined;
afterEach(() => runner?.close());

function place(...sources: string[]) {
  const folder = scratch('lakeside-runs');
  const notebook = join(folder, 'a.ipynb');
  const whole = notebookOf(sources.map(source => codeCell(source)));
  writeFileSync(notebook, JSON.stringify(whole));
  const environment = { PATH: process.env['PATH'] ?? '', HOME: folder, PYTHONPATH: resolve('.') };
  runner = createProcessRunner({ python, environment, warm: {}, log });
  let count = 0;
  const work = (more: Partial<Work> = {}): Work => {
    const out = join(folder, `out-${++count}`);
    mkdirSync(out);
    return {
      runId: `run-${count}`,
      attempt: 1,
      notebook,
      out,
      parameters: {},
      scheduledAt: '2026-11-23T07:00:00.000Z',
      intervalStart: '2026-11-22T07:00:00.000Z',
      intervalEnd: '2026-11-23T07:00:00.000Z',
      zone: 'UTC',
      scheduleId: 'schedule',
      scheduleName: 'Schedule',
      owner: 'ada',
      timeout: 60,
      keepKernelSeconds: 0,
      ...more
    };
  };
  return { runner, work };
}

describe('the real runner', () => {
  it('runs notebooks side by side and tells how far they are', async () => {
    const { runner: real, work } = place('x = "none"', 'print(x)', 'y = 2');
    const steps: string[] = [];
    const first = work({ parameters: { x: "it's {{ ds }}" } });
    const second = work();
    const [one, two] = await Promise.all([
      real.start(first, (cell, of) => steps.push(`${cell}/${of}`)).ended,
      real.start(second, () => {}).ended
    ]);
    expect([one, two]).toEqual([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(steps.at(-1)).toBe('4/4');
    expect(readFileSync(join(first.out, 'output.ipynb'), 'utf8')).toContain("it's 2026-11-22");
    expect(await real.endOf(first.out)).toEqual({ exitCode: 0 });
    expect(await real.endOf(join(first.out, 'none'))).toBeUndefined();
  });

  it('hears the end of a run whose values and errors hold every kind of line end', async () => {
    const odd = 'a\u2028b\u2029c\u0085d\r\ne\rf\u000bg\u000c';
    const { runner: real, work } = place('if x == "fail": raise ValueError("\\u2028".join("ab"))');
    expect(await real.start(work({ parameters: { x: odd } }), () => {}).ended).toEqual({ exitCode: 0 });
    expect(await real.start(work({ parameters: { x: 'fail', odd } }), () => {}).ended).toMatchObject({ exitCode: 10 });
  }, 120_000);

  it('says which cell failed, and that it was ended', async () => {
    const { runner: real, work } = place('import time', 'time.sleep(600 if parameters else 0)');
    const failed = await real.start(work(), () => {}).ended;
    expect(failed).toMatchObject({ exitCode: 10, reason: expect.stringMatching(/[Cc]ell 2.*NameError/s) as string });
    const { runner: other, work: more } = place('import time; time.sleep(600)');
    await real.close();
    const begun = Promise.withResolvers<undefined>();
    const under = other.start(more(), () => begun.resolve(undefined));
    await begun.promise;
    under.cancel('Ada ended it.');
    expect(await under.ended).toMatchObject({ reason: expect.stringMatching(/Ada ended it/) as string });
  });

  it('refuses what it cannot run', async () => {
    const { runner: real, work } = place('1');
    expect(await real.start(work({ kernel: 'no-such-kernel' }), () => {}).ended).toMatchObject({
      exitCode: 15,
      reason: expect.stringMatching(/no-such-kernel/) as string
    });
  });

  it('that dies leaves no kernel, and the next attempt gets another', async () => {
    const { runner: real, work } = place(
      'import os, signal, time',
      'os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)'
    );
    const end = await real.start(work(), () => {}).ended;
    expect(end).toMatchObject({
      exitCode: 13,
      reason: expect.stringMatching(/process that runs notebooks ended/) as string
    });
    expect(await real.start(work({ kernel: 'none' }), () => {}).ended).toMatchObject({ exitCode: 15 });
  });

  it('that cannot start at all ends what it was given', async () => {
    const { work } = place('1');
    for (const broken of ['/bin/false', '/no/such/python']) {
      const other = createProcessRunner({ python: broken, environment: {}, warm: {}, log });
      expect(await other.start(work(), () => {}).ended).toMatchObject({ exitCode: 13 });
      await other.close();
    }
  });
});
