import { link, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobContext, Report } from '../../jobs/kinds.js';
import type { FailPoint } from '../../ports.js';
import type { Archive, WriteCount } from '../archive/types.js';
import type { Prepared, PreparedBlob, Renderer } from '../ports.js';
import { emptyFolder } from './take.js';
import { inWords } from '../sizes.js';

/** Blobs stored at once. */
const PARALLEL = 4;

/** Renders a file of the folder of the share. What is made lies there too. */
export async function renderShare(
  renderer: Renderer,
  context: JobContext,
  folder: string,
  file: string,
  options: { title: string; hideCode: boolean },
  report: Report
): Promise<Prepared> {
  return renderer.prepare({ kind: 'ipynb', file: join(folder, file) }, options, {
    workDirectory: await emptyFolder(join(folder, 'prepared')),
    signal: context.signal,
    onProgress: (done, total) => report(done, total)
  });
}

/** All blobs of a version: its large outputs, and its snapshot last. */
async function blobsOf(prepared: Prepared): Promise<PreparedBlob[]> {
  const sha256 = prepared.snapshotHash;
  const outputs = prepared.blobs.filter(blob => blob.sha256 !== sha256);
  await link(prepared.snapshotFile, join(prepared.blobDirectory, sha256)).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  const { size } = await stat(prepared.snapshotFile);
  return [...outputs, { sha256, size, compressible: true }];
}

/**
 * Stores the blobs that the archive does not have.
 *
 * @returns the size of the snapshot
 */
export async function storeBlobs(
  { archive, failPoint }: { archive: Archive; failPoint: FailPoint },
  context: JobContext,
  prepared: Prepared,
  count: WriteCount,
  report: Report
): Promise<number> {
  const blobs = await blobsOf(prepared);
  const missing = new Set(await archive.missingBlobs(blobs.map(blob => blob.sha256)));
  const wanted = blobs.filter(blob => missing.has(blob.sha256));
  const total = wanted.length;
  let done = 0;
  const line = wanted[Symbol.iterator]();
  async function work(): Promise<void> {
    for (const blob of line) {
      context.signal.throwIfAborted();
      report(done, total, inWords(blob.size));
      await archive.putBlob(blob, prepared.blobDirectory, count);
      await failPoint('share:blob-stored');
      report(++done, total);
    }
  }
  await settleAll(Array.from({ length: PARALLEL }, work));
  return blobs.at(-1)?.size ?? 0;
}

/** Waits for all, then throws the first failure: nothing goes on unseen. */
async function settleAll(work: Promise<void>[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  const failed = ended.find(result => result.status === 'rejected');
  if (failed) throw failed.reason;
}
