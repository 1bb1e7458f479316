import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../../ports.js';
import { replaceFile } from '../../replaceFile.js';
import { onStorage } from '../../storage.js';
import { seal, unseal } from '../store/seal.js';
import type { SealingKey } from '../store/seal.js';
import { readOrNothing, stampOf } from '../store/store.js';

/** That a schedule may use a profile, as it is kept. What renews its keys is in the session of the profile alone. */
export const StoredGrant = z.object({
  version: z.literal(1),
  id: z.string(),
  schedule: z.string(),
  /** What the schedule is called. */
  name: z.string(),
  profile: z.string(),
  /** The role of its keys. */
  role: z.string().optional(),
  /** Who was signed in; absent for keys without a sign-in. Another person's session does not count. */
  person: z.string().optional(),
  /** Milliseconds since 1970. */
  since: z.number()
});
export type StoredGrant = z.infer<typeof StoredGrant>;

/** The grants of a home, each sealed in a file of its own. Many processes may use the same folder. */
export interface GrantStore {
  /** As they are on disk now, the oldest first. One that cannot be opened is none. */
  all(): Promise<StoredGrant[]>;
  get(id: string): Promise<StoredGrant | undefined>;
  /** Durable when it resolves. */
  put(grant: StoredGrant): Promise<void>;
  /** @returns whether there was one */
  remove(id: string): Promise<boolean>;
}

export interface GrantStoreOptions {
  /** The folder of the store of sessions. */
  directory: string;
  /** The key with which sessions are sealed too. */
  key: () => Promise<SealingKey>;
  log: Log;
}

const name = /^([0-9A-Z]{26})\.json$/;

export function createGrantStore({ directory, key, log }: GrantStoreOptions): GrantStore {
  const folder = join(directory, 'grants');
  const fileOf = (id: string): string => join(folder, `${id}.json`);
  const about = (id: string): string => `lakeside grant ${id}`;
  const known = new Map<string, { stamp: string; grant: StoredGrant | undefined }>();

  async function opened(id: string, content: string): Promise<StoredGrant | undefined> {
    try {
      const grant = StoredGrant.parse(JSON.parse(unseal(content, about(id), await key())));
      return grant.id === id ? grant : undefined;
    } catch (error) {
      log.warn({ err: error, grant: id }, 'a grant of a schedule cannot be opened, so it counts no more');
      return undefined;
    }
  }

  async function get(id: string): Promise<StoredGrant | undefined> {
    const file = fileOf(id);
    const stamp = stampOf(file);
    const content = stamp === undefined ? undefined : readOrNothing(file);
    if (stamp === undefined || content === undefined) {
      known.delete(id);
      return undefined;
    }
    let seen = known.get(id);
    if (seen?.stamp !== stamp) {
      seen = { stamp, grant: await opened(id, content) };
      known.set(id, seen);
    }
    return seen.grant;
  }

  return {
    get,
    async all() {
      const names = await readdir(folder).catch(() => []);
      const ids = names.flatMap(each => name.exec(each)?.[1] ?? []).sort();
      const found = await Promise.all(ids.map(get));
      return found.filter(grant => grant !== undefined);
    },
    async put(grant) {
      const content = seal(JSON.stringify(grant), about(grant.id), await key());
      await onStorage(folder, () => replaceFile(fileOf(grant.id), content));
    },
    async remove(id) {
      const isThere = stampOf(fileOf(id)) !== undefined;
      await rm(fileOf(id), { force: true });
      known.delete(id);
      return isThere;
    }
  };
}
