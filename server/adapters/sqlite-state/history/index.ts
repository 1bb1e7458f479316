import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { HistoryStore } from '../../../history/ports.js';
import { storageProblem } from '../../../storage.js';
import { connect } from '../connection.js';
import type { Connection } from '../connection.js';
import { migrate, refuseNewer, versionOf } from '../migrations.js';
import { createContentTables } from './content.js';
import { createNotebookTables } from './notebooks.js';
import { tables } from './tables.js';
import { createVersionTables } from './versions.js';

/**
 * The history of a home. Many processes may have it open; this one opens it when it is first needed.
 * Every method throws ProblemError `storage-full`, `storage-read-only`; `unavailable` where a newer Lakeside has used it.
 *
 * @param file - path of `history.db`; its folder is made where it is missing
 */
export function createHistoryStore(file: string): HistoryStore & { close(): void } {
  const connection = later(file, () => open(file));
  const content = createContentTables(connection);
  const { missing, putChunks } = content;
  return {
    ...createNotebookTables(connection),
    ...createVersionTables(connection, content),
    missing,
    putChunks,
    content: content.content,
    close: () => connection.close()
  };
}

function open(file: string): Connection {
  makeFolder(dirname(file));
  const connection = connect(file);
  try {
    // Must be said before there are tables: room that is given up goes back to the disk.
    if (versionOf(connection) === 0) connection.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM');
    migrate(connection, tables);
  } catch (error) {
    connection.close();
    throw error;
  }
  const checked =
    <T>(work: () => T) =>
    (): T => {
      refuseNewer(connection, versionOf(connection), tables.length);
      return work();
    };
  return {
    ...connection,
    write: work => connection.write(checked(work)),
    note: work => connection.note(checked(work))
  };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw storageProblem(error, folder) ?? error;
  }
}

/** A connection that is opened when it is first used. */
function later(file: string, make: () => Connection): Connection {
  let made: Connection | undefined;
  const get = (): Connection => (made ??= make());
  return {
    file,
    read: work => get().read(work),
    write: work => get().write(work),
    note: work => get().note(work),
    sql: text => get().sql(text),
    exec: text => get().exec(text),
    close: () => made?.close()
  };
}
