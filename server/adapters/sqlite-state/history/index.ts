import type { HistoryStore } from '../../../history/ports.js';
import { connect } from '../connection.js';
import type { Connection } from '../connection.js';
import { migrate, refuseNewer, versionOf } from '../migrations.js';
import { createContentTables } from './content.js';
import { createNotebookTables } from './notebooks.js';
import { tables } from './tables.js';
import { createVersionTables } from './versions.js';

/**
 * Opens the history of a home. Many processes may have it open.
 *
 * @param file - path of `history.db`; its folder exists
 * @throws ProblemError `storage-full`, `storage-read-only`; `unavailable` where a newer Lakeside has used it
 */
export function openHistory(file: string): HistoryStore & { close(): void } {
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
  const guarded: Connection = {
    ...connection,
    write: work => connection.write(checked(work)),
    note: work => connection.note(checked(work))
  };
  const content = createContentTables(guarded);
  const { missing, putChunks } = content;
  return {
    ...createNotebookTables(guarded),
    ...createVersionTables(guarded, content),
    missing,
    putChunks,
    content: content.content,
    close: () => connection.close()
  };
}
