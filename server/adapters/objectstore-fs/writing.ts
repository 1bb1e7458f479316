import { createReadStream } from 'node:fs';
import { link, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { ObjectBody } from '../../share/ports.js';
import type { Folders } from './folders.js';
import { syncFolder, temporaryFolder } from './folders.js';

/** Unfinished writes older than this are of processes that died. Milliseconds. */
const ABANDONED = 3_600_000;

/** What link(2) says on file systems that have no links: there the last of several writers at once wins. */
const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Writes files so that each is whole or not there, also after a crash of the machine. */
export interface Writer {
  /** Writes a file below the root. `exists` only with `ifAbsent`. */
  write(file: string, body: ObjectBody, ifAbsent: boolean): Promise<'created' | 'replaced' | 'exists'>;
}

export function createWriter(root: string, folders: Folders): Writer {
  const temporary = temporaryFolder(root);
  let swept = false;

  async function stage(body: ObjectBody): Promise<string> {
    await folders.ensure(temporary);
    if (!swept) {
      swept = true;
      await sweep(temporary, Date.now() - ABANDONED);
    }
    const staged = join(temporary, `${process.pid}-${randomUUID()}`);
    const handle = await open(staged, 'wx', 0o600);
    try {
      await handle.writeFile(body instanceof Uint8Array ? body : createReadStream(body.file));
      await handle.sync();
    } catch (error) {
      await rm(staged, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return staged;
  }

  async function place(staged: string, file: string, ifAbsent: boolean): Promise<'created' | 'replaced' | 'exists'> {
    try {
      // link(2) is the one call that makes a name for exactly one of several processes.
      await link(staged, file);
      return 'created';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (code !== 'EEXIST' && !withoutLinks.has(code)) throw error;
      const existed = code === 'EEXIST' || (await isFile(file));
      if (existed && ifAbsent) return 'exists';
      await rename(staged, file);
      return existed ? 'replaced' : 'created';
    }
  }

  async function put(file: string, body: ObjectBody, ifAbsent: boolean): Promise<'created' | 'replaced' | 'exists'> {
    const folder = dirname(file);
    await folders.ensure(folder);
    if (ifAbsent && (await isFile(file))) {
      // Its writer may not have come to this yet, and "exists" promises as much as "created".
      await syncFolder(folder);
      return 'exists';
    }
    const staged = await stage(body);
    try {
      const result = await place(staged, file, ifAbsent);
      await syncFolder(folder);
      return result;
    } finally {
      await rm(staged, { force: true });
    }
  }

  return {
    write: async (file, body, ifAbsent) => {
      try {
        return await put(file, body, ifAbsent);
      } catch (error) {
        // Somebody removed the folders (a restored home, a cleared disk): make them once more.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || !(await isReadable(body))) throw error;
        folders.forget(dirname(file));
        folders.forget(temporary);
        return await put(file, body, ifAbsent);
      }
    }
  };
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    info => info.isFile(),
    () => false
  );
}

async function isReadable(body: ObjectBody): Promise<boolean> {
  return body instanceof Uint8Array || isFile(body.file);
}

/** Removes what died in mid-write; a later start tries again where that fails. */
async function sweep(temporary: string, before: number): Promise<void> {
  for (const name of await readdir(temporary).catch(() => [])) {
    const file = join(temporary, name);
    const info = await stat(file).catch(() => undefined);
    if (info && info.mtimeMs < before) await rm(file, { force: true }).catch(() => undefined);
  }
}
