import { closeSync, constants, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isNetworkFileSystem } from '../../storage.js';
import { APPLICATION, SCHEMA, TABLES } from './schema.js';

/** SQLite waits so long for another process by blocking this one; the rest is waited for without (database.ts). */
const BLOCKING_WAIT = 10;

/** Files of older programs that nobody touched for so long are removed. Milliseconds. */
const OUTDATED = 7 * 24 * 3_600_000;

/** An open index file. */
export interface IndexFile {
  database: DatabaseSync;
  /** Undefined for an index in memory. */
  path: string | undefined;
  /** Whether it has a write-ahead log, which somebody must copy back. */
  hasWal: boolean;
  /** False once the file was removed or replaced by another process. */
  isCurrent(): boolean;
}

/**
 * Opens the index in a folder, or makes an empty one. A file that is damaged, foreign or of another shape is removed;
 * the next one gets a new number, because other processes may still have the old one and its log open.
 */
export function openIndexFile(directory: string): IndexFile {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  removeOutdated(directory);
  for (;;) {
    const path = join(directory, nameOf(newestNumber(directory)));
    try {
      return openPath(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      removeIndexFile(path, directory);
    }
  }
}

/** An index that ends with the process, for when the disk takes no writes. */
export function openInMemory(): IndexFile {
  const database = new DatabaseSync(':memory:');
  prepare(database);
  return { database, path: undefined, hasWal: false, isCurrent: () => true };
}

/** Removes an index file that turned out to be damaged, and reserves the next number. */
export function removeIndexFile(path: string, directory: string): void {
  const number = numberOf(path.slice(directory.length + 1)) ?? 0;
  closeSync(openSync(join(directory, nameOf(number + 1)), constants.O_RDWR | constants.O_CREAT, 0o600));
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function openPath(path: string): IndexFile {
  // Made here, so that its mode never depends on the umask; SQLite gives its own files the same mode.
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  const { ino } = statSync(path);
  const database = new DatabaseSync(path, { timeout: BLOCKING_WAIT });
  try {
    const hasWal = !isNetworkFileSystem(path);
    database.exec(`PRAGMA journal_mode = ${hasWal ? 'WAL' : 'DELETE'}`);
    // Losing the last moments is fine, the archive has them; a torn file is not.
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 1048576');
    database.exec('PRAGMA cache_size = -8000');
    prepare(database);
    return { database, path, hasWal, isCurrent: () => statSync(path, { throwIfNoEntry: false })?.ino === ino };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables in an empty database, or checks that they are those of this program. */
function prepare(database: DatabaseSync): void {
  // Only the first to come takes the write lock: the others must not wait for whoever is writing.
  if (isOurs(database)) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    if (!isOurs(database)) database.exec(TABLES);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * False for an empty database.
 *
 * @throws ForeignFile for tables that are not ours
 */
function isOurs(database: DatabaseSync): boolean {
  const pragma = (name: string): unknown => database.prepare(`PRAGMA ${name}`).get()?.[name];
  if (database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined) return false;
  if (pragma('application_id') !== APPLICATION || pragma('user_version') !== SCHEMA) throw new ForeignFile();
  return true;
}

/** Another program's tables, or those of another version under this one's name. */
class ForeignFile extends Error {
  readonly errcode = 26;
}

const damages = new Set([11, 26]);
const SHORT_READ = 522;

/** Whether SQLite says that the file is damaged or no database of ours. */
export function isDamage(error: unknown): boolean {
  const { errcode, message } = error as { errcode?: number; message?: string };
  if (errcode === undefined) return false;
  if (errcode === SHORT_READ) return true;
  // A missing table or column is the same: somebody else's shape under our name.
  return damages.has(errcode & 0xff) || (errcode === 1 && /no such (table|column)/.test(message ?? ''));
}

function nameOf(number: number): string {
  return `index-${SCHEMA}.${number}.db`;
}

function numberOf(name: string): number | undefined {
  const match = /^index-(\d+)\.(\d+)\.db$/.exec(name);
  return match && Number(match[1]) === SCHEMA ? Number(match[2]) : undefined;
}

function newestNumber(directory: string): number {
  return Math.max(1, ...readdirSync(directory).flatMap(name => numberOf(name) ?? []));
}

function removeOutdated(directory: string): void {
  for (const name of readdirSync(directory)) {
    const schema = Number(/^index-(\d+)\.\d+\.db(-wal|-shm|-journal)?$/.exec(name)?.[1] ?? SCHEMA);
    const file = join(directory, name);
    const info = schema < SCHEMA ? statSync(file, { throwIfNoEntry: false }) : undefined;
    if (info && Date.now() - info.mtimeMs > OUTDATED) rmSync(file, { force: true });
  }
}
