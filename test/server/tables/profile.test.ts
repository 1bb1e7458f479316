import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ColumnProfile } from '../../../contract/tables/index.js';
import { profileColumn, profileOf } from '../../../server/tables/profile.js';

describe('the profile of a column', () => {
  test('of numbers: nulls, distinct, range, mean, bars', () => {
    const profile = profileColumn([1, 2, 2, null, 41], 'integer');
    expect(profile).toMatchObject({ nulls: 1, distinct: 3, min: '1', max: '41', mean: 11.5 });
    expect(profile.histogram).toHaveLength(20);
    expect(profile.histogram?.[0]).toEqual({ from: '1', to: '3', count: 3 });
    expect(profile.histogram?.at(-1)).toEqual({ from: '39', to: '41', count: 1 });
    expect(profile.top).toBeUndefined();
  });

  test('of decimals as texts, with what is no number among them', () => {
    expect(profileColumn(['0.1', '10.00', 'NaN'], 'decimal')).toMatchObject({ min: '0.1', max: '10.00', distinct: 3 });
    const mixed = profileColumn(['0.1', 'none'], 'decimal');
    expect(mixed).toMatchObject({ min: '0.1', max: 'none' });
    expect(mixed.top).toHaveLength(2);
    expect(mixed.histogram).toBeUndefined();
  });

  test('of times, with their zone and without', () => {
    const days = profileColumn(['2013-01-01', '2013-12-31', '2013-01-01'], 'date');
    expect(days).toMatchObject({ min: '2013-01-01', max: '2013-12-31', distinct: 2 });
    expect(days.histogram?.[0]).toEqual({ from: '2013-01-01', to: '2013-01-19', count: 2 });
    const times = ['2013-01-01 10:00:00', '2013-01-01T12:00:00+02:00', '2013-01-01T11:00:00Z'];
    expect(profileColumn(times, 'timestamp')).toMatchObject({ min: times[0], max: times[2] });
  });

  test('of texts: the most frequent, long ones cut', () => {
    const long = 'x'.repeat(500);
    const { top, min } = profileColumn(['b', 'a', 'b', long], 'string');
    expect(top).toEqual([
      { value: 'b', count: 2 },
      { value: 'a', count: 1 },
      { value: `${'x'.repeat(199)}…`, count: 1 }
    ]);
    expect(min).toBe('a');
  });

  test('of nothing but nulls, and of no rows', () => {
    expect(profileColumn([null, null], 'integer')).toEqual({ nulls: 2, distinct: 0 });
    expect(profileColumn([], 'string')).toEqual({ nulls: 0, distinct: 0 });
  });

  test('of one value many times has one bar', () => {
    expect(profileColumn([7, 7, 7], 'float').histogram).toEqual([{ from: '7', to: '7', count: 3 }]);
  });
});

test('whatever the values are, every one is counted once and the shape is the contract', async () => {
  const value = fc.oneof(fc.constant(null), fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant('1e400'));
  const kind = fc.constantFrom('integer', 'float', 'decimal', 'date', 'timestamp', 'string', 'boolean', 'json');
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 60 }), kind, async (values, of) => {
      const rows = values.map(each => [each]);
      const [profile] = await profileOf({ columns: [{ name: 'a', type: 't', kind: of }], rows, more: false });
      expect(ColumnProfile.parse(profile)).toEqual(profile);
      expect(profile?.nulls).toBe(values.filter(each => each === null).length);
      expect(profile?.distinct).toBe(new Set(values.filter(each => each !== null).map(String)).size);
      const present = values.filter(each => each !== null && Number.isFinite(Number(each))).length;
      const counted = profile?.histogram?.reduce((sum, { count }) => sum + count, 0);
      if (counted !== undefined && of !== 'date' && of !== 'timestamp') expect(counted).toBe(present);
    })
  );
});
