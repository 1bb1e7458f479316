import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { airflowMacros, macros, ScheduleSpec } from '../../../../contract/schedule/index.js';
import { fromAirflow, toAirflow } from '../../../../server/schedule/airflow/macros.js';
import { printDags } from '../../../../server/schedule/airflow/print.js';
import { readDags } from '../../../../server/schedule/airflow/read.js';
import { brokenFile, someSpec } from '../../../support/schedule/specs.js';

/** What such a file can say of a schedule. */
function sayable(spec: ScheduleSpec, name: string): ScheduleSpec {
  const { owner, description, notebook, when, environment, policy, tags, parameters } = spec;
  return ScheduleSpec.parse({
    name,
    owner,
    description,
    notebook: { path: notebook.path },
    when,
    environment: { kernel: environment.kernel },
    policy: {
      overlap: policy.overlap === 'queue' || policy.overlap === 'allow' ? policy.overlap : 'skip',
      ...(policy.retries > 0 && { retries: policy.retries, retryDelay: '60s' })
    },
    tags,
    parameters
  });
}

describe('the YAML of notebooks on Airflow', () => {
  it('that was written from schedules means the same when it is read', () => {
    fc.assert(
      fc.property(fc.array(someSpec(), { minLength: 1, maxLength: 3 }), given => {
        const specs = given.map((spec, at) => sayable(spec, `dag_${at}`));
        expect(readDags('dag.yml', printDags(specs).text).specs).toEqual(specs);
      }),
      { numRuns: 300 }
    );
  });

  it('says what it cannot say', () => {
    const spec = ScheduleSpec.parse({
      name: 'Délais & co',
      notebook: { path: 'a.ipynb', mode: 'pin' },
      when: { cron: '@daily' },
      notify: { failure: ['owner'] },
      publish: {},
      parameters: { id: '{{ schedule_id }}', zone: 'in {{ zone }}', name: '{{ schedule_name }}' }
    });
    const { text, notes } = printDags([spec]);
    const said = notes.join('\n');
    for (const words of ['dag_id: it becomes', 'notebook.mode pin', 'notify', 'publish', 'schedule_id', 'start_date']) {
      expect(said).toContain(words);
    }
    expect(text).toContain('zone: in UTC');
    expect(text).toContain('{{ dag.dag_id }}');
  });

  it("knows each of Lakeside's macros, or says that Airflow does not", () => {
    for (const name of Object.keys(macros)) {
      const lost: string[] = [];
      const text = toAirflow(`{{${name}}}`, { zone: 'UTC', notebook: 'a.ipynb' }, macro => lost.push(macro));
      expect(lost, name).toEqual(name === 'schedule_id' ? ['schedule_id'] : []);
      // What comes back is filled in by the runner.
      for (const [, inside = ''] of fromAirflow(text).matchAll(/\{\{(.*?)\}\}/g)) {
        expect(Object.hasOwn(macros, inside.trim()) || Object.hasOwn(airflowMacros, inside.trim()), inside).toBe(true);
      }
    }
  });

  it('is taken or refused with a sentence, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          brokenFile(),
          brokenFile().map(text => text.replaceAll('name:', 'dag_id:'))
        ),
        text => {
          try {
            readDags('dag.yml', text);
          } catch (error) {
            expect(error).toBeInstanceOf(ProblemError);
            expect((error as ProblemError).message).toMatch(/^dag\.yml/);
          }
        }
      ),
      { numRuns: 500 }
    );
  });
});
