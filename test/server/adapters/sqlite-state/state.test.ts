import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { connect } from '../../../../server/adapters/sqlite-state/connection.js';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import { migrate, migrations, versionOf } from '../../../../server/adapters/sqlite-state/migrations.js';
import { scratch } from '../../../support/scratch.js';
import { sampleJob } from '../../../support/stateSuite.js';

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

test('two connections see each other at once', () => {
  const file = join(scratch(), 'state.db');
  const one = open(file);
  const two = open(file);
  one.jobs.create(sampleJob('A'), { n: 1 });
  expect(two.jobs.get('A')?.input).toEqual({ n: 1 });
  expect(one.leases.take('x', 'one', 10, 0)).toBe(true);
  expect(two.leases.take('x', 'two', 10, 0)).toBe(false);
});
