import { open, rm } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import { onStorage } from '../../storage.js';

/**
 * Writes a stream to a new file, durably. Where that fails there is no file.
 *
 * @param options - `name`: what it is called in sentences; `heard`: told of every piece
 * @throws ProblemError `too-large`, `storage-full`, `storage-read-only`
 */
export async function writeStream(
  file: string,
  content: AsyncIterable<Uint8Array>,
  { maxBytes, name, heard }: { maxBytes: number; name: string; heard?: (piece: Uint8Array) => void }
): Promise<void> {
  const handle = await onStorage(file, () => open(file, 'wx', 0o600));
  let isWhole = false;
  try {
    let size = 0;
    for await (const piece of content) {
      size += piece.byteLength;
      if (size > maxBytes) {
        const limit = Math.floor(maxBytes / 2 ** 20);
        throw new ProblemError(
          'too-large',
          `${name} is larger than ${limit} MB. Clear its outputs, or raise the limit.`
        );
      }
      heard?.(piece);
      await onStorage(file, () => handle.writeFile(piece));
    }
    await onStorage(file, () => handle.sync());
    isWhole = true;
  } finally {
    await handle.close();
    if (!isWhole) await rm(file, { force: true });
  }
}
