import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCron } from '../../../../contract/schedule/cron.js';
import { changeKind, cronOf, presetKinds, presetOf } from '../../../../src/schedule/dialog/cronPreset.js';
import type { CronPreset } from '../../../../src/schedule/dialog/cronPreset.js';
import { someCron } from '../../../support/schedule/cron.js';

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(parts => parts.map(part => String(part).padStart(2, '0')).join(':'));
const preset: fc.Arbitrary<CronPreset> = fc.oneof(
  fc.constant({ kind: 'minute' as const }),
  fc.record({ kind: fc.constant('hour' as const), minute: fc.integer({ min: 0, max: 59 }) }),
  fc.record({ kind: fc.constantFrom('day' as const, 'weekdays' as const), time }),
  fc.record({
    kind: fc.constant('week' as const),
    time,
    days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map(days => days.toSorted())
  }),
  fc.record({ kind: fc.constant('month' as const), time, day: fc.integer({ min: 1, max: 31 }) })
);

describe('the presets', () => {
  test('say what their cron expressions say, both ways', () => {
    fc.assert(
      fc.property(preset, one => {
        expect(readCron(cronOf(one))).toEqual({ ok: true, cron: cronOf(one) });
        expect(presetOf(cronOf(one))).toEqual(one);
      })
    );
  });

  test('of any expression that has one, the same comes out again', () => {
    fc.assert(
      fc.property(someCron(), cron => {
        const found = presetOf(cron);
        fc.pre(found !== undefined);
        const again = readCron(cronOf(found));
        const given = readCron(cron);
        // 1-3 and 1,2,3 are the same days.
        expect(presetOf(again.ok ? again.cron : '')).toEqual(found);
        expect(found.kind === 'week' ? undefined : again).toEqual(found.kind === 'week' ? undefined : given);
      })
    );
  });

  test.each([
    ['* * * * *', { kind: 'minute' }],
    ['@hourly', { kind: 'hour', minute: 0 }],
    ['30 7 * * mon-fri', { kind: 'weekdays', time: '07:30' }],
    ['0 9 * * sun,3', { kind: 'week', time: '09:00', days: [0, 3] }],
    ['5 23 31 * *', { kind: 'month', time: '23:05', day: 31 }],
    ['*/5 * * * *', undefined],
    ['0 9 * 3 *', undefined],
    ['0 9 1 * 1', undefined],
    ['0 9,10 * * *', undefined],
    ['0 9 * * */2', undefined],
    ['* 9 * * *', undefined],
    ['0 0 9 * * *', undefined],
    ['nonsense', undefined]
  ])('%s', (cron, expected) => {
    expect(presetOf(cron)).toEqual(expected);
  });

  test('keep the time from one to the next', () => {
    expect(changeKind({ kind: 'day', time: '18:45' }, 'month')).toEqual({ kind: 'month', time: '18:45', day: 1 });
    expect(changeKind({ kind: 'weekdays', time: '18:45' }, 'week')).toMatchObject({ days: [1, 2, 3, 4, 5] });
    expect(changeKind({ kind: 'day', time: '18:45' }, 'hour')).toEqual({ kind: 'hour', minute: 45 });
    for (const kind of presetKinds) expect(presetOf(cronOf(changeKind(undefined, kind)))?.kind).toBe(kind);
  });
});
