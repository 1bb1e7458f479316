import type { FileEvent, HistoryStore, KeptNotebook } from '../../../history/ports.js';
import type { Connection } from '../connection.js';

type Row = Record<string, unknown>;

/** Everything below a folder: `0` is the character after `/`. */
const BELOW = `path > ?1 || '/' AND path < ?1 || '0'`;

export type NotebookTables = Pick<
  HistoryStore,
  'note' | 'waiting' | 'apply' | 'at' | 'get' | 'goneAt' | 'below' | 'setGone' | 'revive' | 'all'
>;

/** Which notebook is where, and what happened to the files. */
export function createNotebookTables(connection: Connection): NotebookTables {
  const { sql } = connection;
  const there = (path: string): KeptNotebook | undefined => {
    const row = sql('SELECT * FROM notebooks WHERE path = ? AND gone_at IS NULL').get(path);
    return row && notebook(row);
  };
  const markGone = (id: string, at: number): void =>
    void sql('UPDATE notebooks SET gone_at = ? WHERE id = ? AND gone_at IS NULL').run(at, id);

  /** Moves one notebook. What lies at its new place was saved there after the move, or is gone. */
  function move(id: string, path: string, at: number): void {
    const other = there(path);
    if (other && other.id !== id) {
      const first = sql('SELECT min(at) AS at FROM versions WHERE notebook_id = ?').get(other.id)?.['at'];
      if (Number(first ?? 0) < at) markGone(other.id, at);
      else {
        sql('UPDATE versions SET notebook_id = ? WHERE notebook_id = ?').run(id, other.id);
        sql('DELETE FROM notebooks WHERE id = ?').run(other.id);
      }
    }
    sql('UPDATE notebooks SET path = ?, gone_at = NULL WHERE id = ?').run(path, id);
  }

  function rename(from: string, to: string, at: number): void {
    if (from === to) return;
    const moved = there(from);
    if (moved) move(moved.id, to, at);
    for (const row of sql(`SELECT * FROM notebooks WHERE ${BELOW} AND gone_at IS NULL`).all(from)) {
      const { id, path } = notebook(row);
      move(id, to + path.slice(from.length), at);
    }
  }

  function remove(path: string, at: number): void {
    // What was saved after it was deleted is there.
    const later = `EXISTS (SELECT 1 FROM versions WHERE notebook_id = notebooks.id AND at > ?2)`;
    sql(`UPDATE notebooks SET gone_at = ?2 WHERE gone_at IS NULL AND (path = ?1 OR ${BELOW}) AND NOT ${later}`).run(
      path,
      at
    );
  }

  return {
    note: event =>
      connection.write(() => {
        sql('INSERT OR IGNORE INTO events VALUES (?, ?)').run(event.id, JSON.stringify(event));
      }),
    waiting: () =>
      connection.read(() => {
        const row = sql('SELECT event FROM events ORDER BY id LIMIT 1').get();
        return row && (JSON.parse(String(row['event'])) as FileEvent);
      }),
    apply: (event, at) =>
      connection.write(() => {
        const { action, place, from } = event;
        if (action === 'rename' && from?.root === 'file:' && place.root === 'file:') rename(from.path, place.path, at);
        if (action === 'delete' && place.root === 'file:') remove(place.path, at);
        sql('DELETE FROM events WHERE id = ?').run(event.id);
      }),
    at: path => connection.read(() => there(path)),
    get: id =>
      connection.read(() => {
        const row = sql('SELECT * FROM notebooks WHERE id = ?').get(id);
        return row && notebook(row);
      }),
    goneAt: path =>
      connection.read(() =>
        sql('SELECT * FROM notebooks WHERE path = ? AND gone_at IS NOT NULL ORDER BY gone_at DESC')
          .all(path)
          .map(notebook)
      ),
    below: (folder, { owner, gone, limit }) =>
      connection.read(() =>
        sql(
          `SELECT * FROM notebooks WHERE ${BELOW} AND gone_at IS ${gone ? 'NOT NULL' : 'NULL'}
           AND (?2 IS NULL OR owner = ?2) ORDER BY gone_at DESC, path LIMIT ?3`
        )
          .all(folder === '/' ? '' : folder, owner ?? null, limit)
          .map(notebook)
      ),
    setGone: (id, at) => connection.write(() => markGone(id, at)),
    revive: (id, path) => connection.write(() => move(id, path, Number.MAX_SAFE_INTEGER)),
    all: () =>
      connection.read(() =>
        sql(
          `SELECT * FROM notebooks WHERE gone_at IS NOT NULL
           OR (SELECT count(*) FROM versions WHERE notebook_id = notebooks.id) > 1`
        )
          .all()
          .map(notebook)
      )
  };
}

function notebook(row: Row): KeptNotebook {
  return {
    id: String(row['id']),
    owner: String(row['owner']),
    path: String(row['path']),
    goneAt: row['gone_at'] === null ? undefined : Number(row['gone_at'])
  };
}
