import { describe, expect, test, onTestFinished } from 'vitest';
import { openBucket } from '../../../../server/adapters/objectstore-s3/bucket.js';
import { checkBucket } from '../../../../server/adapters/objectstore-s3/check.js';
import { probe } from '../../../../server/adapters/objectstore-s3/probe.js';
import { settingsOf, surroundings, twinKey } from '../../../support/s3/stores.js';
import { startTwin } from '../../../support/s3/twin.js';
import type { Habits } from '../../../support/s3/twin.js';

const good = {
  ifAbsent: 'exact',
  multipart: true,
  multipartIfAbsent: true,
  listsAtOnce: true,
  listsSorted: true,
  refusesDamaged: true
};

async function twinWith(habits: Partial<Habits>) {
  const twin = await startTwin(habits);
  onTestFinished(() => twin.stop());
  return twin;
}

describe('the probe', () => {
  test.each<[string, Partial<Habits>, object]>([
    ['a good server', {}, {}],
    ['one that ignores conditions', { ifNoneMatch: 'ignored' }, { ifAbsent: 'ignored' }],
    ['one that does not know them', { ifNoneMatch: 'unknown' }, { ifAbsent: 'ignored' }],
    ['one with races', { ifNoneMatch: 'racy' }, { ifAbsent: 'racy' }],
    ['one that completes parts over what is there', { parts: 'plain' }, { multipartIfAbsent: false }],
    ['one without parts', { parts: 'none' }, { multipart: false, multipartIfAbsent: false }],
    ['one with late lists', { listsLate: 300 }, { listsAtOnce: false }],
    ['one on a file system', { order: 'walk' }, { listsSorted: false }],
    ['one that takes damaged bytes', { checksMd5: false }, { refusesDamaged: false }]
  ])('sees %s as it is, and tidies up', async (_, habits, differs) => {
    const twin = await twinWith(habits);
    const bucket = openBucket(settingsOf(twin.endpoint, twinKey), surroundings(twinKey));
    const { clockAhead, ...verdict } = await probe(bucket);
    bucket.client.destroy();
    const unsure = habits.listsLate === undefined ? {} : { listsSorted: expect.any(Boolean) as boolean };
    expect(verdict).toEqual({ ...good, ...differs, ...unsure });
    expect(Math.abs(clockAhead)).toBeLessThanOrEqual(2);
    expect([...twin.objects.keys()]).toEqual([]);
  });

  test("sees a server's clock", async () => {
    const twin = await twinWith({ ahead: 300 });
    const bucket = openBucket(settingsOf(twin.endpoint, twinKey), surroundings(twinKey));
    expect((await probe(bucket)).clockAhead).toBeGreaterThan(295);
    bucket.client.destroy();
  });
});

describe('the check for the doctor', () => {
  const check = async (habits: Partial<Habits>) =>
    checkBucket(settingsOf((await twinWith(habits)).endpoint, twinKey), surroundings(twinKey));

  test('says by how much the clocks differ', async () => {
    const told = (await check({ ahead: -120 })).map(({ detail }) => detail).join('\n');
    expect(told).toMatch(/clock is 1[12]\d s behind/);
  });

  test('says what follows', async () => {
    expect((await check({})).map(({ state }) => state)).toEqual(['ok', 'ok']);
    const bad = await check({ ifNoneMatch: 'ignored', parts: 'none', listsLate: 300, checksMd5: false });
    expect(bad.filter(({ state }) => state === 'failed').map(({ detail }) => detail)).toEqual([
      'uploads in parts fail, so nothing above 8 MB can be shared'
    ]);
    const told = bad.map(({ detail }) => detail).join('\n');
    expect(told).toMatch(/are ignored, so Lakeside does without/);
    expect(told).toMatch(/lists are behind/);
    expect(told).toMatch(/checksum are taken/);
    for (const { state, cure } of bad) expect(cure !== undefined, state).toBe(state !== 'ok');
  });
});
