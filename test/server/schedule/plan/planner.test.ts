import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../../../server/schedule/plan/planner.js';
import { scheduleHome } from '../../../support/schedule/home.js';

describe('planning', () => {
  it('makes one run of each due time, with its interval', () => {
    const home = scheduleHome('2026-11-23T06:59:58Z');
    const schedule = home.add({ policy: { overlap: 'queue' } });
    home.go('2026-11-23T06:59:59Z');
    expect(home.told(schedule)).toEqual([]);
    home.go('2026-11-23T07:00:00Z');
    home.go('2026-11-23T07:00:01Z');
    home.go('2026-11-23T08:00:02Z');
    expect(home.told(schedule)).toEqual(['07:00 QUEUED schedule', '08:00 QUEUED schedule']);
    expect(home.store.runs({ scheduleId: schedule.id, limit: 1 })).toMatchObject([
      { dueAt: '2026-11-23T08:00:00.000Z', intervalStart: '2026-11-23T07:00:00.000Z', owner: 'ada' }
    ]);
    expect(home.store.get(schedule.id)?.nextDue).toBe('2026-11-23T09:00:00.000Z');
    expect(home.store.nextDue()).toBe(Date.parse('2026-11-23T09:00:00Z'));
  });

  it('keeps a row of each due time that was missed, and why', () => {
    const home = scheduleHome('2026-11-23T06:30:00Z');
    const schedule = home.add();
    home.go('2026-11-23T09:30:00Z');
    expect(home.told(schedule)).toEqual(['07:00 MISSED schedule', '08:00 MISSED schedule', '09:00 MISSED schedule']);
    expect(home.store.runs({ scheduleId: schedule.id, limit: 1 })[0]?.reason).toMatch(/not running at this time/);
  });

  it.each([
    [{ catchUp: 'last' }, ['MISSED schedule', 'MISSED schedule', 'MISSED schedule', 'QUEUED catch-up']],
    [{ catchUp: 'all', maxCatchUp: 2 }, ['MISSED schedule', 'MISSED schedule', 'QUEUED catch-up', 'QUEUED catch-up']],
    [{ catchUp: 'all', maxCatchUp: 9 }, Array(4).fill('QUEUED catch-up')]
  ])('makes up for what was missed as the policy %j says', (policy, rows) => {
    const home = scheduleHome('2026-11-23T06:30:00Z');
    const schedule = home.add({ policy });
    home.go('2026-11-23T10:30:00Z');
    expect(home.told(schedule).map(row => row.slice(6))).toEqual(rows);
  });

  it('does not make up for the last one where the next is on time', () => {
    const home = scheduleHome('2026-11-23T06:30:00Z');
    const schedule = home.add({ policy: { catchUp: 'last' } });
    home.go('2026-11-23T09:00:10Z');
    expect(home.told(schedule).map(row => row.slice(6))).toEqual([
      'MISSED schedule',
      'MISSED schedule',
      'QUEUED schedule'
    ]);
  });

  it('skips a run while the one before is under way, and says so', () => {
    const home = scheduleHome('2026-11-23T06:59:00Z');
    const schedule = home.add();
    home.go('2026-11-23T07:00:00Z');
    home.go('2026-11-23T08:00:00Z');
    expect(home.told(schedule)).toEqual(['07:00 QUEUED schedule', '08:00 SKIPPED schedule']);
    const [, first] = home.store.runs({ scheduleId: schedule.id, limit: 2 });
    home.store.change({ ...first!, state: 'CANCELLED', endedAt: '2026-11-23T08:10:00.000Z' }, undefined);
    home.go('2026-11-23T09:00:00Z');
    expect(home.told(schedule)).toEqual([
      '07:00 CANCELLED schedule',
      '08:00 SKIPPED schedule',
      '09:00 QUEUED schedule'
    ]);
  });

  it('makes nothing twice where the clock goes back, or two processes plan', () => {
    const home = scheduleHome('2026-11-23T06:59:00Z');
    const schedule = home.add({ policy: { overlap: 'allow' } });
    home.go('2026-11-23T07:00:00Z');
    home.go('2026-11-23T06:50:00Z');
    const other = createPlanner({ ...home, store: home.open() });
    home.clock.move(11 * 60_000);
    expect(other.plan()).toBe(false);
    home.planner.plan();
    home.clock.move(3600_000);
    other.plan();
    home.planner.plan();
    expect(home.told(schedule)).toEqual(['07:00 QUEUED schedule', '08:00 QUEUED schedule']);
  });

  it('leaves a schedule alone that was changed meanwhile, paused or deleted', () => {
    const home = scheduleHome('2026-11-23T06:59:00Z');
    const schedule = home.add();
    expect(home.store.update({ ...schedule, state: 'paused', revision: 2 }, 1)).toBe(true);
    expect(home.store.update({ ...schedule, state: 'active', revision: 2 }, 1)).toBe(false);
    home.go('2026-11-23T08:00:00Z');
    expect(home.told(schedule)).toEqual([]);
    expect(home.store.nextDue()).toBeUndefined();
    home.store.plan({ schedule, plannedTo: home.clock.now(), runs: [] });
    expect(home.store.get(schedule.id)?.state).toBe('paused');
  });

  it('ends with the last day', () => {
    const home = scheduleHome('2026-11-23T22:30:00Z');
    const schedule = home.add({ when: { cron: '0 * * * *', end: '2026-11-23' } });
    home.go('2026-11-24T05:00:00Z');
    expect(home.told(schedule)).toEqual(['23:00 MISSED schedule']);
    expect(home.store.get(schedule.id)?.nextDue).toBeUndefined();
  });

  it('writes every minute of a week that was missed', () => {
    const home = scheduleHome('2026-11-16T00:00:30Z');
    const schedule = home.add({ when: { cron: '* * * * *' }, policy: { catchUp: 'all', maxCatchUp: 3 } });
    home.go('2026-11-23T00:00:30Z');
    const rows = home.store.runs({ scheduleId: schedule.id, limit: 20_000 });
    expect(rows).toHaveLength(7 * 24 * 60);
    expect(rows.filter(({ trigger }) => trigger === 'catch-up')).toHaveLength(3);
    expect(new Set(rows.map(({ dueAt }) => dueAt)).size).toBe(rows.length);
  });

  it('makes a run for each of 500 schedules that are due in one minute', () => {
    const home = scheduleHome('2026-11-23T06:59:00Z');
    for (let at = 0; at < 500; at++) home.add({ name: `Schedule ${at}` });
    home.go('2026-11-23T07:00:00Z');
    const rows = home.store.waiting(home.clock.now(), 1000);
    expect(new Set(rows.map(({ scheduleId }) => scheduleId)).size).toBe(500);
    expect(rows).toHaveLength(500);
  });

  it.each([
    ['zone', { cron: '0 * * * *', zone: 'Mars/Base' }],
    ['cron', { cron: 'every day', zone: 'UTC' }],
    ['cron', { cron: '61 * * * *', zone: 'UTC' }]
  ])('tells once of a schedule whose %s nobody can read any more, and goes on with the others', (field, when) => {
    const home = scheduleHome('2026-11-23T06:59:00Z');
    const bad = home.add();
    const good = home.add();
    home.store.update({ ...bad, spec: { ...bad.spec, when } }, 1);
    home.go('2026-11-23T07:00:00Z');
    home.go('2026-11-23T08:00:00Z');
    expect(home.told(good)).toEqual(['07:00 QUEUED schedule', '08:00 SKIPPED schedule']);
    expect(home.told(bad)).toEqual(['07:00 FAILED schedule']);
    const [run] = home.store.runs({ scheduleId: bad.id, limit: 1 });
    expect(run?.reason).toContain(`when.${field} `);
    expect(home.openAll().outbox.ends(10)).toMatchObject([{ run: { id: run?.id }, state: 'FAILED' }]);
  });
});
