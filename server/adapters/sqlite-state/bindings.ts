import type { Clock } from '../../ports.js';
import type { Binding, Bindings, Place } from '../../share/ports.js';
import type { Connection } from './connection.js';

type Row = Record<string, unknown>;

/** Condition for everything below a folder. `0` is the character after `/`, so this is a range of the primary key. */
const BELOW = `root = ?1 AND path > ?2 || '/' AND path < ?2 || '0'`;

/** Names that were run once are remembered this long. Milliseconds. */
const REMEMBER = 30 * 24 * 3600 * 1000;

/** Bindings of places to notebooks as rows. */
export function createBindings(connection: Connection, clock: Clock): Bindings {
  const { sql } = connection;

  const remove = ({ root, path }: Place): void =>
    void sql('DELETE FROM bindings WHERE root = ? AND path = ?').run(root, path);

  const rename = (from: Place, path: string, to: Place, toPath: string): void => {
    remove({ root: to.root, path: toPath });
    sql('UPDATE bindings SET root = ?, path = ? WHERE root = ? AND path = ?').run(to.root, toPath, from.root, path);
  };

  return {
    at: place =>
      connection.read(() => {
        const row = sql('SELECT * FROM bindings WHERE root = ? AND path = ?').get(place.root, place.path);
        return row && binding(row);
      }),
    of: notebookId =>
      connection.read(() =>
        sql('SELECT * FROM bindings WHERE notebook_id = ? ORDER BY root, path').all(notebookId).map(binding)
      ),
    put: ({ place, notebookId, owner, seen, heldId, gone }) =>
      connection.write(() => {
        sql('INSERT OR REPLACE INTO bindings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
          place.root,
          place.path,
          notebookId,
          owner,
          heldId ?? null,
          gone ? 1 : 0,
          seen?.size ?? null,
          seen?.modified ?? null,
          seen?.contentHash ?? null
        );
      }),
    remove: place => connection.write(() => remove(place)),
    move: (from, to) =>
      connection.write(() => {
        if (from.root === to.root && from.path === to.path) return;
        const bound = sql('SELECT 1 FROM bindings WHERE root = ? AND path = ?').get(from.root, from.path);
        if (bound) {
          rename(from, from.path, to, to.path);
          // What was renamed is there; what was deleted in a renamed folder stays deleted.
          sql('UPDATE bindings SET gone = 0 WHERE root = ? AND path = ?').run(to.root, to.path);
        }
        for (const row of sql(`SELECT path FROM bindings WHERE ${BELOW}`).all(from.root, from.path)) {
          const path = String(row['path']);
          rename(from, path, to, to.path + path.slice(from.path.length));
        }
      }),
    saw: (place, notebookId, seen) =>
      connection.note(() => {
        sql(
          `UPDATE bindings SET seen_size = ?, seen_modified = ?, seen_hash = ?
           WHERE root = ? AND path = ? AND notebook_id = ?`
        ).run(
          seen?.size ?? null,
          seen?.modified ?? null,
          seen?.contentHash ?? null,
          place.root,
          place.path,
          notebookId
        );
      }),
    markGone: place =>
      connection.write(() => {
        sql('UPDATE bindings SET gone = 1 WHERE root = ? AND path = ?').run(place.root, place.path);
        sql(`UPDATE bindings SET gone = 1 WHERE ${BELOW}`).run(place.root, place.path);
      }),
    once: (name, change) =>
      connection.write(() => {
        const now = clock.now();
        if (sql('INSERT OR IGNORE INTO done_once VALUES (?, ?)').run(name, now).changes === 0) return false;
        sql('DELETE FROM done_once WHERE at < ?').run(now - REMEMBER);
        change();
        return true;
      })
  };
}

function binding(row: Row): Binding {
  const hash = row['seen_hash'];
  return {
    place: { root: String(row['root']), path: String(row['path']) },
    notebookId: String(row['notebook_id']),
    owner: String(row['owner']),
    seen:
      typeof hash === 'string'
        ? { size: Number(row['seen_size']), modified: Number(row['seen_modified']), contentHash: hash }
        : undefined,
    ...(typeof row['held_id'] === 'string' && { heldId: row['held_id'] }),
    ...(row['gone'] === 1 && { gone: true })
  };
}
