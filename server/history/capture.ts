import { createHash, hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Clock, FailPoint, Ids } from '../ports.js';
import { contentOf } from './blocks.js';
import { pack } from './packing.js';
import { cut } from './pieces.js';
import type { HistoryStore, KeptNotebook, Piece, SavedCopy } from './ports.js';
import { Scanner } from './scanner.js';
import type { Mark } from './scanner.js';

/** What is read at once, and content that is stored at once. Bytes. */
const WINDOW = 2 * 1024 * 1024;

export interface CaptureOptions {
  store: HistoryStore;
  clock: Clock;
  ids: Ids;
  failPoint: FailPoint;
}

/**
 * Makes a version of a copy, unless it says the same as the newest one. A copy that became a version before becomes no
 * second one. When this returns, all is durable and the copy may go.
 */
export async function capture(copy: SavedCopy, options: CaptureOptions): Promise<'kept' | 'known'> {
  const { store, clock, ids, failPoint } = options;
  if (store.isDone(copy.name)) return 'known';
  const handle = await open(copy.file, 'r');
  try {
    const { sha256, marks } = await look(handle, copy);
    const notebook = notebookOf(copy, sha256, options);
    const [newest] = store.versions(notebook.id, { limit: 1 });
    if (newest?.sha256 === sha256) {
      store.markDone(copy.name, clock.now());
      return 'known';
    }
    const { pieces, stored } = await storePieces(handle, copy, marks, options);
    await failPoint('history:content-stored');
    const version = {
      id: ids.next(newest?.id),
      // A file may be older than what was saved last: taken from elsewhere, or put back.
      at: Math.max(copy.at, newest?.at ?? 0),
      kind: copy.kind,
      by: copy.by.shown,
      size: copy.size,
      sha256
    };
    const isNew = store.addVersion(notebook, version, pieces, { copy: copy.name, stored, now: clock.now() });
    await failPoint('history:version-stored');
    return isNew ? 'kept' : 'known';
  } finally {
    await handle.close();
  }
}

/** The notebook at the place of a copy: the one that is there, one that was deleted and is put back, or a new one. */
function notebookOf(copy: SavedCopy, sha256: string, { store, ids }: CaptureOptions): KeptNotebook {
  const there = store.at(copy.path);
  if (there) return there;
  const back = store
    .goneAt(copy.path)
    .find(({ id, owner }) => owner === copy.by.name && store.versions(id, { limit: 1 })[0]?.sha256 === sha256);
  if (back) {
    store.revive(back.id, copy.path);
    return { ...back, goneAt: undefined };
  }
  return { id: ids.next(), owner: copy.by.name, path: copy.path, goneAt: undefined };
}

/** Reads all of it once: its hash, and where its cells are. */
async function look(
  handle: FileHandle,
  { offset, size }: SavedCopy
): Promise<{ sha256: string; marks: Mark[] | undefined }> {
  const sum = createHash('sha256');
  const scanner = new Scanner();
  const window = Buffer.allocUnsafe(Math.min(WINDOW, size));
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(window, 0, Math.min(window.length, size - at), offset + at);
    if (bytesRead === 0) throw new Error('The copy became shorter while it was read.');
    const bytes = window.subarray(0, bytesRead);
    sum.update(bytes);
    scanner.feed(bytes);
    at += bytesRead;
  }
  return { sha256: sum.digest('hex'), marks: scanner.marks() };
}

/** Stores the pieces that are not there yet. @returns all of them in order, and the bytes that were stored */
async function storePieces(
  handle: FileHandle,
  { offset, size }: SavedCopy,
  marks: Mark[] | undefined,
  { store, clock }: CaptureOptions
): Promise<{ pieces: Piece[]; stored: number }> {
  const pieces: Piece[] = [];
  const read = windowed(handle, offset, size);
  let waiting = new Map<string, { hash: Buffer; bytes: Buffer }>();
  let bytesWaiting = 0;
  let stored = 0;

  async function flush(): Promise<void> {
    const missing = store.missing([...waiting.values()].map(each => each.hash));
    const chunks = [];
    for (const each of missing) {
      const found = waiting.get(each.toString('latin1'));
      if (found) chunks.push(await pack(found.hash, found.bytes));
    }
    waiting = new Map();
    bytesWaiting = 0;
    if (chunks.length > 0) store.putChunks(chunks, clock.now());
    stored += chunks.reduce((sum, chunk) => sum + chunk.data.length, 0);
  }

  for await (const { bytes, kind } of contentOf(cut(size, marks), read)) {
    const piece = { hash: hash('sha256', bytes, 'buffer'), kind };
    pieces.push(piece);
    waiting.set(piece.hash.toString('latin1'), { hash: piece.hash, bytes });
    bytesWaiting += bytes.length;
    if (bytesWaiting >= WINDOW) await flush();
  }
  await flush();
  return { pieces, stored };
}

/** Reads parts that follow each other, from windows that hold many of them. */
function windowed(handle: FileHandle, offset: number, size: number): (from: number, to: number) => Promise<Buffer> {
  let window = Buffer.alloc(0);
  let start = 0;
  return async (from, to) => {
    if (to > start + window.length) {
      // A new one each time: parts of the old one are still waiting.
      window = Buffer.allocUnsafe(Math.min(Math.max(WINDOW, to - from), size - from));
      start = from;
      const { bytesRead } = await handle.read(window, 0, window.length, offset + from);
      if (bytesRead < to - from) throw new Error('The copy became shorter while it was read.');
    }
    return window.subarray(from - start, to - start);
  };
}
