import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { createS3ObjectStore } from '../../server/adapters/objectstore-s3/index.js';
import type { ObjectStore } from '../../server/share/ports.js';
import { createRandom } from '../bench/library/corpus.js';
import { dose } from '../support/dose.js';
import { startFaultProxy } from '../support/s3/faultProxy.js';
import type { FaultProxy } from '../support/s3/faultProxy.js';
import { makeBucket, scratchCache, settingsOf, surroundings } from '../support/s3/stores.js';
import { scratch } from '../support/scratch.js';

const rates = [0.01, 0.05, 0.2, 0.5];
const AT_ONCE = 8;

let proxy: FaultProxy;
let spoilt: ObjectStore;
let direct: ObjectStore;
afterEach(async () => {
  await spoilt.close();
  await direct.close();
  await proxy.stop();
});

const sha = (bytes: Uint8Array | undefined): string | undefined =>
  bytes && createHash('sha256').update(bytes).digest('hex');

describe.each(inject('s3'))('$name behind a proxy that spoils requests', ({ name, endpoint, key }) => {
  test('loses nothing, tears nothing', async () => {
    const { runs, seed } = dose(`uploads to ${name}`, { ci: 100, full: 500 });
    const random = createRandom(seed);
    const folder = scratch();
    const bucket = await makeBucket(endpoint, key);
    const cache = scratchCache();
    proxy = await startFaultProxy(endpoint, random);
    spoilt = createS3ObjectStore(settingsOf(proxy.endpoint, key, { bucket }), surroundings(key, cache));
    direct = createS3ObjectStore(settingsOf(endpoint, key, { bucket }), surroundings(key, cache));

    const fates = { acknowledged: 0, failed: 0, lost: 0, torn: 0 };
    const expected = new Map<string, string>();

    /** One upload of one kind in ten is large; every other one must be new. */
    async function upload(n: number): Promise<void> {
      const size = n % 10 === 0 ? 9_000_000 + Math.floor(random() * 8_000_000) : Math.floor(random() * 200_000);
      const bytes = Buffer.alloc(size, `${seed} ${n} `);
      const file = join(folder, String(n));
      if (n % 3 === 0) writeFileSync(file, bytes);
      const objectKey = `uploads/${n % 7}/${n}`;
      const result = await spoilt
        .put(objectKey, n % 3 === 0 ? { file } : bytes, { ifAbsent: n % 2 === 0 })
        .catch((error: unknown) => error as Error & { code?: string });
      const stored = await direct.get(objectKey);
      if (stored !== undefined && sha(stored) !== sha(bytes)) fates.torn++;
      if (result instanceof Error) {
        fates.failed++;
        expect(result.code, result.message).toBe('storage-unreachable');
        return;
      }
      expect(result, objectKey).toBe('created');
      fates.acknowledged++;
      if (stored === undefined) fates.lost++;
      expected.set(objectKey, sha(bytes)!);
    }

    for (const [index, rate] of rates.entries()) {
      proxy.rate = rate;
      let next = Math.floor((index * runs) / rates.length);
      const end = Math.floor(((index + 1) * runs) / rates.length);
      const worker = async (): Promise<void> => {
        while (next < end) await upload(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
    }

    // Reads and lists through the same faults see what is there, whole.
    proxy.rate = 0.2;
    const listed: string[] = [];
    for await (const each of spoilt.keys('uploads/')) listed.push(each);
    for (const objectKey of expected.keys()) expect(listed).toContain(objectKey);
    for (const [objectKey, hash] of expected) expect(sha(await spoilt.get(objectKey)), objectKey).toBe(hash);

    const made = Object.values(proxy.made).reduce((sum, count) => sum + count, 0);
    console.log(`${name}: ${JSON.stringify(fates)}, ${made} of ${proxy.requests} requests spoilt`);
    expect(fates).toMatchObject({ lost: 0, torn: 0 });
    expect(fates.acknowledged).toBeGreaterThan(runs * 0.97);
    expect(made).toBeGreaterThan(runs / 10);
  });

  test('has one winner among writers at once, also where answers get lost', async () => {
    const { runs, seed } = dose(`races at ${name}`, { ci: 20, full: 100 });
    const bucket = await makeBucket(endpoint, key);
    const cache = scratchCache();
    proxy = await startFaultProxy(endpoint, createRandom(seed));
    spoilt = createS3ObjectStore(settingsOf(proxy.endpoint, key, { bucket }), surroundings(key, cache));
    direct = createS3ObjectStore(settingsOf(endpoint, key, { bucket }), surroundings(key, cache));
    await spoilt.put('first', Buffer.from('x'));
    proxy.rate = 0.2;
    for (let race = 0; race < runs; race++) {
      const results = await Promise.all(
        Array.from({ length: 8 }, (_, n) => spoilt.put(`race/${race}`, Buffer.from(`writer ${n}`), { ifAbsent: true }))
      );
      const winners = results.flatMap((result, n) => (result === 'created' ? [`writer ${n}`] : []));
      expect(winners).toEqual([Buffer.from((await direct.get(`race/${race}`))!).toString()]);
    }
  });
});
