import { randomBytes } from 'node:crypto';
import type { GateMemory } from '../../share/ports.js';
import type { Connection } from './connection.js';

/** What the secret gate remembers, as rows. */
export function createGateMemory(connection: Connection): GateMemory {
  const { sql } = connection;
  const readKey = (): string | undefined => {
    const key = sql('SELECT key FROM gate_key').get()?.['key'];
    return typeof key === 'string' ? key : undefined;
  };

  return {
    key() {
      const known = connection.read(readKey);
      if (known !== undefined) return known;
      return connection.write(() => {
        // Another process may have been first.
        sql('INSERT OR IGNORE INTO gate_key VALUES (1, ?)').run(randomBytes(32).toString('hex'));
        return readKey() as string;
      });
    },
    of: notebookId =>
      connection.read(() =>
        sql('SELECT fingerprint, reason, by, at FROM gate_findings WHERE notebook_id = ? ORDER BY fingerprint')
          .all(notebookId)
          .map(row => ({
            fingerprint: String(row['fingerprint']),
            reason: String(row['reason']),
            by: String(row['by']),
            at: String(row['at'])
          }))
      ),
    remember: (notebookId, { fingerprint, reason, by, at }) =>
      connection.write(() => {
        sql('INSERT OR REPLACE INTO gate_findings VALUES (?, ?, ?, ?, ?)').run(notebookId, fingerprint, reason, by, at);
      }),
    forget: (notebookId, fingerprint) =>
      connection.write(() => {
        sql('DELETE FROM gate_findings WHERE notebook_id = ? AND fingerprint = ?').run(notebookId, fingerprint);
      }),
    notePublished: (notebookId, source, published) =>
      connection.write(() => {
        if (published === undefined) {
          sql('DELETE FROM gate_copies WHERE notebook_id = ? AND source_hash = ?').run(notebookId, source);
        } else {
          sql('INSERT OR REPLACE INTO gate_copies VALUES (?, ?, ?)').run(notebookId, source, published);
        }
      }),
    publishedAs: (notebookId, source) =>
      connection.read(() => {
        const row = sql('SELECT published_hash FROM gate_copies WHERE notebook_id = ? AND source_hash = ?').get(
          notebookId,
          source
        );
        return row ? String(row['published_hash']) : source;
      })
  };
}
