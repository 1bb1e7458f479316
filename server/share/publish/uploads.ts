import { createHash, randomBytes } from 'node:crypto';
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Upload } from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';
import { onStorage } from '../../storage.js';
import { syncFolder } from './work.js';
import type { Work } from './work.js';

/** The notebooks that browsers bring: contents that are no files, and changes that are not saved. Kept for an hour. */
export interface Uploads {
  /**
   * Stores what arrives. An upload with the same id is replaced.
   *
   * @throws ProblemError `too-large`, `storage-full`, `storage-read-only`
   */
  store(caller: Caller, uploadId: string, chunks: AsyncIterable<Uint8Array>): Promise<Upload>;
  /** Gives an upload a second name, under which it outlives its hour. @throws ProblemError `not-found` */
  keep(caller: Caller, uploadId: string, target: string): Promise<void>;
}

export function createUploads(options: { work: Work; maxBytes: number }): Uploads {
  const { work, maxBytes } = options;

  async function write(part: string, chunks: AsyncIterable<Uint8Array>): Promise<{ size: number; sha256: string }> {
    const hash = createHash('sha256');
    const handle = await open(part, 'wx', 0o600);
    let size = 0;
    try {
      for await (const chunk of chunks) {
        size += chunk.byteLength;
        if (size > maxBytes) throw tooLarge(maxBytes);
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { size, sha256: hash.digest('hex') };
  }

  return {
    async store(caller, uploadId, chunks) {
      const folder = await work.uploads(caller.name);
      const part = join(folder, `.${uploadId}-${randomBytes(6).toString('hex')}`);
      try {
        return await onStorage(folder, async () => {
          const written = await write(part, chunks);
          await rename(part, join(folder, `${uploadId}.json`));
          await syncFolder(folder);
          return { uploadId, ...written };
        });
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    async keep(caller, uploadId, target) {
      const folder = await work.uploads(caller.name);
      await onStorage(folder, async () => {
        try {
          await link(join(folder, `${uploadId}.json`), target).catch(copyInstead);
        } catch (error) {
          const { code } = error as NodeJS.ErrnoException;
          if (code === 'EEXIST') return;
          if (code !== 'ENOENT') throw error;
          throw new ProblemError(
            'not-found',
            `The upload ${uploadId} is not there. Uploads are kept for an hour: bring the notebook again.`
          );
        }
        await syncFolder(dirname(target));
        await syncFolder(dirname(dirname(target)));
      });

      /** Some file systems know no second names. */
      async function copyInstead(error: NodeJS.ErrnoException): Promise<void> {
        if (error.code !== 'EPERM' && error.code !== 'ENOTSUP') throw error;
        const part = `${target}.${randomBytes(6).toString('hex')}`;
        await copyFile(join(folder, `${uploadId}.json`), part);
        await syncFile(part);
        await rename(part, target);
      }
    }
  };
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(
    'too-large',
    `The notebook has more than ${Math.floor(maxBytes / 1024 / 1024)} MB, the most that is taken (LAKESIDE_MAX_NOTEBOOK_MB). Clear large outputs and try again.`
  );
}
