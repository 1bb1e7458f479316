import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import type { Job } from '../../../../contract/jobs.js';
import { ProblemError } from '../../../../contract/problem.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { connect } from '../../../../server/adapters/sqlite-state/connection.js';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import { migrate, migrations, versionOf } from '../../../../server/adapters/sqlite-state/migrations.js';
import { scratch } from '../../../support/scratch.js';

const AT = '2026-01-01T00:00:00.000Z';
const job = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  kind: 'share',
  state: 'queued',
  owner: 'ada',
  createdAt: AT,
  updatedAt: AT,
  steps: [],
  ...more
});

function open(file: string, isGone?: (holder: string) => boolean) {
  const state = openState({ file, clock: systemClock, ...(isGone && { isGone }) });
  onTestFinished(() => state.close());
  return state;
}

test('a file of its own, for its owner alone, in WAL mode with full synchronisation', () => {
  const file = join(scratch(), 'state.db');
  const state = open(file);
  state.leases.take('x', 'me', 10, 0);
  for (const name of [file, `${file}-wal`, `${file}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
  const connection = connect(file);
  expect(connection.sql('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(connection.sql('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  connection.close();
});

test('an existing file that others may read is closed to them', () => {
  const file = join(scratch(), 'state.db');
  open(file).close();
  chmodSync(file, 0o644);
  open(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a newer version is refused with a sentence, and left as it is', () => {
  const file = join(scratch(), 'state.db');
  open(file).close();
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => open(file)).toThrow(/newer Lakeside \(version 99/);
  const after = new DatabaseSync(file);
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  after.close();
});

test('a newer Lakeside that upgrades the file while this one runs stops its writes', () => {
  const file = join(scratch(), 'state.db');
  const state = open(file);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  database.close();
  expect(() => state.leases.take('x', 'me', 10, 0)).toThrow(/newer Lakeside/);
});

test('a migration keeps a copy of what was there, and runs once', () => {
  const file = join(scratch(), 'state.db');
  const before = connect(file);
  migrate(before, ['CREATE TABLE notes (text TEXT)']);
  before.write(() => before.sql('INSERT INTO notes VALUES (?)').run('kept'));
  before.close();
  expect(existsSync(`${file}.v1`)).toBe(false);

  const after = connect(file);
  const steps = ['CREATE TABLE notes (text TEXT)', 'ALTER TABLE notes ADD COLUMN more TEXT'];
  migrate(after, steps);
  migrate(after, steps);
  expect(versionOf(after)).toBe(2);
  expect(after.sql('SELECT * FROM notes').all()).toEqual([{ text: 'kept', more: null }]);
  after.close();

  const copy = new DatabaseSync(`${file}.v1`, { readOnly: true });
  expect(copy.prepare('SELECT * FROM notes').all()).toEqual([{ text: 'kept' }]);
  expect(copy.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
  copy.close();
});

test('a migration that fails changes nothing', () => {
  const connection = connect(join(scratch(), 'state.db'));
  expect(() => migrate(connection, ['CREATE TABLE a (x)', 'CREATE TABLE a (x)'])).toThrow();
  expect(versionOf(connection)).toBe(0);
  expect(connection.sql('SELECT count(*) AS n FROM sqlite_master').get()).toEqual({ n: 0 });
  connection.close();
});

test('a file that is no database is refused with a sentence that names it', () => {
  const file = join(scratch(), 'state.db');
  writeFileSync(file, 'not a database at all, '.repeat(100));
  expect(() => open(file)).toThrow(ProblemError);
  expect(() => open(file)).toThrow(/state\.db is damaged/);
  expect(readFileSync(file, 'utf8')).toContain('not a database');
});

test('a job is made once; events are numbered; only its worker changes it', () => {
  const { jobs } = open(':memory:');
  expect(jobs.create(job('A'), { path: 'a' }).created).toBe(true);
  const again = jobs.create(job('A', { owner: 'eve' }), { path: 'b' });
  expect(again.created).toBe(false);
  expect(again.stored).toMatchObject({ job: { owner: 'ada' }, input: { path: 'a' } });

  expect(jobs.update(job('A', { state: 'running' }), { type: 'state', job: job('A') }, 'me')).toBeUndefined();
  expect(jobs.claim('A', 'me', 100, 0)).toBe(true);
  expect(jobs.claim('A', 'other', 100, 50)).toBe(false);
  expect(jobs.update(job('A', { state: 'running' }), { type: 'state', job: job('A') }, 'me')).toBe(2);
  expect(jobs.checkpoint('A', { at: 1 }, 'me')).toBe(true);
  expect(jobs.claim('A', 'other', 200, 100)).toBe(true);
  expect(jobs.checkpoint('A', { at: 2 }, 'me')).toBe(false);
  expect(jobs.update(job('A'), { type: 'state', job: job('A') }, 'me')).toBeUndefined();
  expect(jobs.get('A')).toMatchObject({ checkpoint: { at: 1 }, job: { state: 'running' } });
  expect(jobs.events('A', 0).map(event => event.id)).toEqual([1, 2]);
  expect(jobs.events('A', 1).map(event => event.id)).toEqual([2]);
});

test('an ended job stays as it is, is nobody’s, and is forgotten with its events', () => {
  const { jobs } = open(':memory:');
  jobs.create(job('A'), null);
  jobs.claim('A', 'me', 100, 0);
  const ended = job('A', { state: 'succeeded' });
  jobs.update(ended, { type: 'state', job: ended }, 'me');
  expect(jobs.update(job('A', { state: 'failed' }), { type: 'state', job: ended }, 'me')).toBeUndefined();
  expect(jobs.claim('A', 'other', 1e15, 1e14)).toBe(false);
  expect(jobs.orphans(1e15)).toEqual([]);
  jobs.requestCancel('A');
  expect(jobs.get('A')?.cancelRequested).toBe(false);
  expect(jobs.forget(Date.parse(AT))).toBe(0);
  expect(jobs.forget(Date.parse(AT) + 1)).toBe(1);
  expect(jobs.get('A')).toBeUndefined();
  expect(jobs.events('A', 0)).toEqual([]);
});

test('jobs whose worker is gone, or whose claim ran out, are orphans', () => {
  const gone = new Set<string>();
  const { jobs } = open(':memory:', holder => gone.has(holder));
  for (const id of ['A', 'B', 'C']) jobs.create(job(id), null);
  jobs.claim('A', 'one', 100, 0);
  jobs.claim('B', 'two', 200, 0);
  const orphans = (now: number) => jobs.orphans(now).map(stored => stored.job.id);
  expect(orphans(50)).toEqual(['C']);
  expect(orphans(150)).toEqual(['A', 'C']);
  gone.add('two');
  expect(orphans(50)).toEqual(['B', 'C']);
  expect(jobs.claim('B', 'three', 300, 50)).toBe(true);
  jobs.release('A', 'one');
  expect(orphans(50)).toEqual(['A', 'C']);
});

test('lists the owner’s jobs, newest first', () => {
  const { jobs } = open(':memory:');
  for (const id of ['A', 'C', 'B']) jobs.create(job(id), null);
  jobs.create(job('D', { owner: 'eve' }), null);
  jobs.claim('B', 'me', 100, 0);
  jobs.update(job('B', { state: 'failed' }), { type: 'state', job: job('B') }, 'me');
  expect(jobs.list('ada', { active: false, limit: 10 }).map(({ id }) => id)).toEqual(['C', 'B', 'A']);
  expect(jobs.list('ada', { active: true, limit: 10 }).map(({ id }) => id)).toEqual(['C', 'A']);
  expect(jobs.list('ada', { active: false, limit: 1 }).map(({ id }) => id)).toEqual(['C']);
});

test('a lease has one holder until it runs out, is given up, or its holder is gone', () => {
  const gone = new Set<string>();
  const { leases } = open(':memory:', holder => gone.has(holder));
  expect(leases.take('x', 'a', 100, 0)).toBe(true);
  expect(leases.take('x', 'b', 100, 99)).toBe(false);
  expect(leases.take('x', 'a', 150, 50)).toBe(true);
  leases.release('x', 'b');
  expect(leases.take('x', 'b', 200, 149)).toBe(false);
  expect(leases.take('x', 'b', 300, 150)).toBe(true);
  leases.release('x', 'b');
  expect(leases.take('x', 'c', 400, 0)).toBe(true);
  gone.add('c');
  expect(leases.take('x', 'a', 400, 0)).toBe(true);
});

test('two connections see each other at once', () => {
  const file = join(scratch(), 'state.db');
  const one = open(file);
  const two = open(file);
  one.jobs.create(job('A'), { n: 1 });
  expect(two.jobs.get('A')?.input).toEqual({ n: 1 });
  expect(one.leases.take('x', 'one', 10, 0)).toBe(true);
  expect(two.leases.take('x', 'two', 10, 0)).toBe(false);
});
