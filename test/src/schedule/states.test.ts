import { nullTranslator } from '@jupyterlab/translation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunState, Trigger, isEnded } from '../../../contract/schedule/index.js';
import { dayAndTime, exactIn, soon } from '../../../src/schedule/moments.js';
import {
  SHAPES,
  goodDurations,
  hasEnded,
  lookOf,
  median,
  needsMending,
  runDuration,
  stateWord,
  triggerWord
} from '../../../src/schedule/states.js';
import { runOf } from './support.js';

const trans = nullTranslator.load('lakeside');

describe('states', () => {
  test('each has a word of its own, a shape, and ends as the contract says', () => {
    const words = RunState.options.map(state => stateWord(state, trans));
    expect(new Set(words).size).toBe(RunState.options.length);
    for (const state of RunState.options) {
      expect(SHAPES[lookOf(state)], state).toBeTruthy();
      expect(hasEnded(state), state).toBe(isEnded(state));
    }
    expect(new Set(Object.values(SHAPES)).size).toBe(6);
  });

  test('only what did not run well needs mending', () => {
    expect(RunState.options.filter(needsMending)).toEqual(['FAILED', 'FAILED_CHECK', 'TIMED_OUT', 'LOST']);
  });

  test('each trigger but the plain one has a word', () => {
    expect(Trigger.options.filter(trigger => triggerWord(trigger, trans) === '')).toEqual(['schedule']);
  });
});

describe('durations', () => {
  test('are those of the newest attempt, until now where it goes on', () => {
    const running = runOf(1, 3, { state: 'RUNNING' });
    expect(runDuration(running, Date.parse(running.dueAt) + 7000)).toBe(7000);
    expect(runDuration(runOf(1, 3), 0)).toBe(180_000);
    expect(runDuration(runOf(1, 3, { state: 'QUEUED' }), 0)).toBeUndefined();
    // A clock that goes wrong makes no negative time.
    expect(runDuration(running, 0)).toBe(0);
  });

  test('of good runs alone count', () => {
    expect(goodDurations([runOf(1, 1), runOf(1, 2, { state: 'FAILED' }), runOf(1, 4)])).toEqual([60_000, 240_000]);
  });

  test('the median has as many above as below', () => {
    expect(median([])).toBeUndefined();
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1])).toBe(2.5);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), numbers => {
        const middle = median(numbers) ?? Number.NaN;
        expect(numbers.filter(n => n < middle).length).toBeLessThanOrEqual(numbers.length / 2);
        expect(numbers.filter(n => n > middle).length).toBeLessThanOrEqual(numbers.length / 2);
      })
    );
  });
});

describe('moments', () => {
  const now = new Date(2026, 10, 23, 7, 0).getTime();
  const at = (days: number, hours = 7, minutes = 30) => new Date(2026, 10, 23 + days, hours, minutes).toISOString();

  test('what comes is told the closer the finer', () => {
    expect(soon(new Date(now + 20_000).toISOString(), now, trans)).toBe('in a moment');
    expect(soon(new Date(now - 20_000).toISOString(), now, trans)).toBe('in a moment');
    expect(soon(new Date(now + 12 * 60_000).toISOString(), now, trans)).toBe('in 12 min');
    expect(soon(at(0, 18, 5), now, trans)).toMatch(/^today .*05/);
    expect(soon(at(1), now, trans)).toMatch(/^tomorrow .*30/);
    expect(soon(at(3), now, trans)).toMatch(/^Thu .*30/);
    expect(soon(at(30), now, trans)).toMatch(/23.*30|30.*23/);
  });

  test('what was has its day', () => {
    expect(dayAndTime(at(0, 1), now, trans)).toMatch(/^today /);
    expect(dayAndTime(at(-1), now, trans)).toMatch(/^yesterday /);
    expect(dayAndTime(at(-3), now, trans)).toMatch(/20|Nov/);
  });

  test('a zone is named only where its clock differs', () => {
    const instant = '2026-11-23T06:30:00.000Z';
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(exactIn(instant, here)).not.toContain('\n');
    expect(exactIn(instant, 'Pacific/Kiritimati')).toMatch(/\n.*8:30.*Pacific\/Kiritimati$/);
    expect(exactIn(instant, 'No/Zone')).not.toContain('\n');
  });
});
