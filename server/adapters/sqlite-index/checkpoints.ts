import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { IndexFile } from './file.js';

/** The write-ahead log is copied back when it has grown by so much. Bytes. */
const GROWTH = 8 * 1024 * 1024;

/** How many writes go by between two looks at its length. */
const LOOK_EVERY = 8;

/** A thread of its own, because copying waits for the disk: for tens of milliseconds, or for seconds on a bad one. */
const program = `
const { DatabaseSync } = require('node:sqlite');
const { workerData } = require('node:worker_threads');
const database = new DatabaseSync(workerData, { timeout: 1000 });
database.exec('PRAGMA wal_checkpoint(PASSIVE)');
database.close();
`;

/** Copies the write-ahead log back into the file beside the work. */
export interface Checkpoints {
  /** Something was written. */
  written(): void;
  /** Resolves when no copying is under way. */
  settled(): Promise<void>;
}

export function createCheckpoints({ path, hasWal }: Pick<IndexFile, 'path' | 'hasWal'>): Checkpoints {
  let writes = 0;
  let copied = 0;
  let running: Promise<void> | undefined;
  let worker: Worker | undefined;

  function start(file: string): Promise<void> {
    return new Promise(resolve => {
      worker = new Worker(program, { eval: true, workerData: file });
      // What was not copied now is copied the next time, or by whoever closes the file last.
      worker.on('error', () => undefined);
      worker.on('exit', () => resolve());
      worker.unref();
    });
  }

  return {
    written() {
      if (!hasWal || path === undefined || running !== undefined || ++writes % LOOK_EVERY !== 0) return;
      const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
      if (size < copied) copied = 0;
      if (size - copied < GROWTH) return;
      copied = size;
      running = start(path).finally(() => (running = undefined));
    },
    async settled() {
      if (running) worker?.ref();
      await running;
    }
  };
}
