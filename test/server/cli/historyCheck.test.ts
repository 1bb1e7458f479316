import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createHistoryStore } from '../../../server/adapters/sqlite-state/history/index.js';
import { checkHistory, historyFinding } from '../../../server/cli/historyCheck.js';
import { readConfig } from '../../../server/config.js';
import { scratch } from '../../support/scratch.js';
import { silent } from '../../support/share/home.js';

const GB = 1024 ** 3;
const on = { enabled: true, retention: { days: 30, versions: 100, bytes: GB } };
const nothing = { usage: undefined, waiting: 0, since: undefined, broken: 0 };
const now = Date.parse('2026-11-21T12:00:00Z');

describe('the doctor on history', () => {
  test('says whether it is on, and how much is kept', () => {
    expect(historyFinding(on, nothing, now)).toEqual({ state: 'ok', detail: 'on: nothing kept yet' });
    const usage = { notebooks: 1, versions: 1234, bytes: 41_000 };
    expect(historyFinding(on, { ...nothing, usage }, now).detail).toBe(
      'on: 1,234 versions of 1 notebook, 41 KB of at most 1.1 GB'
    );
    expect(historyFinding({ ...on, enabled: false }, { ...nothing, usage }, now)).toMatchObject({
      state: 'ok',
      detail: expect.stringMatching(/^off \(LAKESIDE_HISTORY\): 1,234 versions/) as string
    });
  });

  test('saves that wait are no fault at first, and named with the cure later', () => {
    const soon = historyFinding(on, { ...nothing, waiting: 1, since: now - 60_000 }, now);
    expect(soon).toEqual({ state: 'ok', detail: 'on: nothing kept yet; 1 save waits to be taken in' });
    const late = historyFinding(on, { ...nothing, waiting: 3, since: now - 3_600_000 }, now);
    expect(late).toMatchObject({ state: 'warning', cure: expect.stringContaining('Start one') as string });
    expect(late.detail).toContain('3 saves wait');
  });

  test('copies that could not be understood are named with their place', () => {
    const found = historyFinding(on, { ...nothing, broken: 1 }, now);
    expect(found.state).toBe('warning');
    expect(found.detail).toContain('1 copy of saves could not be understood');
    expect(found.cure).toContain('history/saves/broken');
  });

  test('looks at the home, and makes no history where there is none', async () => {
    const home = scratch();
    const config = readConfig('cli', { HOME: home, LAKESIDE_HOME: home, LAKESIDE_HISTORY: 'off' });
    const around = { config, log: silent };
    expect((await checkHistory(around)).detail).toBe('off (LAKESIDE_HISTORY): nothing kept yet');
    expect(existsSync(join(home, 'history'))).toBe(false);

    createHistoryStore(join(home, 'history', 'history.db')).close();
    const saves = join(home, 'history', 'saves');
    mkdirSync(join(saves, 'broken'), { recursive: true });
    const at = BigInt(Date.now() - 20 * 60_000) * 1_000_000n;
    writeFileSync(join(saves, `${String(at).padStart(20, '0')}-1-1.save`), '');
    const found = await checkHistory(around);
    expect(found).toMatchObject({ state: 'warning', cure: expect.stringContaining('Start one') as string });
    expect(found.detail).toMatch(/1 save waits/);
  });
});
