import type { HistoryStore, KeptVersion } from '../../../history/ports.js';
import type { Connection } from '../connection.js';
import type { ContentTables } from './content.js';

type Row = Record<string, unknown>;

/** Copies that became versions are remembered this long. Milliseconds. */
const REMEMBER = 30 * 24 * 3_600_000;

/** Pages of the file that are given back at a time. */
const GIVE_BACK = 4_096;

export type VersionTables = Pick<
  HistoryStore,
  | 'addVersion'
  | 'isDone'
  | 'markDone'
  | 'versions'
  | 'version'
  | 'count'
  | 'entries'
  | 'removeVersions'
  | 'oldest'
  | 'usage'
  | 'sweep'
>;

/** Versions as rows. */
export function createVersionTables(connection: Connection, content: ContentTables): VersionTables {
  const { sql } = connection;
  const pragma = (name: string): number =>
    Number(Object.values(sql(`PRAGMA ${name}`).get() as Record<string, unknown>)[0]);

  return {
    addVersion: (notebook, version, pieces, { copy, stored, now }) =>
      connection.write(() => {
        if (sql('INSERT OR IGNORE INTO done VALUES (?, ?)').run(copy, now).changes === 0) return false;
        sql('INSERT OR IGNORE INTO notebooks VALUES (?, ?, ?, NULL)').run(notebook.id, notebook.owner, notebook.path);
        const { nodes, cost } = content.use(pieces);
        sql('INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
          version.id,
          notebook.id,
          version.at,
          version.kind,
          version.by,
          version.size,
          Buffer.from(version.sha256, 'hex'),
          cost + stored,
          nodes
        );
        return true;
      }),
    isDone: copy => connection.read(() => sql('SELECT 1 FROM done WHERE name = ?').get(copy) !== undefined),
    markDone: (copy, now) =>
      connection.write(() => {
        sql('INSERT OR IGNORE INTO done VALUES (?, ?)').run(copy, now);
      }),

    versions: (notebookId, { before, limit }) =>
      connection.read(() =>
        sql('SELECT * FROM versions WHERE notebook_id = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3')
          .all(notebookId, before ?? null, limit)
          .map(version)
      ),
    version: (notebookId, versionId) =>
      connection.read(() => {
        const row = sql('SELECT * FROM versions WHERE notebook_id = ? AND id = ?').get(notebookId, versionId);
        return row && version(row);
      }),
    count: notebookId =>
      connection.read(() => {
        const row = sql(
          'SELECT count(*) AS versions, min(at) AS first, max(at) AS last FROM versions WHERE notebook_id = ?'
        ).get(notebookId);
        const newest = sql('SELECT size FROM versions WHERE notebook_id = ? ORDER BY id DESC LIMIT 1').get(notebookId);
        return {
          versions: Number(row?.['versions'] ?? 0),
          firstAt: Number(row?.['first'] ?? 0),
          lastAt: Number(row?.['last'] ?? 0),
          size: Number(newest?.['size'] ?? 0)
        };
      }),
    entries: versionId =>
      connection.read(() => {
        const row = sql('SELECT nodes FROM versions WHERE id = ?').get(versionId);
        return row ? content.entries(row['nodes'] as Uint8Array) : [];
      }),

    removeVersions: (notebookId, versionIds) =>
      connection.write(() => {
        for (const id of versionIds) {
          const row = sql('DELETE FROM versions WHERE notebook_id = ? AND id = ? RETURNING nodes').get(notebookId, id);
          if (row) content.release(row['nodes'] as Uint8Array);
        }
        sql('DELETE FROM notebooks WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM versions WHERE notebook_id = ?1)').run(
          notebookId
        );
      }),
    oldest: limit =>
      connection.read(() =>
        sql(
          `SELECT versions.id, notebook_id FROM versions JOIN notebooks ON notebooks.id = notebook_id
           WHERE gone_at IS NOT NULL
           OR versions.id < (SELECT max(id) FROM versions AS newer WHERE newer.notebook_id = notebooks.id)
           ORDER BY versions.id LIMIT ?`
        )
          .all(limit)
          .map(row => ({ notebookId: String(row['notebook_id']), versionId: String(row['id']) }))
      ),
    usage: () =>
      connection.read(() => ({
        notebooks: Number(sql('SELECT count(*) AS n FROM notebooks').get()?.['n']),
        versions: Number(sql('SELECT count(*) AS n FROM versions').get()?.['n']),
        bytes: (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
      })),
    sweep(before) {
      connection.write(() => {
        sql('DELETE FROM chunks WHERE refs = 0 AND added < ?').run(before);
        sql('DELETE FROM done WHERE at < ?').run(before - REMEMBER);
      });
      while (pragma('freelist_count') > 0) {
        const left = pragma('freelist_count');
        connection.exec(`PRAGMA incremental_vacuum(${GIVE_BACK})`);
        if (pragma('freelist_count') >= left) break;
      }
    }
  };
}

function version(row: Row): KeptVersion {
  return {
    id: String(row['id']),
    notebookId: String(row['notebook_id']),
    at: Number(row['at']),
    kind: row['kind'] === 'before' ? 'before' : 'save',
    by: String(row['by']),
    size: Number(row['size']),
    sha256: Buffer.from(row['sha256'] as Uint8Array).toString('hex'),
    cost: Number(row['cost'])
  };
}
