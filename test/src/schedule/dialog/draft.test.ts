import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parameter, ParameterType } from '../../../../contract/schedule/form.js';
import { ParameterValue } from '../../../../contract/schedule/values.js';
import { draftOf, readDraft, tell } from '../../../../src/schedule/dialog/draft.js';
import { draftsOf, readParameter, typed, unset } from '../../../../src/schedule/dialog/parameterDraft.js';
import { someSpec } from '../../../support/schedule/specs.js';
import { everyParameter, specOf } from './support.js';

const types: ParameterType[] = ['int', 'float', 'bool', 'str', 'date', 'list', 'dict', 'choice', 'secret', 'any'];

/** What a field of a parameter stands for once this is typed. */
function said(parameter: Partial<Parameter> & { type: ParameterType }, text: string) {
  const [draft] = draftsOf([{ name: 'x', ...parameter }], {});
  const reading = readParameter(typed(draft!, text));
  return reading.ok ? reading.value : { fault: reading.fault };
}

describe('a schedule as a draft', () => {
  test('comes out as it went in, whatever the dialog does not show', () => {
    fc.assert(
      fc.property(someSpec(), fc.array(fc.constantFrom(...types)), (spec, kinds) => {
        const parameters = Object.keys(spec.parameters).flatMap((name, at) => {
          const type = kinds[at];
          return type === undefined ? [] : [{ name, type }];
        });
        expect(readDraft(draftOf(spec, parameters), spec)).toEqual({ spec, faults: {} });
      })
    );
  });

  test('keeps values that were typed as they were, once they are read again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), json => {
        const value = JSON.parse(JSON.stringify(json)) as ParameterValue;
        fc.pre(ParameterValue.safeParse(value).success && !(typeof value === 'string' && value.includes('{{')));
        const [draft] = draftsOf([{ name: 'x', type: 'any', default: value }], {});
        const reading = readParameter(typed(draft!, draft!.text));
        expect(reading).toEqual({ ok: true, value });
      })
    );
  });

  test('leaves out what was emptied', () => {
    const base = specOf({
      when: { cron: '0 9 * * *', start: '2026-01-01', end: '2026-12-31' },
      environment: { kernel: 'python3', memory: '4Gi' },
      policy: { lateAfter: '1h', cellTimeout: '5m' },
      publish: { target: 'wiki' }
    });
    const draft = { ...draftOf(base, []), start: '', end: ' ', kernel: '', memory: '', lateAfter: '', cellTimeout: '' };
    expect(readDraft({ ...draft, isPublished: false }, base).spec).toEqual(specOf({ when: { cron: '0 9 * * *' } }));
  });

  test('says which numbers are none', () => {
    const base = specOf();
    const draft = { ...draftOf(base, []), retries: 'two', maxCatchUp: 'x' };
    expect(readDraft(draft, base).faults).toEqual({ 'policy.retries': 'number' });
    expect(readDraft({ ...draft, catchUp: 'all' }, base).faults).toHaveProperty(['policy.maxCatchUp'], 'number');
  });

  test('tells a channel once, and not any more', () => {
    const { notify } = specOf({ notify: { failure: ['owner'] } });
    expect(tell(tell(notify, 'failure', 'team', true), 'failure', 'team', true).failure).toEqual(['owner', 'team']);
    expect(tell(notify, 'failure', 'owner', false).failure).toEqual([]);
  });
});

describe('a parameter', () => {
  test('has the default of the notebook, which is not the schedule’s', () => {
    const drafts = draftsOf(everyParameter, {});
    expect(drafts.map(({ text }) => text)).toEqual([
      '9',
      '0.5',
      'false',
      'Delays',
      '2013-09-30',
      '[0.25,0.5]',
      '{"rows":10}',
      '"fast"',
      '',
      ''
    ]);
    expect(drafts.map(readParameter)).toEqual(drafts.map(() => ({ ok: true })));
    expect(readParameter(unset(typed(drafts[0]!, '12')))).toEqual({ ok: true });
  });

  test.each<[ParameterType, string, unknown]>([
    ['int', ' 12 ', 12],
    ['int', '-3', -3],
    ['int', '1.5', { fault: 'int' }],
    ['int', '', { fault: 'int' }],
    ['int', '9007199254740993', { fault: 'large' }],
    ['int', '{{ ds_nodash }}', '{{ ds_nodash }}'],
    ['float', '1e6', 1e6],
    ['float', 'Infinity', { fault: 'float' }],
    ['float', '', { fault: 'float' }],
    ['bool', 'true', true],
    ['bool', 'yes', { fault: 'bool' }],
    ['str', '007', '007'],
    ['str', "it's\n'''", "it's\n'''"],
    ['str', '', ''],
    ['date', '2026-02-28', '2026-02-28'],
    ['date', '2026-02-30', { fault: 'date' }],
    ['date', '{{ ds }}', '{{ ds }}'],
    ['list', '["{{ ds }}", 1]', ['{{ ds }}', 1]],
    ['list', '{}', { fault: 'list' }],
    ['list', '{{ ds }}', { fault: 'list' }],
    ['dict', '{"a": 1}', { a: 1 }],
    ['dict', '[1]', { fault: 'dict' }],
    ['dict', 'null', { fault: 'dict' }],
    ['choice', '"exact"', 'exact'],
    ['choice', '"other"', { fault: 'choice' }],
    ['secret', 'DB_PASSWORD', { $env: 'DB_PASSWORD' }],
    ['secret', 'my secret!', { fault: 'variable' }],
    ['secret', '', undefined],
    ['any', 'hello', 'hello'],
    ['any', '007', '007'],
    ['any', '3', 3],
    ['any', '"3"', '3'],
    ['any', 'null', null],
    ['any', '9007199254740993', '9007199254740993']
  ])('of type %s takes %j', (type, text, expected) => {
    expect(said({ type, choices: ['fast', 'exact'] }, text)).toEqual(expected);
  });

  test('may be null again where its default is', () => {
    expect(said({ type: 'int', default: null }, 'null')).toBeNull();
    expect(said({ type: 'int', default: 3 }, 'null')).toEqual({ fault: 'int' });
  });

  test('never shows what a secret holds', () => {
    const [plain] = draftsOf([{ name: 'x', type: 'secret', default: 'hunter2' }], { x: 'hunter2' });
    expect(plain!.text).toBe('');
    expect(unset(plain!).text).toBe('');
    const [named] = draftsOf([{ name: 'x', type: 'secret' }], { x: { $env: 'TOKEN' } });
    expect(named!.text).toBe('TOKEN');
  });

  test('that the notebook does not have stands at the end', () => {
    const drafts = draftsOf([{ name: 'a', type: 'int', default: 1 }], { gone: 'x', a: 2 });
    expect(drafts.map(({ parameter, declared }) => [parameter.name, declared])).toEqual([
      ['a', true],
      ['gone', false]
    ]);
    expect(drafts.map(readParameter)).toEqual([
      { ok: true, value: 2 },
      { ok: true, value: 'x' }
    ]);
  });
});
