import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import { IndexLost } from '../../share/archive/indexLost.js';
import { createCheckpoints } from './checkpoints.js';
import type { Checkpoints } from './checkpoints.js';
import { isDamage, openInMemory, openIndexFile, removeIndexFile } from './file.js';
import type { IndexFile } from './file.js';

/** Longest wait for other processes. Milliseconds. */
const PATIENCE = 15_000;

/** After so long in memory the disk is tried again. Milliseconds. */
const RETRY_DISK = 300_000;

const BUSY = new Set([5, 6]);
/** Read-only, I/O error, full, cannot open: the disk takes no writes. */
const UNUSABLE = new Set([8, 10, 13, 14]);
const unusableCodes = new Set(['EROFS', 'ENOSPC', 'EDQUOT', 'EACCES', 'EPERM']);

/** The prepared statement of some SQL. */
export type Sql = (text: string) => StatementSync;

/** The database of the index: opened when first needed, shared with other processes, thrown away when damaged. */
export interface Database {
  /** Runs short code that reads. */
  read<T>(work: (sql: Sql) => T): Promise<T>;
  /** Runs short code in a transaction. It is run again where another process was in the way. */
  write<T>(work: (sql: Sql) => T): Promise<T>;
  /** Looks whether the file is still the one that others use. */
  refresh(): void;
  close(): Promise<void>;
}

interface Open extends IndexFile {
  sql: Sql;
  checkpoints: Checkpoints;
  openedAt: number;
}

/**
 * @throws IndexLost from any method, when what it held is gone: it is empty now
 */
export function createDatabase(directory: string, log: Log): Database {
  let open: Open | undefined;
  /** Whether somebody knows what is in it: then opening another one means that it was lost. */
  let known = false;

  function current(): Open {
    if (open !== undefined) return open;
    open = prepared(onDisk());
    if (known) throw lost();
    return open;
  }

  function lost(cause?: unknown): IndexLost {
    known = false;
    return new IndexLost(cause);
  }

  function onDisk(): IndexFile {
    try {
      return openIndexFile(directory);
    } catch (error) {
      if (!isUnusable(error)) throw error;
      log.warn({ err: error, directory }, 'the index of the Library is kept in memory: the disk takes no writes');
      return openInMemory();
    }
  }

  function drop(): void {
    const { database } = open ?? {};
    open = undefined;
    try {
      if (database?.isOpen) database.close();
    } catch (error) {
      log.debug({ err: error }, 'a damaged index did not close');
    }
  }

  /** Decides what a failure means: undefined to try again, else the error to throw. */
  function judge(error: unknown, target: Open | undefined): unknown {
    if (isBusy(error)) return undefined;
    const path = target?.path;
    if (path !== undefined && isDamage(error)) {
      log.error({ err: error, file: path }, 'the index of the Library is damaged and will be made anew');
      drop();
      removeIndexFile(path, directory);
      return lost(error);
    }
    if (path !== undefined && isUnusable(error)) {
      log.warn({ err: error, directory }, 'the index of the Library is kept in memory: the disk takes no writes');
      drop();
      open = prepared(openInMemory());
      return lost(error);
    }
    return error;
  }

  function rollBack(database: DatabaseSync | undefined): void {
    try {
      if (database?.isOpen && database.isTransaction) database.exec('ROLLBACK');
    } catch (error) {
      log.debug({ err: error }, 'a damaged index did not roll back');
    }
  }

  async function attempt<T>(work: (open: Open) => T): Promise<T> {
    const until = performance.now() + PATIENCE;
    for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
      let target: Open | undefined;
      try {
        // Opening meets other processes, too: whoever makes the tables has the file to itself.
        target = current();
        known = true;
        return work(target);
      } catch (error) {
        rollBack(target?.database);
        const verdict = judge(error, target);
        if (verdict !== undefined) throw verdict as Error;
        if (performance.now() > until) throw busy(error);
      }
      await wait(pause);
    }
  }

  return {
    read: work => attempt(({ sql }) => work(sql)),
    write: work =>
      attempt(({ database, sql, checkpoints }) => {
        database.exec('BEGIN IMMEDIATE');
        const result = work(sql);
        database.exec('COMMIT');
        checkpoints.written();
        return result;
      }),
    refresh() {
      if (open === undefined) return;
      const isStale = open.path === undefined ? performance.now() - open.openedAt > RETRY_DISK : !open.isCurrent();
      if (!isStale) return;
      drop();
      try {
        current();
      } catch (error) {
        // The next to read or write waits, and is told of the loss.
        if (!isBusy(error)) throw error;
      }
    },
    async close() {
      const { checkpoints } = open ?? {};
      known = false;
      await checkpoints?.settled();
      drop();
    }
  };
}

function prepared(file: IndexFile): Open {
  const statements = new Map<string, StatementSync>();
  const sql: Sql = text => {
    let statement = statements.get(text);
    if (statement === undefined) statements.set(text, (statement = file.database.prepare(text)));
    return statement;
  };
  return { ...file, sql, checkpoints: createCheckpoints(file), openedAt: performance.now() };
}

function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

/** Whether another process has the file to itself just now. */
function isBusy(error: unknown): boolean {
  return BUSY.has(codeOf(error) ?? 0);
}

function isUnusable(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return UNUSABLE.has(code);
  return unusableCodes.has((error as NodeJS.ErrnoException).code ?? '');
}

function busy(cause: unknown): ProblemError {
  return new ProblemError('unavailable', 'The index of the Library is busy. Try again in a moment.', {
    cause,
    retryAfter: 1
  });
}
