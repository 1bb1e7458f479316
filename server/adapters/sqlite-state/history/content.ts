import type { Chunk, Entry, HistoryStore, Piece } from '../../../history/ports.js';
import type { Connection } from '../connection.js';
import { decodeNumbers, decodeRun, encodeNumbers, encodeRun, runsOf } from './nodes.js';

const packings: readonly Chunk['packing'][] = ['none', 'zstd'];

/** What a row costs beside its content, about. Bytes. */
const ROW = 80;

/** The content of versions: chunks that many of them share, and nodes that list them. Both are counted by who uses them. */
export interface ContentTables extends Pick<HistoryStore, 'missing' | 'putChunks' | 'content'> {
  /** Stores what a version is made of. @returns its nodes, and the bytes they cost */
  use(pieces: readonly Piece[]): { nodes: Buffer; cost: number };
  /** Gives up what a version was made of. */
  release(nodes: Uint8Array): void;
  entries(nodes: Uint8Array): Entry[];
}

export function createContentTables(connection: Connection): ContentTables {
  const { sql } = connection;
  const idOf = (hash: Buffer): number | undefined => {
    const row = sql('SELECT id FROM chunks WHERE hash = ?').get(hash);
    return row === undefined ? undefined : Number(row['id']);
  };
  const decode = (node: number): Entry[] => {
    const row = sql('SELECT entries FROM nodes WHERE id = ?').get(node);
    if (row === undefined) throw new Error(`The history lacks the node ${node}.`);
    return decodeRun(row['entries'] as Uint8Array);
  };
  const chunksOf = (entries: readonly Entry[]): Set<number> => new Set(entries.map(({ chunk }) => chunk));

  function addNode(run: readonly Entry[]): { id: number; cost: number } {
    const { hash, bytes } = encodeRun(run);
    const known = sql('UPDATE nodes SET refs = refs + 1 WHERE hash = ? RETURNING id').get(hash);
    if (known) return { id: Number(known['id']), cost: 0 };
    const { lastInsertRowid } = sql('INSERT INTO nodes (hash, refs, entries) VALUES (?, 1, ?)').run(hash, bytes);
    for (const chunk of chunksOf(run)) sql('UPDATE chunks SET refs = refs + 1 WHERE id = ?').run(chunk);
    return { id: Number(lastInsertRowid), cost: bytes.length + ROW };
  }

  return {
    missing: hashes => connection.read(() => hashes.filter(hash => idOf(hash) === undefined)),
    putChunks: (chunks, now) =>
      connection.note(() => {
        for (const { hash, data, packing } of chunks) {
          sql('INSERT OR IGNORE INTO chunks (hash, refs, added, packing, data) VALUES (?, 0, ?, ?, ?)').run(
            hash,
            now,
            packings.indexOf(packing),
            data
          );
        }
      }),
    content: chunk =>
      connection.read(() => {
        const row = sql('SELECT packing, data FROM chunks WHERE id = ?').get(chunk);
        if (row === undefined) throw new Error(`The history lacks the content ${chunk}.`);
        return { data: row['data'] as Uint8Array, packing: packings[Number(row['packing'])] ?? 'none' };
      }),
    use(pieces) {
      const ids = new Map<string, number>();
      const entries = pieces.map(({ hash, kind }) => {
        const key = hash.toString('latin1');
        const chunk = ids.get(key) ?? idOf(hash);
        if (chunk === undefined) throw new Error('Content of this version was removed before it was stored.');
        ids.set(key, chunk);
        return { chunk, kind };
      });
      const hashes = pieces.map(({ hash }) => hash);
      const nodes = [...runsOf(entries, hashes)].map(addNode);
      const bytes = encodeNumbers(nodes.map(({ id }) => id));
      return { nodes: bytes, cost: nodes.reduce((sum, { cost }) => sum + cost, bytes.length + ROW) };
    },
    release(nodes) {
      for (const node of decodeNumbers(nodes)) {
        const row = sql('UPDATE nodes SET refs = refs - 1 WHERE id = ? RETURNING refs').get(node);
        if (Number(row?.['refs']) > 0) continue;
        for (const chunk of chunksOf(decode(node))) {
          const left = sql('UPDATE chunks SET refs = refs - 1 WHERE id = ? RETURNING refs').get(chunk);
          if (Number(left?.['refs']) === 0) sql('DELETE FROM chunks WHERE id = ?').run(chunk);
        }
        sql('DELETE FROM nodes WHERE id = ?').run(node);
      }
    },
    entries: nodes => connection.read(() => decodeNumbers(nodes).flatMap(decode))
  };
}
