import { accessSync, chmodSync, closeSync, constants, existsSync, fsyncSync, openSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ProblemError } from '../../../contract/problem.js';
import { isNetworkFileSystem, storageFull, storageReadOnly } from '../../storage.js';

/** Longest wait for another process's transaction. Milliseconds. */
const BUSY_TIMEOUT = 5_000;

/** SQLite's primary result codes that Lakeside tells apart. */
const codes = { busy: 5, readOnly: 8, io: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 } as const;

/** An open database: its statements are prepared once, its failures are typed problems. */
export interface Connection {
  readonly file: string;
  /** Runs code that only reads. */
  read: <T>(work: () => T) => T;
  /** Runs code in a transaction that is durable when this returns. Within another one it joins that one. */
  write: <T>(work: () => T) => T;
  /**
   * The same without waiting for the disk: what it writes survives the death of this process, but perhaps not a power
   * failure. Order is kept: whatever is written durably later makes it durable too.
   */
  note: <T>(work: () => T) => T;
  /** The prepared statement of this SQL. */
  sql: (text: string) => StatementSync;
  /** Runs SQL that cannot be prepared, or only once. */
  exec: (text: string) => void;
  close: () => void;
}

/**
 * Opens a database file, made with mode 0600 where it is missing. `:memory:` is a database of its own.
 * On a read-only disk an existing file is opened for reading; writes are then refused.
 *
 * @throws ProblemError `storage-full`, `storage-read-only`, `internal` for a damaged file
 */
export function connect(file: string): Connection {
  const database = file === ':memory:' ? new DatabaseSync(file) : openFile(file);
  const statements = new Map<string, StatementSync>();

  function guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw databaseProblem(error, file);
    }
  }

  const connection: Connection = {
    file,
    read: guard,
    write: work => (database.isTransaction ? work() : guard(() => transact(database, work))),
    note(work) {
      if (database.isTransaction) return work();
      return guard(() => {
        database.exec('PRAGMA synchronous = NORMAL');
        try {
          return transact(database, work);
        } finally {
          database.exec('PRAGMA synchronous = FULL');
        }
      });
    },
    sql(text) {
      let statement = statements.get(text);
      if (statement === undefined) statements.set(text, (statement = database.prepare(text)));
      return statement;
    },
    exec: text => guard(() => database.exec(text)),
    close: () => {
      if (database.isOpen) database.close();
    }
  };
  return connection;
}

function transact<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function openFile(file: string): DatabaseSync {
  const isNew = !existsSync(file);
  try {
    // Made here, so that its mode never depends on the umask; SQLite gives its own files the same mode.
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600));
    chmodSync(file, 0o600);
  } catch (error) {
    if (!isNew && isReadOnly(error)) return openForReading(file);
    throw fileProblem(error, file);
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    // WAL needs shared memory between processes, which network file systems do not give.
    database.exec(`PRAGMA journal_mode = ${isNetworkFileSystem(dirname(file)) ? 'DELETE' : 'WAL'}`);
    database.exec('PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 4194304');
  } catch (error) {
    database?.close();
    throw databaseProblem(error, file);
  }
  if (isNew) syncFolder(dirname(file));
  return database;
}

function isReadOnly(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EROFS';
}

/**
 * Opens a file of a read-only disk. What a crash left in the write-ahead log is seen where that can be read; without
 * one the file is taken as it is, since nobody can change it.
 */
function openForReading(file: string): DatabaseSync {
  const unchanging = pathToFileURL(file);
  unchanging.searchParams.set('immutable', '1');
  let failure: unknown;
  for (const place of existsSync(`${file}-wal`) ? [file, unchanging] : [unchanging]) {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(place, { readOnly: true });
      database.prepare('SELECT count(*) FROM sqlite_master').get();
      return database;
    } catch (error) {
      database?.close();
      failure = error;
    }
  }
  throw databaseProblem(failure, file);
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function fileProblem(error: unknown, file: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EROFS') return storageReadOnly(file, error);
  if (code === 'ENOSPC' || code === 'EDQUOT') return storageFull(file, error);
  return new ProblemError('internal', `${file} cannot be opened (${code ?? 'no reason given'}). Check who owns it.`, {
    cause: error
  });
}

/** The typed problem of an SQLite failure; anything else is given back as it is. */
function databaseProblem(error: unknown, file: string): unknown {
  const code = (error as { errcode?: number } | undefined)?.errcode;
  if (code === undefined) return error;
  switch (code & 0xff) {
    case codes.full:
      return storageFull(file, error);
    case codes.readOnly:
      return storageReadOnly(file, error);
    case codes.io:
    case codes.cannotOpen:
      return diskProblem(error, file);
    case codes.busy:
      return new ProblemError('unavailable', `${file} is busy: another program has held it for seconds. Try again.`, {
        cause: error,
        retryAfter: 1
      });
    case codes.corrupt:
    case codes.notADatabase:
      return new ProblemError(
        'internal',
        `${file} is damaged. Move it away and start again: what is published stays in the archive, jobs under way are lost.`,
        { cause: error }
      );
    default:
      return error;
  }
}

/** SQLite says "I/O error" for much that a full or read-only disk causes, so the disk is asked. */
function diskProblem(error: unknown, file: string): unknown {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    if (bavail * bsize < 65_536) return storageFull(file, error);
    accessSync(dirname(file), constants.W_OK);
  } catch (reason) {
    if (isReadOnly(reason)) return storageReadOnly(file, error);
  }
  return error;
}
