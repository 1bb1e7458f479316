import type { Job, JobEvent } from '../../../contract/jobs.js';
import type { JobStore, StoredJob } from '../../jobs/ports.js';
import type { Connection } from './connection.js';

type Row = Record<string, unknown>;

const COLUMNS = 'job, input, checkpoint, cancel_requested';

/**
 * Jobs and their events as rows.
 *
 * @param isGone - whether a worker is surely dead, so that its jobs are free before its claims run out
 */
export function createJobStore(connection: Connection, isGone: (worker: string) => boolean): JobStore {
  const { sql } = connection;

  function get(id: string): StoredJob | undefined {
    const row = sql(`SELECT ${COLUMNS} FROM jobs WHERE id = ?`).get(id);
    return row && stored(row);
  }

  function append(id: string, event: JobEvent): number {
    const row = sql(
      `INSERT INTO job_events (job_id, number, data)
       VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM job_events WHERE job_id = ?1), ?2) RETURNING number`
    ).get(id, JSON.stringify(event));
    return Number(row?.['number']);
  }

  return {
    get: id => connection.read(() => get(id)),
    look: id =>
      connection.read(() => {
        const row = sql('SELECT job, cancel_requested FROM jobs WHERE id = ?').get(id);
        return row && { job: JSON.parse(String(row['job'])) as Job, cancelRequested: row['cancel_requested'] === 1 };
      }),
    create: (job, input) =>
      connection.write(() => {
        const existing = get(job.id);
        if (existing) return { stored: existing, created: false };
        sql('INSERT INTO jobs (id, owner, job, input) VALUES (?, ?, ?, ?)').run(
          job.id,
          job.owner,
          JSON.stringify(job),
          JSON.stringify(input ?? null)
        );
        append(job.id, { type: 'state', job });
        return { stored: { job, input, checkpoint: undefined, cancelRequested: false }, created: true };
      }),
    list: (owner, { active, limit }) =>
      connection.read(() =>
        sql(`SELECT job FROM jobs WHERE owner = ? ${active ? 'AND ended_at IS NULL' : ''} ORDER BY id DESC LIMIT ?`)
          .all(owner, limit)
          .map(row => JSON.parse(String(row['job'])) as Job)
      ),
    update: (job, event, worker) =>
      connection[event.type === 'state' ? 'write' : 'note'](() => {
        const endedAt = isFinal(job) ? Date.parse(job.updatedAt) : null;
        const { changes } = sql(
          'UPDATE jobs SET job = ?, ended_at = ? WHERE id = ? AND worker = ? AND ended_at IS NULL'
        ).run(JSON.stringify(job), endedAt, job.id, worker);
        return changes === 0 ? undefined : append(job.id, event);
      }),
    checkpoint: (id, checkpoint, worker) =>
      connection.write(
        () =>
          sql('UPDATE jobs SET checkpoint = ? WHERE id = ? AND worker = ?').run(JSON.stringify(checkpoint), id, worker)
            .changes !== 0
      ),
    requestCancel: id =>
      connection.write(() => {
        sql('UPDATE jobs SET cancel_requested = 1 WHERE id = ? AND ended_at IS NULL').run(id);
      }),
    events: (id, after) =>
      connection.read(() =>
        sql('SELECT number, data FROM job_events WHERE job_id = ? AND number > ? ORDER BY number')
          .all(id, after)
          .map(row => ({ id: Number(row['number']), data: JSON.parse(String(row['data'])) as JobEvent }))
      ),
    claim: (id, worker, until, now) =>
      connection.note(() => {
        const row = sql('SELECT worker, claimed_until FROM jobs WHERE id = ? AND ended_at IS NULL').get(id);
        if (row === undefined || isHeld(row, worker, now, isGone)) return false;
        sql('UPDATE jobs SET worker = ?, claimed_until = ? WHERE id = ?').run(worker, until, id);
        return true;
      }),
    release: (id, worker) =>
      connection.note(() => {
        sql('UPDATE jobs SET worker = NULL, claimed_until = 0 WHERE id = ? AND worker = ?').run(id, worker);
      }),
    orphans: now =>
      connection.read(() =>
        sql(`SELECT ${COLUMNS}, worker, claimed_until FROM jobs WHERE ended_at IS NULL ORDER BY id`)
          .all()
          .filter(row => !isHeld(row, undefined, now, isGone))
          .map(stored)
      ),
    forget: endedBefore =>
      connection.note(() => Number(sql('DELETE FROM jobs WHERE ended_at < ?').run(endedBefore).changes))
  };
}

function isHeld(row: Row, worker: string | undefined, now: number, isGone: (worker: string) => boolean): boolean {
  const holder = row['worker'];
  if (typeof holder !== 'string' || holder === worker) return false;
  return Number(row['claimed_until']) > now && !isGone(holder);
}

function isFinal(job: Job): boolean {
  return job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled';
}

function stored(row: Row): StoredJob {
  return {
    job: JSON.parse(String(row['job'])) as Job,
    input: JSON.parse(String(row['input'])) as unknown,
    checkpoint: typeof row['checkpoint'] === 'string' ? (JSON.parse(row['checkpoint']) as unknown) : undefined,
    cancelRequested: row['cancel_requested'] === 1
  };
}
