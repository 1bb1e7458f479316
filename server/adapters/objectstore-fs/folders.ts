import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Makes the changes of a folder's entries survive a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The folders of a store: made with mode 0700, each made durable in its parent once per process. */
export interface Folders {
  /** Makes a folder, and the folders above it up to the root, durable. */
  ensure(folder: string): Promise<void>;
  /** Forgets what is known of a folder, after it turned out to be gone. */
  forget(folder: string): void;
}

/**
 * Follows which folders below `root` exist for sure.
 *
 * Another process may have made a folder without having come to its fsync, so a folder counts only after this
 * process has synced its parent.
 */
export function createFolders(root: string): Folders {
  const known = new Map<string, Promise<void>>();

  function ensure(folder: string): Promise<void> {
    let done = known.get(folder);
    if (done === undefined) {
      done = make(folder);
      known.set(folder, done);
      done.catch(() => known.delete(folder));
    }
    return done;
  }

  async function make(folder: string): Promise<void> {
    if (folder === root) {
      const first = (await mkdir(root, { recursive: true, mode: 0o700 })) ?? root;
      for (let made = root; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
      return;
    }
    const parent = dirname(folder);
    await ensure(parent);
    await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    await syncFolder(parent);
  }

  function forget(folder: string): void {
    for (let each = folder; each.length > root.length; each = dirname(each)) known.delete(each);
    known.delete(root);
  }

  return { ensure, forget };
}

/** Where writes begin. `+` is in no object's key, so no object can lie there. */
export function temporaryFolder(root: string): string {
  return join(root, '+temporary');
}
