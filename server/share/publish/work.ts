import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Ids } from '../../ports.js';
import { onStorage } from '../../storage.js';

/** How long what nobody works on any more is kept. Milliseconds. */
const LEFTOVER = 3_600_000;

/** Folders for work in progress, below `<home>/work`. All private to the account. */
export interface Work {
  /** The folder of a share, made where it is missing. */
  share(owner: string, opId: string): Promise<string>;
  /** Removes the folder of a share. */
  removeShare(owner: string, opId: string): Promise<void>;
  /** The folder of a person's uploads, made where it is missing. */
  uploads(owner: string): Promise<string>;
  /** Runs work in a new empty folder, which is removed afterwards. */
  within<T>(use: (folder: string) => Promise<T>): Promise<T>;
  /** A new empty folder; the caller removes it. */
  temporary(): Promise<{ folder: string; remove: () => Promise<void> }>;
  /** Removes what crashes left: folders of shares that are not under way, old uploads and old temporary folders. */
  tidy(isUnderWay: (opId: string) => boolean): Promise<void>;
}

/** @param directory - `<home>/work` */
export function createWork(options: { directory: string; clock: Clock; ids: Ids }): Work {
  const { clock, ids } = options;
  const shares = join(options.directory, 'shares');
  const uploads = join(options.directory, 'uploads');
  const scratch = join(options.directory, 'scratch');
  const nameOf = (owner: string, opId: string): string => `${opId}-${ownerKey(owner)}`;

  async function make(folder: string): Promise<string> {
    await onStorage(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }));
    return folder;
  }

  async function temporary(): Promise<{ folder: string; remove: () => Promise<void> }> {
    const folder = await make(join(scratch, ids.next()));
    return { folder, remove: () => remove(folder) };
  }

  async function removeOld(folder: string, keep: (name: string) => boolean = () => false): Promise<void> {
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const age = clock.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity);
      if (age > LEFTOVER && !keep(name)) await remove(path);
    }
  }

  return {
    share: (owner, opId) => make(join(shares, nameOf(owner, opId))),
    removeShare: (owner, opId) => remove(join(shares, nameOf(owner, opId))),
    uploads: owner => make(join(uploads, ownerKey(owner))),
    temporary,
    async within(use) {
      const { folder, remove: end } = await temporary();
      try {
        return await use(folder);
      } finally {
        await end();
      }
    },
    async tidy(isUnderWay) {
      await removeOld(shares, name => isUnderWay(name.slice(0, 26)));
      await removeOld(scratch);
      for (const owner of await readdir(uploads).catch(() => [])) await removeOld(join(uploads, owner));
    }
  };
}

/** Makes the entries of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A folder name for a person, whatever their name holds. */
function ownerKey(owner: string): string {
  return createHash('sha256').update(owner).digest('hex').slice(0, 16);
}

/** What cannot be removed now is removed by the next tidying. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
