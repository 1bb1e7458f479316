import { existsSync, renameSync, rmSync } from 'node:fs';
import { ProblemError } from '../../../contract/problem.js';
import type { Connection } from './connection.js';

/** The steps that lead from an empty file to today's tables. Never changed once released; new ones are added at the end. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    job TEXT NOT NULL,
    input TEXT NOT NULL,
    checkpoint TEXT,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    ended_at INTEGER,
    worker TEXT,
    claimed_until INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX jobs_of_owner ON jobs (owner, id);
  CREATE INDEX jobs_unfinished ON jobs (id) WHERE ended_at IS NULL;
  CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;

  CREATE TABLE job_events (
    job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE bindings (
    root TEXT NOT NULL,
    path TEXT NOT NULL,
    notebook_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    held_id TEXT,
    gone INTEGER NOT NULL DEFAULT 0,
    seen_size INTEGER,
    seen_modified REAL,
    seen_hash TEXT,
    PRIMARY KEY (root, path)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX bindings_of_notebook ON bindings (notebook_id);

  CREATE TABLE done_once (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX done_once_at ON done_once (at);
  `,
  `
  CREATE TABLE gate_key (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key TEXT NOT NULL
  ) STRICT;

  CREATE TABLE gate_findings (
    notebook_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (notebook_id, fingerprint)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE gate_copies (
    notebook_id TEXT NOT NULL,
    source_hash TEXT NOT NULL,
    published_hash TEXT NOT NULL,
    PRIMARY KEY (notebook_id, source_hash)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    planned_to INTEGER NOT NULL,
    next_due INTEGER,
    changed INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    schedule TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX schedules_of_owner ON schedules (owner, id);
  CREATE INDEX schedules_due ON schedules (next_due) WHERE next_due IS NOT NULL;

  CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    schedule_id TEXT NOT NULL REFERENCES schedules (id) ON DELETE CASCADE,
    owner TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    is_planned INTEGER NOT NULL,
    ready_at INTEGER,
    ended_at INTEGER,
    worker TEXT,
    wish TEXT,
    changed INTEGER NOT NULL,
    run TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX runs_planned ON runs (schedule_id, due_at) WHERE is_planned = 1;
  CREATE INDEX runs_of_schedule ON runs (schedule_id, id);
  CREATE INDEX runs_of_owner ON runs (owner, id);
  CREATE INDEX runs_changed ON runs (owner, changed);
  CREATE INDEX schedules_changed ON schedules (owner, changed);
  CREATE TABLE schedule_changes (last INTEGER NOT NULL) STRICT;
  INSERT INTO schedule_changes VALUES (0);
  CREATE INDEX runs_waiting ON runs (ready_at) WHERE ready_at IS NOT NULL;
  CREATE INDEX runs_under_way ON runs (schedule_id, due_at) WHERE ended_at IS NULL;
  `
];

/**
 * Brings a database to the newest version. Before an existing one is changed, a copy is laid beside it:
 * `state.db.v1` for one of version 1.
 *
 * @throws ProblemError `unavailable` where a newer Lakeside has used it
 */
export function migrate(connection: Connection, steps: readonly string[] = migrations): void {
  const found = versionOf(connection);
  refuseNewer(connection, found, steps.length);
  if (found === steps.length) return;
  if (found > 0) keepCopy(connection, found);
  connection.write(() => {
    const current = versionOf(connection);
    refuseNewer(connection, current, steps.length);
    for (const step of steps.slice(current)) connection.exec(step);
    connection.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** The version of the tables in a database; 0 for an empty one. */
export function versionOf(connection: Connection): number {
  return connection.read(() => Number(connection.sql('PRAGMA user_version').get()?.['user_version'] ?? 0));
}

/** Throws where the tables are newer than this program. */
export function refuseNewer(connection: Connection, found: number, known: number): void {
  if (found <= known) return;
  throw new ProblemError(
    'unavailable',
    `${connection.file} was written by a newer Lakeside (version ${found} of its tables; this program knows ${known}). Update Lakeside, or use another LAKESIDE_HOME.`
  );
}

function keepCopy(connection: Connection, version: number): void {
  if (connection.file === ':memory:') return;
  const copy = `${connection.file}.v${version}`;
  if (existsSync(copy)) return;
  const unfinished = `${copy}.${process.pid}`;
  rmSync(unfinished, { force: true });
  connection.read(() => connection.sql('VACUUM INTO ?').run(unfinished));
  renameSync(unfinished, copy);
}
