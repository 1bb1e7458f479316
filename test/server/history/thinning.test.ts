import fc from 'fast-check';
import { expect, test } from 'vitest';
import { superfluous } from '../../../server/history/thinning.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 0, 5, 12);
const retention = { days: 100, versions: 1000, bytes: 0 };
const aged = (...ages: number[]) => ages.map(age => ({ at: now - age }));

test('everything of two days stays, then one an hour, then one a day', () => {
  const young = aged(0, 1, 2, HOUR, DAY, 2 * DAY);
  expect(superfluous(young, now, retention)).toEqual([]);
  const start = Math.floor((now - 5 * DAY) / HOUR) * HOUR;
  const hours = [50, 40, 10].map(minute => ({ at: start + minute * 60_000 }));
  expect(superfluous([...aged(0), ...hours], now, retention)).toEqual(hours.slice(1));
  const day = Math.floor((now - 50 * DAY) / DAY) * DAY;
  const days = [20, 12, 3].map(hour => ({ at: day + hour * HOUR }));
  expect(superfluous([...aged(0), ...days], now, retention)).toEqual(days.slice(1));
});

test('old ones go, the newest of all never', () => {
  const versions = aged(101 * DAY, 102 * DAY);
  expect(superfluous(versions, now, retention)).toEqual(versions.slice(1));
});

test('no more than so many stay', () => {
  const versions = aged(0, 1, 2, 3, 4);
  expect(superfluous(versions, now, { ...retention, versions: 2 })).toEqual(versions.slice(2));
});

test('thinned out once, nothing more goes at that time', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 120 * 24 * 60 }), { maxLength: 200 });
  fc.assert(
    fc.property(ages, minutes => {
      const versions = aged(...minutes.sort((a, b) => a - b).map(each => each * 60_000));
      const gone = new Set(superfluous(versions, now, retention));
      const rest = versions.filter(version => !gone.has(version));
      expect(superfluous(rest, now, retention)).toEqual([]);
      if (versions.length > 0) expect(rest[0]).toBe(versions[0]);
    })
  );
});
