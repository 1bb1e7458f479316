import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { airflowMacros, macros, ScheduleSpec } from '../../../../contract/schedule/index.js';
import type { Run, Schedule } from '../../../../contract/schedule/index.js';
import { macroValues } from '../../../../server/schedule/dispatch/macros.js';
import { outputPlace } from '../../../../server/schedule/dispatch/place.js';
import { dose } from '../../../support/dose.js';

/** When clocks are set in some of the zones. */
const changes = [
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-03-08T05:30Z',
  '2026-11-01T04:30Z',
  '2026-04-04T15:00Z'
].map(text => Date.parse(text));
const zones = ['UTC', 'Europe/Paris', 'Asia/Kathmandu', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Casablanca'];

function scheduled(zone: string, output: string): Schedule {
  const spec = ScheduleSpec.parse({
    name: 'Délais 日本',
    notebook: { path: 'a/b.ipynb' },
    when: { cron: '@daily', zone },
    output
  });
  const at = '2026-11-21T00:00:00Z';
  return {
    id: '01M7YXAS9Q8E2ZFJA3XFT0RRR1',
    owner: 'ada',
    root: '/home/ada',
    spec,
    state: 'active',
    revision: 1,
    createdAt: at,
    updatedAt: at
  };
}

function runOf(start: number, due: number): Run {
  const [intervalStart, dueAt] = [new Date(start).toISOString(), new Date(due).toISOString()];
  return {
    id: '01M7YXAS9Q8E2ZFJA3XFT0RRR2',
    scheduleId: '01M7YXAS9Q8E2ZFJA3XFT0RRR1',
    owner: 'ada',
    trigger: 'schedule',
    dueAt,
    intervalStart,
    state: 'QUEUED',
    attempts: [],
    createdAt: dueAt
  };
}

/** What the runner itself says, by the real Python. */
function byRunner(cases: readonly { schedule: Schedule; run: Run }[]): Record<string, string>[] {
  const input = cases.map(({ schedule, run }) =>
    JSON.stringify({
      zone: schedule.spec.when.zone,
      due: run.dueAt.replace('.000Z', 'Z'),
      start: run.intervalStart.replace('.000Z', 'Z'),
      names: {
        run_id: run.id,
        schedule_id: schedule.id,
        schedule_name: schedule.spec.name,
        owner: schedule.owner,
        notebook: schedule.spec.notebook.path
      }
    })
  );
  const said = execFileSync(resolve('.venv/bin/python'), ['test/support/schedule/macros.py'], {
    input: input.join('\n'),
    encoding: 'utf8',
    env: { ...process.env, PYTHONPATH: resolve('.') },
    maxBuffer: 2 ** 28
  });
  return said
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, string>);
}

const moments = ['ts', 'interval_start', 'interval_end', 'scheduled_at'];
const ofMoments = new Set([
  ...moments,
  ...Object.keys(airflowMacros).filter(name => moments.includes(airflowMacros[name] ?? ''))
]);

describe('macros', () => {
  it('are the same names in the contract, in output places and in the runner, with the same values', () => {
    const { runs, seed } = dose('macros in both languages', { ci: 500, full: 20_000 });
    const second = 1000;
    const cases = fc.sample(
      fc
        .record({
          zone: fc.constantFrom(...zones),
          start: fc.oneof(
            fc.integer({ min: Date.UTC(2020, 0, 1) / second, max: Date.UTC(2035, 11, 31) / second }),
            // Around the hours that are skipped and that come twice.
            fc
              .tuple(fc.constantFrom(...changes), fc.integer({ min: -7200, max: 7200 }))
              .map(([at, seconds]) => at / second + seconds)
          ),
          length: fc.oneof(
            fc.constant(0),
            fc.nat(7200),
            fc.constantFrom(3600, 86_400, 7 * 86_400),
            fc.nat(100 * 86_400)
          )
        })
        .map(({ zone, start, length }) => ({
          schedule: scheduled(zone, 'x'),
          run: runOf(start * second, (start + length) * second)
        })),
      { numRuns: runs, seed }
    );
    const names = [...Object.keys(macros), ...Object.keys(airflowMacros)].sort();
    for (const [at, runners] of byRunner(cases).entries()) {
      const { schedule, run } = cases[at] ?? fail();
      const ours = macroValues(schedule, run);
      expect(Object.keys(ours).sort()).toEqual(names);
      expect(Object.keys(runners).sort()).toEqual(names);
      const same = Object.entries(runners).map(([name, text]) => [
        name,
        ofMoments.has(name) ? text.slice(0, 19) : text
      ]);
      expect(ours, `${schedule.spec.when.zone} ${run.intervalStart} ${run.dueAt}`).toEqual(Object.fromEntries(same));
    }
  });

  it('are all filled into output places, as names of folders', () => {
    const names = [...Object.keys(macros), ...Object.keys(airflowMacros)];
    for (const name of names) {
      const place = outputPlace(scheduled('Europe/Paris', `runs/{{ ${name} }}/`), runOf(0, 86_400_000));
      expect(place, name).toMatch(/^runs\/[^/{}]+\/$/);
    }
    const whole =
      's3://lake/{{ds_nodash}}/{{ prev_ds }}_{{next_ds}}/{{ yesterday_ds }}/{{ tomorrow_ds_nodash }}/{{ts_nodash_with_tz}}';
    const run = runOf(Date.parse('2026-11-20T06:30:00Z'), Date.parse('2026-11-21T06:30:00Z'));
    expect(outputPlace(scheduled('Europe/Paris', whole), run)).toBe(
      's3://lake/20261120/2026-11-19_2026-11-21/2026-11-19/20261121/20261120T073000+0100'
    );
  });

  it('lead to no other folder, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), text => {
        const schedule = scheduled('UTC', 'runs/{{ owner }}/{{ schedule_name }}');
        const parts = outputPlace(
          { ...schedule, owner: text, spec: { ...schedule.spec, name: text } },
          runOf(0, 1)
        ).split('/');
        expect(parts).toHaveLength(3);
        for (const part of parts) expect(part).not.toMatch(/^\.|[\0\\:]|^$/);
      })
    );
  });
});

function fail(): never {
  throw new Error('The runner said more than it was asked.');
}
