import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, test } from 'vitest';
import { remindersOf } from '../../../src/credentials/notices/reminders.js';
import { isFirst } from '../../../src/credentials/once.js';
import { meant, standingOf } from '../../../src/credentials/standing.js';
import { webAddress } from '../../../src/credentials/webAddress.js';
import { productionWord, standingWords, timeLeft } from '../../../src/credentials/words.js';
import { MINUTE, NOW, at, profileOf, sessionOf, ulidOf } from './support.js';

const trans = nullTranslator.load('lakeside');
const words = (...given: Parameters<typeof profileOf>) => standingWords(standingOf(profileOf(...given), NOW), trans);

describe('how somebody stands', () => {
  test('is told in each state', () => {
    expect(words('dev')).toBe('signed out');
    expect(words('dev', { signIn: ulidOf(1) })).toBe('signing in');
    expect(words('dev', sessionOf(432))).toBe('7 h 12 m');
    expect(words('dev', sessionOf(10))).toBe('ends in 10 min');
    expect(words('dev', sessionOf(0.5))).toBe('ends in 30 s');
    expect(words('dev', sessionOf(-1))).toBe('session ended');
    expect(words('dev', { ...sessionOf(60), session: { id: 'a', identity: { name: 'a' }, renewable: false } })).toBe(
      'signed in'
    );
  });

  test('ends by the clock before the server says so', () => {
    expect(standingOf(profileOf('dev', sessionOf(5)), NOW + 5 * MINUTE).state).toBe('expired');
  });

  test('counts to when the person is needed again, not to the next keys', () => {
    const renewing = profileOf('dev', sessionOf(5, { renewable: true, renewableUntil: at(300) }));
    expect(standingOf(renewing, NOW)).toMatchObject({ state: 'active', left: 300 * MINUTE, renews: true });
    expect(standingOf({ ...renewing, autoRefresh: false }, NOW)).toMatchObject({ state: 'ends-soon', renews: false });
    const endless = profileOf('dev', sessionOf(5, { renewable: true }));
    expect(standingOf(endless, NOW)).toMatchObject({ state: 'active', endsAt: undefined });
  });

  test('is to know where new keys do not come: then the end of the keys counts', () => {
    const trouble = { message: 'id.example.org does not answer.', code: 'credential-unreachable' };
    const renewing = profileOf('dev', { ...sessionOf(40, { renewable: true, renewableUntil: at(300) }), trouble });
    expect(standingOf(renewing, NOW)).toMatchObject({ state: 'not-renewed', left: 40 * MINUTE, renews: false });
    expect(standingWords(standingOf(renewing, NOW), trans)).toBe('not renewed · 40 min');
    expect(standingOf(renewing, NOW + 31 * MINUTE).state).toBe('ends-soon');
    expect(standingOf({ ...renewing, autoRefresh: false }, NOW).state).toBe('active');
  });

  test('is of the profile in use, or of the only one', () => {
    const [dev, prod] = [profileOf('dev'), profileOf('prod')];
    expect(meant({ profiles: [dev, prod], active: 'prod' })).toBe(prod);
    expect(meant({ profiles: [dev] })).toBe(dev);
    expect(meant({ profiles: [dev, prod] })).toBeUndefined();
  });

  test('names production where the name does not', () => {
    expect(productionWord(profileOf('live', { production: true }), trans)).toBe('production');
    expect(productionWord(profileOf('prod', { production: true, label: 'Prod EU' }), trans)).toBeUndefined();
    expect(productionWord(profileOf('dev'), trans)).toBeUndefined();
  });

  test('rounds down, as a clock counts', () => {
    expect([59_999, 60_000, 3_599_999, 3_600_000, -5].map(ms => timeLeft(ms, trans))).toEqual([
      '59 s',
      '1 min',
      '59 min',
      '1 h 0 m',
      '0 s'
    ]);
  });
});

describe('reminders', () => {
  const marks = (minutes: number, more = {}) =>
    remindersOf([profileOf('dev', sessionOf(minutes, more))], NOW).map(({ minutes: mark }) => mark);

  test('come at 30, 10 and 1 minutes', () => {
    expect([31, 30, 29, 10, 9, 1, 0.5, -1].map(minutes => marks(minutes))).toEqual([
      [],
      [30],
      [30],
      [10],
      [10],
      [1],
      [1],
      []
    ]);
  });

  test('have one key for each mark of each session', () => {
    const key = (minutes: number, now: number) => remindersOf([profileOf('dev', sessionOf(minutes))], now)[0]?.key;
    expect(key(20, NOW)).toBe(key(20, NOW + MINUTE));
    expect(key(20, NOW)).not.toBe(key(20, NOW + 11 * MINUTE));
    expect(key(20, NOW)).not.toBe(key(21, NOW));
  });

  test('do not come for a session that was shorter from its beginning, or that renews by itself', () => {
    expect(marks(14, { since: at(-1) })).toEqual([]);
    expect(marks(9, { since: at(-6) })).toEqual([10]);
    expect(marks(9, { renewable: true })).toEqual([]);
    expect(marks(9, { renewable: true, renewableUntil: at(400) })).toEqual([]);
    expect(marks(9, { renewable: true, renewableUntil: at(25) })).toEqual([30]);
  });

  test('are told once over all tabs', () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, v: string) => void kept.set(key, v)
    };
    expect([isFirst('dev', 'a', store), isFirst('dev', 'a', store), isFirst('dev', 'b', store)]).toEqual([
      true,
      false,
      true
    ]);
    const broken = {
      getItem: () => {
        throw new Error('none');
      },
      setItem: () => undefined
    };
    expect(isFirst('dev', 'a', broken)).toBe(true);
  });
});

test('only addresses of the web are opened', () => {
  expect(webAddress('https://id.example.org/device?code=A-B')).toBe('https://id.example.org/device?code=A-B');
  expect(webAddress('http://127.0.0.1:8080/device')).toBe('http://127.0.0.1:8080/device');
  for (const bad of [
    'javascript:alert(1)',
    'data:text/html,x',
    'http://id.example.org/',
    'file:///etc',
    '//x',
    undefined
  ]) {
    expect(webAddress(bad), bad).toBeUndefined();
  }
});
