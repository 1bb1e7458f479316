import { readdirSync, readFileSync, statSync, writeFileSync, chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../../server/adapters/memory/log.js';
import { createMemoryExclusive } from '../../../server/adapters/memory/exclusive.js';
import { createSqliteLocks } from '../../../server/adapters/sqlite-lock/index.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import type { Keyring } from '../../../server/credentials/ports.js';
import { findKey } from '../../../server/credentials/store/key.js';
import type { KeyOptions } from '../../../server/credentials/store/key.js';
import type { StoredSession } from '../../../server/credentials/store/session.js';
import { createSessionStore } from '../../../server/credentials/store/store.js';
import type { SessionStore } from '../../../server/credentials/store/store.js';
import type { FailPoint } from '../../../server/ports.js';
import { scratch } from '../../support/scratch.js';

/** Both halves of the keys carry the number of their session. */
function sessionOf(number: number, profile = 'dev'): StoredSession {
  const keys = {
    kind: 'aws' as const,
    accessKeyId: `id-${number}`,
    secretAccessKey: `secret-${number}`,
    sessionToken: `token-${number}`.repeat(50),
    expiresAt: number
  };
  const grant = { keys, identity: { name: 'ada' }, renewal: { refreshToken: `refresh-${number}` } };
  return { version: 1, profile, fingerprint: 'f', id: `s${number}`, issue: 1, since: 1, changedAt: 1, grant };
}

function keyOptions(directory: string, more: Partial<KeyOptions> = {}): KeyOptions {
  return {
    directory,
    given: undefined,
    keyring: undefined,
    register: () => undefined,
    log: createMemoryLog(),
    ...more
  };
}

function open(
  directory: string,
  { failPoint = () => undefined, ...more }: Partial<KeyOptions> & { failPoint?: FailPoint } = {}
): SessionStore & { secrets: string[] } {
  const secrets: string[] = [];
  const store = createSessionStore({
    directory,
    findKey: () => findKey(keyOptions(directory, more)),
    exclusive: createMemoryExclusive(),
    register: secret => secrets.push(secret),
    failPoint
  });
  return { ...store, secrets };
}

/** Every file below a folder. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name));
}

describe('sessions on disk', () => {
  test('nothing secret can be read in any file, and all files are their owner’s alone', async () => {
    const directory = join(scratch(), 'credentials');
    await open(directory).write(sessionOf(7));
    const files = filesOf(directory);
    expect(files.map(file => file.slice(directory.length + 1)).sort()).toEqual([
      'key',
      'key-origin.json',
      'sessions/dev.json'
    ]);
    for (const file of files) {
      expect(statSync(file).mode & 0o777, file).toBe(0o600);
      expect(readFileSync(file, 'latin1')).not.toMatch(/secret-7|token-7|refresh-7|id-7/);
    }
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const again = open(directory);
    expect(await again.read('dev')).toEqual(sessionOf(7));
    // Known to the log before anybody has them.
    expect(again.secrets).toEqual(expect.arrayContaining(['secret-7', 'token-7'.repeat(50), 'refresh-7']));
  });

  test('what was changed, or put under another name, is not taken for a session', async () => {
    const directory = join(scratch(), 'credentials');
    const store = open(directory);
    await store.write(sessionOf(1));
    const file = join(directory, 'sessions', 'dev.json');
    copyFileSync(file, join(directory, 'sessions', 'prod.json'));
    await expect(store.read('prod')).rejects.toMatchObject({ code: 'credential-signin' });
    const good = readFileSync(file, 'utf8');
    for (const bad of [
      '',
      '{}',
      good.slice(0, -20),
      good.replace(/"data":"./, '"data":"_'),
      good.replace('"data":"', '"data":"AAAA')
    ]) {
      writeFileSync(file, bad);
      await expect(store.read('dev')).rejects.toThrow('was changed. Sign in again.');
    }
    await store.write(sessionOf(2));
    expect((await store.read('dev'))?.id).toBe('s2');
  });

  test('1,000 readers during switches of session never see the keys of two', async () => {
    const directory = join(scratch(), 'credentials');
    const [writer, reader] = [open(directory), open(directory)];
    await writer.write(sessionOf(0));
    let reads = 0;
    let isDone = false;
    const seen = new Set<number>();
    async function readOn(): Promise<void> {
      while (!isDone || reads < 1000) {
        const keys = (await reader.read('dev'))?.grant.keys;
        if (keys?.kind !== 'aws') throw new Error('no keys');
        const number = keys.expiresAt ?? -1;
        expect(keys).toEqual(sessionOf(number).grant.keys);
        seen.add(number);
        reads++;
        await new Promise(resolve => setImmediate(resolve));
      }
    }
    const readers = Array.from({ length: 50 }, readOn);
    for (let number = 1; number <= 100; number++) await writer.write(sessionOf(number));
    isDone = true;
    await Promise.all(readers);
    expect(reads).toBeGreaterThanOrEqual(1000);
    expect(seen.size).toBeGreaterThan(10);
  });

  test('a process that dies before it stored leaves the old one whole, after it the new one', async () => {
    const directory = join(scratch(), 'credentials');
    await open(directory).write(sessionOf(1));
    for (const [point, id] of [
      ['credentials:received', 's1'],
      ['credentials:stored', 's2']
    ] as const) {
      const failPoint: FailPoint = reached => {
        if (reached === point) throw new Error('killed');
      };
      await expect(open(directory, { failPoint }).write(sessionOf(2))).rejects.toThrow('killed');
      expect((await open(directory).read('dev'))?.id).toBe(id);
    }
  });

  test('keys that come late do not replace a newer session, nor one that was ended', async () => {
    const store = open(join(scratch(), 'credentials'));
    await store.write(sessionOf(1));
    await store.write(sessionOf(2));
    expect(await store.write({ ...sessionOf(1), issue: 2 }, { id: 's1', issue: 1 })).toBe(false);
    expect((await store.read('dev'))?.id).toBe('s2');
    await store.wipe('dev');
    expect(await store.write({ ...sessionOf(2), issue: 2 }, { id: 's2', issue: 1 })).toBe(false);
    expect(await store.read('dev')).toBeUndefined();
  });

  test('what is wiped is gone, pieces of killed writers too', async () => {
    const directory = join(scratch(), 'credentials');
    const store = open(directory);
    await store.write(sessionOf(1));
    await store.write(sessionOf(1, 'prod'));
    writeFileSync(join(directory, 'sessions', 'dev.json.abc.part'), 'x');
    expect(await store.wipe('dev')).toBe(true);
    expect(readdirSync(join(directory, 'sessions'))).toEqual(['prod.json']);
    expect(await store.wipe('dev')).toBe(false);
  });
});

describe('the key', () => {
  const given = 'k'.repeat(40);

  test('of the hub comes first, and is asked for by name where it is missing', async () => {
    const directory = join(scratch(), 'credentials');
    await open(directory, { given }).write(sessionOf(1));
    expect(await open(directory, { given }).read('dev')).toBeDefined();
    expect(await open(directory, { given }).key()).toMatchObject({ origin: 'hub' });
    await expect(open(directory).read('dev')).rejects.toThrow('LAKESIDE_CREDENTIALS_KEY_FILE');
    await expect(open(directory, { given: 'x'.repeat(40) }).read('dev')).rejects.toThrow('another key. Sign in again.');
    await expect(open(directory, { given: 'short' }).key()).rejects.toThrow('32 characters');
    expect(
      filesOf(directory)
        .map(file => readFileSync(file, 'latin1'))
        .join()
    ).not.toContain(given);
  });

  test('lies in the keyring where there is one, and stays there', async () => {
    const directory = join(scratch(), 'credentials');
    const kept = new Map<string, string>();
    const keyring: Keyring = {
      name: 'the test keyring',
      get: name => Promise.resolve(kept.get(name)),
      set: (name, secret) => Promise.resolve(void kept.set(name, secret))
    };
    await open(directory, { keyring }).write(sessionOf(1));
    expect(await open(directory, { keyring }).key()).toMatchObject({
      origin: 'keyring',
      detail: 'Sessions are encrypted with a key that the test keyring keeps.'
    });
    expect(kept.size).toBe(1);
    expect(filesOf(directory).some(file => file.endsWith('/key'))).toBe(false);
    const locked = { ...keyring, get: () => Promise.reject(new Error('locked')) };
    await expect(open(directory, { keyring: locked }).read('dev')).rejects.toThrow('Unlock it');
  });

  test('goes into a file where the keyring cannot be used, and says so', async () => {
    const directory = join(scratch(), 'credentials');
    const keyring: Keyring = {
      name: 'x',
      get: () => Promise.reject(new Error('no')),
      set: () => Promise.reject(new Error())
    };
    const store = open(directory, { keyring });
    await store.write(sessionOf(1));
    expect((await store.key()).detail).toContain('only this account may read');
  });

  test('is one for all processes that start at once; rights that were loosened are tightened', async () => {
    const directory = join(scratch(), 'credentials');
    const keys = await Promise.all(Array.from({ length: 20 }, () => open(directory).key()));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1);
    chmodSync(join(directory, 'key'), 0o644);
    const log = createMemoryLog();
    await open(directory, { log }).key();
    expect(statSync(join(directory, 'key')).mode & 0o777).toBe(0o600);
    expect(log.entries).toMatchObject([{ level: 'warn' }]);
  });
});

test('locks between processes: one at a time, and free after failures', async () => {
  const directory = scratch();
  // Two of them stand for two processes: SQLite keeps connections apart.
  const [one, other] = [createSqliteLocks(directory, systemClock), createSqliteLocks(directory, systemClock)];
  let inside = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise(resolve => setTimeout(resolve, 5));
    inside--;
  };
  await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).run('a', work)));
  expect(most).toBe(1);
  await expect(one.run('a', () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await other.run('a', () => Promise.resolve('free'))).toBe('free');
  const slow = one.run('a', () => new Promise(resolve => setTimeout(resolve, 200)));
  expect(await other.run('b', () => Promise.resolve('another name'))).toBe('another name');
  await slow;
});
