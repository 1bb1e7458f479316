import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import * as z from 'zod';
import type { KeyOrigin } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import { replaceFile } from '../../replaceFile.js';
import type { Keyring } from '../ports.js';
import type { SealingKey } from './seal.js';

/** Fewer characters of a given key could be guessed. */
const SHORTEST = 32;

/** The key of a store, and where it is kept. */
export interface StoreKey extends SealingKey {
  origin: KeyOrigin;
  /** The same as a sentence. */
  detail: string;
}

export interface KeyOptions {
  /** The folder of the store, which exists. */
  directory: string;
  /** The key that the hub gave, as text. */
  given: string | undefined;
  keyring: Keyring | undefined;
  /** Told of the key before it is used. */
  register: (secret: string) => void;
  log: Log;
}

const Marker = z.object({ origin: z.enum(['hub', 'keyring', 'file']) });

/**
 * Finds the key of a store: the hub's where it gives one, else one in the operating system's keyring, else one in a
 * file that only this account may read. What was chosen once stays, unless the hub gives a key.
 *
 * @throws ProblemError `invalid` for a given key that is too short, `credential-failed` where the chosen place cannot
 * be used now
 */
export async function findKey(options: KeyOptions): Promise<StoreKey> {
  const { directory, given, keyring, log } = options;
  const marker = join(directory, 'key-origin.json');
  const chosen = Marker.safeParse(await readJson(marker)).data?.origin;
  const remember = async (key: StoreKey): Promise<StoreKey> => {
    if (key.origin !== chosen) await replaceFile(marker, JSON.stringify({ origin: key.origin }));
    return key;
  };

  if (given !== undefined) {
    if (given.trim().length < SHORTEST) {
      throw new ProblemError(
        'invalid',
        `The key for sessions that the hub gives has fewer than ${SHORTEST} characters. Make one with: openssl rand -base64 32`
      );
    }
    return remember(named(given.trim(), 'hub', 'Sessions are encrypted with a key that the hub gave.', options));
  }
  if (chosen === 'hub') {
    throw new ProblemError(
      'credential-failed',
      'Sessions are encrypted with a key that the hub gives, and this program was started without it. Set LAKESIDE_CREDENTIALS_KEY_FILE to the file with the key.'
    );
  }
  if (chosen !== 'file' && keyring !== undefined) {
    try {
      const secret = await fromKeyring(keyring, directory);
      const detail = `Sessions are encrypted with a key that ${keyring.name} keeps.`;
      return await remember(named(secret, 'keyring', detail, options));
    } catch (error) {
      if (chosen === 'keyring') throw keyringProblem(keyring.name, error);
      log.info({ err: error }, 'the keyring cannot be used; the key goes into a file');
    }
  }
  if (chosen === 'keyring' && keyring === undefined) throw keyringProblem('the keyring', undefined);
  const file = join(directory, 'key');
  const detail = `Sessions are encrypted with a key in ${file}, which only this account may read. Whoever reads all files of this account can open them.`;
  return remember(named(await fromFile(file, log), 'file', detail, options));
}

function keyringProblem(name: string, cause: unknown): ProblemError {
  return new ProblemError(
    'credential-failed',
    `Sessions are encrypted with a key in ${name}, which cannot be used now. Unlock it, then try again.`,
    { cause }
  );
}

function named(secret: string, origin: KeyOrigin, detail: string, { register }: KeyOptions): StoreKey {
  register(secret);
  const key = Buffer.from(hkdfSync('sha256', secret, 'lakeside', 'credentials store 1', 32));
  const id = createHash('sha256').update('lakeside key id\n').update(key).digest('hex').slice(0, 16);
  return { id, key, origin, detail };
}

/** One for each home of an account. */
async function fromKeyring(keyring: Keyring, directory: string): Promise<string> {
  const name = `lakeside ${createHash('sha256').update(directory).digest('hex').slice(0, 16)}`;
  const there = await keyring.get(name);
  if (there !== undefined) return there;
  const made = randomBytes(32).toString('base64');
  await keyring.set(name, made);
  // Another process may have made one at the same time: what is there now counts.
  const kept = await keyring.get(name);
  if (kept === undefined) throw new Error('The keyring did not keep the key.');
  return kept;
}

async function fromFile(file: string, log: Log): Promise<string> {
  const there = await readKeyFile(file, log);
  if (there !== undefined) return there;
  const part = `${file}.${randomBytes(6).toString('hex')}.part`;
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  await writeFile(part, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx', flush: true });
  try {
    // Unlike renaming, it fails where another process was first.
    await link(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(part, { force: true });
  }
  const made = await readKeyFile(file, log);
  if (made === undefined) throw new Error(`${file} is gone again.`);
  return made;
}

async function readKeyFile(file: string, log: Log): Promise<string | undefined> {
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  if (facts.uid !== userInfo().uid) {
    throw new ProblemError('credential-failed', `${file} belongs to another account. Remove it, then sign in again.`);
  }
  if ((facts.mode & 0o077) !== 0) {
    log.warn({ file }, 'others could read the key of the sessions; its rights are set to its owner alone again');
    chmodSync(file, 0o600);
  }
  const text = (await readFile(file, 'utf8')).trim();
  if (text.length >= SHORTEST) return text;
  throw new ProblemError('credential-failed', `${file} is no key any more. Remove it, then sign in again.`);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
