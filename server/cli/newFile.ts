import { link, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../contract/problem.js';

/**
 * Writes a file that did not exist, whole and durable; a failure leaves nothing behind.
 *
 * @param file - absolute
 * @returns false, and nothing written, where there is one already
 * @throws ProblemError `file-unreadable` where nothing can be written there
 */
export async function writeNewFile(
  file: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>
): Promise<boolean> {
  const folder = dirname(file);
  const temporary = join(folder, `.lakeside-new-${process.pid}`);
  try {
    await writeDurably(temporary, content);
    await link(temporary, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (error instanceof ProblemError) throw error;
    throw new ProblemError('file-unreadable', `Nothing can be written in ${folder}. Choose another --out.`, {
      cause: error
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurably(file: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'w', 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
