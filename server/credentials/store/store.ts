import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { FailPoint } from '../../ports.js';
import { replaceFile } from '../../replaceFile.js';
import { onStorage } from '../../storage.js';
import type { Exclusive } from '../ports.js';
import type { StoreKey } from './key.js';
import { seal, SealBroken, unseal } from './seal.js';
import { secretsOf, StoredSession } from './session.js';

/** Keeps one session for each profile, encrypted. Many processes may use the same folder. */
export interface SessionStore {
  /**
   * The session of a profile as it is on disk now.
   *
   * @throws ProblemError `credential-signin` where there is one that cannot be read
   */
  read(profile: string): Promise<StoredSession | undefined>;
  /**
   * Puts a session in the place of another one. Durable when it resolves.
   *
   * @param expected - the issue it comes from: where something else is there meanwhile, that stays. Absent: whatever
   * is there
   * @returns whether it was put there
   */
  write(session: StoredSession, expected?: { id: string; issue: number }): Promise<boolean>;
  /** Overwrites and removes the session of a profile. @returns whether there was one */
  wipe(profile: string): Promise<boolean>;
  /** The key with which it encrypts. */
  key(): Promise<StoreKey>;
}

export interface StoreOptions {
  /** The folder of the store; made where it is missing. */
  directory: string;
  /** Asked when a session is read or written first. */
  findKey: () => Promise<StoreKey>;
  exclusive: Exclusive;
  /** Told of every secret before anybody gets it. */
  register: (secret: string) => void;
  failPoint: FailPoint;
}

export function createSessionStore(options: StoreOptions): SessionStore {
  const { directory, exclusive, register, failPoint } = options;
  const folder = join(directory, 'sessions');
  const fileOf = (profile: string): string => join(folder, `${profile}.json`);
  const about = (profile: string): string => `lakeside session of ${profile}`;
  const known = new Map<string, { stamp: string; session: StoredSession | ProblemError }>();
  let found: Promise<StoreKey> | undefined;

  function key(): Promise<StoreKey> {
    if (found === undefined) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      found = options.findKey();
      found.catch(() => (found = undefined));
    }
    return found;
  }

  async function opened(profile: string, content: string): Promise<StoredSession | ProblemError> {
    const with_ = await key();
    try {
      const session = StoredSession.parse(JSON.parse(unseal(content, about(profile), with_))) as StoredSession;
      for (const secret of secretsOf(session.grant)) register(secret);
      return session;
    } catch (error) {
      const isOther = error instanceof SealBroken && error.reason === 'other-key';
      const why = isOther ? 'it is encrypted with another key' : 'its file was changed';
      return new ProblemError(
        'credential-signin',
        `The kept session of ${profile} cannot be read: ${why}. Sign in again.`,
        {
          cause: error
        }
      );
    }
  }

  async function read(profile: string): Promise<StoredSession | undefined> {
    const file = fileOf(profile);
    const stamp = stampOf(file);
    if (stamp === undefined) {
      known.delete(profile);
      return undefined;
    }
    let seen = known.get(profile);
    if (seen?.stamp !== stamp) {
      const content = readOrNothing(file);
      if (content === undefined) return undefined;
      seen = { stamp, session: await opened(profile, content) };
      // A file that was put there meanwhile has another stamp, and is read again.
      known.set(profile, seen);
    }
    if (seen.session instanceof ProblemError) throw seen.session;
    return seen.session;
  }

  async function isExpected(profile: string, expected: { id: string; issue: number }): Promise<boolean> {
    const there = await read(profile).catch(() => undefined);
    return there?.id === expected.id && there.issue === expected.issue;
  }

  return {
    read,
    key,
    async write(session, expected) {
      const { profile } = session;
      for (const secret of secretsOf(session.grant)) register(secret);
      const content = seal(JSON.stringify(session), about(profile), await key());
      await failPoint('credentials:received');
      return exclusive.run(`session-${profile}`, async () => {
        if (expected !== undefined && !(await isExpected(profile, expected))) return false;
        await onStorage(folder, () => replaceFile(fileOf(profile), content));
        await failPoint('credentials:stored');
        return true;
      });
    },
    wipe: profile =>
      exclusive.run(`session-${profile}`, async () => {
        const names = await readdir(folder).catch(() => []);
        const own = names.filter(name => name === `${profile}.json` || name.startsWith(`${profile}.json.`));
        for (const name of own) await shred(join(folder, name));
        known.delete(profile);
        return own.includes(`${profile}.json`);
      })
  };
}

/** Changes when a file is replaced; undefined where there is none. */
export function stampOf(file: string): string | undefined {
  const facts = statSync(file, { bigint: true, throwIfNoEntry: false });
  return facts && `${facts.ino} ${facts.mtimeNs} ${facts.ctimeNs} ${facts.size}`;
}

/** What is in a file; undefined where there is none. */
export function readOrNothing(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Overwrites a file before it goes, for disks that write in place; readers see it whole or not at all. */
async function shred(whole: string): Promise<void> {
  const file = `${whole}.${randomBytes(6).toString('hex')}.gone`;
  await rename(whole, file);
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    await handle.write(randomBytes(size), 0, size, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rm(file, { force: true });
}
