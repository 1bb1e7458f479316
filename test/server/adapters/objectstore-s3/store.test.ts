import { randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createS3ObjectStore } from '../../../../server/adapters/objectstore-s3/index.js';
import type { S3Settings } from '../../../../server/adapters/objectstore-s3/settings.js';
import type { ObjectStore } from '../../../../server/share/ports.js';
import { scratchCache, settingsOf, surroundings, twinKey } from '../../../support/s3/stores.js';
import { scratch } from '../../../support/scratch.js';
import { startTwin } from '../../../support/s3/twin.js';
import type { Twin } from '../../../support/s3/twin.js';

let twin: Twin;
let store: ObjectStore;
let cache: string;
const bytes = Buffer.from('content');
const puts = (): string[] => twin.requests.filter(line => line.startsWith('PUT') && !line.includes('+probe'));

async function open(more: Partial<S3Settings> = {}): Promise<void> {
  store = createS3ObjectStore(settingsOf(twin.endpoint, twinKey, more), surroundings(twinKey, cache));
  // In the first test the probe is done by this, and out of the way.
  await store.put('first', bytes);
  twin.requests.length = 0;
}

beforeAll(async () => {
  twin = await startTwin();
  cache = scratchCache();
});
beforeEach(() => open());
afterEach(async () => {
  await store.close();
  twin.objects.clear();
  twin.refuse = () => undefined;
});
afterAll(() => twin.stop());

/** Refuses the next so many requests that fit. */
function refuseNext(count: number, method: string, refusal: ReturnType<Twin['refuse']>): void {
  let left = count;
  twin.refuse = request => (request.method === method && left-- > 0 ? refusal : undefined);
}

describe('requests', () => {
  test('a new object takes one, an old one two', async () => {
    await store.put('a', bytes);
    expect(twin.requests).toHaveLength(1);
    await store.put('a', bytes);
    expect(twin.requests).toHaveLength(3);
    await store.put('a', bytes, { ifAbsent: true });
    expect(twin.requests).toHaveLength(4);
  });

  test('of another process of this home need no probe', async () => {
    const other = createS3ObjectStore(settingsOf(twin.endpoint, twinKey), surroundings(twinKey, cache));
    await other.put('b', bytes);
    expect(twin.requests).toHaveLength(1);
    await other.close();
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('lie below the prefix, and nothing else in the bucket is seen', async () => {
    await store.close();
    twin.objects.clear();
    await open({ prefix: 'team/library' });
    await store.put('a/b', bytes);
    twin.objects.set('team/other', { bytes, at: Date.now(), headers: {} });
    twin.objects.set('team/library/+probe/x', { bytes, at: Date.now(), headers: {} });
    twin.objects.set('team/library/a b', { bytes, at: Date.now(), headers: {} });
    expect([...twin.objects.keys()]).toContain('team/library/a/b');
    const keys = [];
    for await (const key of store.keys('')) keys.push(key);
    expect(keys).toEqual(['a/b', 'first']);
  });

  test('carry a checksum and a signed hash of the body', async () => {
    await store.put('a', bytes);
    expect(twin.lastHeaders['content-md5']).toBeDefined();
    expect(twin.lastHeaders['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(twin.lastHeaders).filter(name => name.startsWith('x-amz-checksum'))).toEqual([]);
  });
});

describe('what fails is tried again', () => {
  test.each([
    [500, 'InternalError'],
    [503, 'SlowDown'],
    [429, 'TooManyRequests'],
    [409, 'ConditionalRequestConflict'],
    [400, 'RequestTimeout']
  ])('%i %s', async (status, code) => {
    refuseNext(3, 'PUT', { status, code });
    expect(await store.put('a', bytes, { ifAbsent: true })).toBe('created');
    expect(puts()).toHaveLength(4);
  });

  test('a condition that was not met never is', async () => {
    refuseNext(1, 'PUT', { status: 412, code: 'PreconditionFailed' });
    expect(await store.put('a', bytes, { ifAbsent: true })).toBe('exists');
    expect(puts()).toHaveLength(1);
  });

  test('a refusal is not', async () => {
    refuseNext(1, 'PUT', { status: 403, code: 'AccessDenied' });
    await expect(store.put('a', bytes)).rejects.toMatchObject({ code: 'storage-refused' });
    expect(puts()).toHaveLength(1);
  });

  test('not before the time that the server asks for', async () => {
    refuseNext(1, 'PUT', { status: 503, code: 'SlowDown', headers: { 'retry-after': '1' } });
    const began = performance.now();
    await store.put('a', bytes);
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  test('a broken connection', async () => {
    refuseNext(2, 'PUT', 'reset');
    expect(await store.put('a', bytes)).toBe('created');
    refuseNext(2, 'GET', 'reset');
    expect(Buffer.from((await store.get('a'))!).toString()).toBe('content');
  });

  test('whoever wrote an object hears so, also where the answer got lost', async () => {
    refuseNext(1, 'PUT', { status: 500, code: 'InternalError', afterwards: true });
    expect(await store.put('a', bytes, { ifAbsent: true })).toBe('created');
    refuseNext(1, 'PUT', { status: 500, code: 'InternalError', afterwards: true });
    expect(await store.put('a', Buffer.from('other'), { ifAbsent: true })).toBe('exists');
    expect(Buffer.from((await store.get('a'))!).toString()).toBe('content');
  });

  test('and given up after a while, with a sentence and a time', async () => {
    // Short pauses: of what may be waited a hundredth.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.01);
    onTestFinished(() => random.mockRestore());
    refuseNext(1_000, 'HEAD', { status: 500, code: 'InternalError' });
    await expect(store.head('a')).rejects.toMatchObject({
      code: 'storage-unreachable',
      status: 503,
      retryAfter: 10,
      message: expect.stringContaining('it answers 500') as string
    });
    expect(twin.requests).toHaveLength(12);
  });
});

describe('large bodies', () => {
  const large = randomBytes(20 * 1024 * 1024);
  const file = (): string => {
    const name = join(scratch(), 'large');
    writeFileSync(name, large);
    return name;
  };

  test('go in parts, from memory and from files', async () => {
    expect(await store.put('a', { file: file() })).toBe('created');
    expect(puts()).toHaveLength(3);
    expect(Buffer.compare(large, Buffer.from((await store.get('a'))!))).toBe(0);
    expect(await store.put('a', large)).toBe('replaced');
    expect(await store.put('a', large, { ifAbsent: true })).toBe('exists');
  });

  test('outlast a part that fails, and an answer to the last request that gets lost', async () => {
    refuseNext(2, 'PUT', { status: 500, code: 'InternalError' });
    expect(await store.put('a', { file: file() })).toBe('created');
    let left = 1;
    twin.refuse = ({ method, url }) =>
      method === 'POST' && url.includes('uploadId') && left-- > 0
        ? { status: 500, code: 'InternalError', afterwards: true }
        : undefined;
    expect(await store.put('b', { file: file() })).toBe('created');
    expect(twin.objects.get('b')?.bytes.length).toBe(large.length);
  });

  test('leave nothing behind where they fail', async () => {
    refuseNext(1, 'PUT', { status: 403, code: 'AccessDenied' });
    await expect(store.put('a', { file: file() })).rejects.toMatchObject({ code: 'storage-refused' });
    expect(twin.objects.has('a')).toBe(false);
    expect(twin.requests.at(-1)).toMatch(/^DELETE .*uploadId/);
  });
});

describe('an answer that breaks off', () => {
  test('is taken up where it ended', async () => {
    const large = randomBytes(3_000_000);
    await store.put('a', large);
    const read = await store.open('a');
    const parts: Buffer[] = [];
    for await (const part of read!) parts.push(Buffer.from(part));
    expect(Buffer.compare(Buffer.concat(parts), large)).toBe(0);
  });
});
