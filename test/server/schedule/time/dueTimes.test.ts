import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { When } from '../../../../contract/schedule/spec.js';
import { DueTimes } from '../../../../server/schedule/time/dueTimes.js';
import { Zone } from '../../../../server/schedule/time/zone.js';
import { dose } from '../../../support/dose.js';
import { someCron } from '../../../support/schedule/cron.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Due times as ISO strings. */
function due(when: { cron: string; zone: string; start?: string; end?: string }, from: string, to: string): string[] {
  const times = new DueTimes(When.parse(when));
  return [...times.between(Date.parse(from), Date.parse(to))].map(({ instant }) => new Date(instant).toISOString());
}

describe('due times', () => {
  it('come once where the clocks show a time twice', () => {
    const when = { cron: '30 1 * * *', zone: 'America/New_York' };
    expect(due(when, '2026-10-31T12:00:00Z', '2026-11-02T12:00:00Z')).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-02T06:30:00.000Z'
    ]);
  });

  it('come at the end of the gap where the clocks skip a time, once for all that were skipped', () => {
    const when = { cron: '*/20 2 * * *', zone: 'America/New_York' };
    expect(due(when, '2026-03-08T00:00:00Z', '2026-03-09T00:00:00Z')).toEqual(['2026-03-08T07:00:00.000Z']);
  });

  it('are those of leap days', () => {
    expect(due({ cron: '0 0 29 2 *', zone: 'UTC' }, '2026-01-01T00:00:00Z', '2033-01-01T00:00:00Z')).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z'
    ]);
  });

  it('begin and end with the days of the zone', () => {
    const when = { cron: '0 */12 * * *', zone: 'Asia/Shanghai', start: '2026-11-21', end: '2026-11-22' };
    expect(due(when, '2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z')).toEqual([
      '2026-11-20T16:00:00.000Z',
      '2026-11-21T04:00:00.000Z',
      '2026-11-21T16:00:00.000Z',
      '2026-11-22T04:00:00.000Z'
    ]);
  });

  it('are none for a day that no month has', () => {
    expect(new DueTimes(When.parse({ cron: '0 0 31 2 *' })).next(Date.UTC(2026, 0, 1))).toBeUndefined();
  });

  it('know the one before, from which their interval begins', () => {
    const before = (cron: string, at: string, start?: string): string => {
      const times = new DueTimes(When.parse({ cron, ...(start !== undefined && { start }) }));
      const found = times.next(Date.parse(at) - 1);
      return new Date(found === undefined ? 0 : times.before(found)).toISOString();
    };
    expect(before('0 7 * * 1-5', '2026-11-23T07:00:00Z')).toBe('2026-11-20T07:00:00.000Z');
    expect(before('0 0 1 1 *', '2026-01-01T00:00:00Z')).toBe('2025-01-01T00:00:00.000Z');
    expect(before('0 7 * * *', '2026-11-23T07:00:00Z', '2026-11-23')).toBe('2026-11-22T07:00:00.000Z');
  });
});

/** Windows of two days and a half around each change of a zone's clocks in 2020–2035, and one quiet window a zone. */
function windows(): { zone: string; from: number; to: number }[] {
  const begin = Date.UTC(2020, 0, 1);
  const end = Date.UTC(2036, 0, 1);
  return Intl.supportedValuesOf('timeZone').flatMap(name => {
    const zone = new Zone(name);
    const found = [{ zone: name, from: Date.UTC(2028, 1, 28), to: Date.UTC(2028, 2, 1) }];
    const offsetAt = (day: number): number => zone.civilAt(day) - day;
    // No zone changes its clocks twice within eight days.
    for (let step = begin, offset = offsetAt(begin); step < end; step += 8 * DAY) {
      const next = offsetAt(step + 8 * DAY);
      for (let day = step; next !== offset && day < step + 8 * DAY; day += 2 * DAY) {
        if (offsetAt(day) === offsetAt(day + 2 * DAY)) continue;
        found.push({ zone: name, from: day - 6 * HOUR, to: day + 2 * DAY + 6 * HOUR });
      }
      offset = next;
    }
    return found;
  });
}

interface Answer {
  offsets: number[];
  due: number[][];
}

/** Asks Python, which knows time zones from a data base of its own. */
async function oracle(questions: object[]): Promise<Answer[]> {
  const child = spawn('python3', [join(import.meta.dirname, '../../../support/schedule/oracle.py')], {
    stdio: ['pipe', 'pipe', 'inherit']
  });
  child.stdin.end(questions.map(question => `${JSON.stringify(question)}\n`).join(''));
  const answers: Answer[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(JSON.parse(line) as Answer);
  expect(answers).toHaveLength(questions.length);
  return answers;
}

it('are those that another program finds by trying every minute, in all zones, 2020 to 2035', async () => {
  const { runs, seed } = dose('due times of expressions in zones', { ci: 10_000, full: 100_000 });
  const all = windows();
  expect(new Set(all.map(({ zone }) => zone)).size).toBeGreaterThan(400);
  const perWindow = 50;
  const order = fc.sample(fc.double({ noNaN: true }), { numRuns: all.length, seed });
  const chosen = all.map((window, at) => ({ window, key: order[at] ?? 0 })).sort((a, b) => a.key - b.key);
  // Full doses go around the zones more than once; those of CI take some of them.
  const asked = Array.from({ length: Math.ceil(runs / perWindow) }, (_, at) => chosen[at % chosen.length]!.window);
  const crons = fc.sample(someCron(), { numRuns: asked.length * perWindow, seed });
  const questions = asked.map(({ zone, from, to }, at) => ({
    zone,
    from: from / 1000,
    to: to / 1000,
    crons: crons.slice(at * perWindow, (at + 1) * perWindow)
  }));
  const answers = await oracle(questions);
  let strangers = 0;
  for (const [at, { zone, from, to, crons }] of questions.entries()) {
    const answer = answers[at]!;
    const own = new Zone(zone);
    const offsets = answer.offsets.map((_, hour) => {
      const instant = from * 1000 - DAY + hour * HOUR;
      return (own.civilAt(instant) - instant) / 1000;
    });
    // Where the two data bases of zones are of different years the rule cannot be judged.
    if (offsets.join() !== answer.offsets.join()) {
      strangers++;
      continue;
    }
    for (const [number, cron] of crons.entries()) {
      const times = new DueTimes(When.parse({ cron, zone }));
      const found = [...times.between(from * 1000, to * 1000)].map(({ instant }) => instant / 1000);
      expect(found, `${cron} in ${zone} from ${new Date(from * 1000).toISOString()}`).toEqual(answer.due[number]);
    }
  }
  console.log(`${strangers} of ${questions.length} windows in zones of which the two programs have other data`);
  expect(strangers / questions.length).toBeLessThan(0.05);
}, 7_200_000);
