import { expect, test } from 'vitest';
import { dose } from '../../support/dose.js';
import { start } from './endpointSupport.js';
import { ada, MINUTE } from './support.js';
import type { MadeProvider } from './support.js';

// Long jobs and crowds at the endpoint, over HTTP. The clock of sidecar and clients is one, and is moved.

const MINUTES = 13 * 60;
const job = dose('requests of a job of thirteen hours', { ci: MINUTES, full: 13 * MINUTES });
const crowd = dose('readers at once', { ci: 200, full: 1000 });

/** Notes until when the keys of a provider are good, and how many renewals there were at once. */
function watched(dev: MadeProvider): { ends: Map<string, number>; most: () => number } {
  const ends = new Map<string, number>();
  const signIn = dev.signIn.bind(dev);
  const renew = dev.renew?.bind(dev);
  let now = 0;
  let most = 0;
  dev.signIn = async (...given) => {
    const grant = await signIn(...given);
    if (grant.keys.kind === 'aws') ends.set(grant.keys.accessKeyId, grant.keys.expiresAt ?? 0);
    return grant;
  };
  dev.renew = async (...given) => {
    most = Math.max(most, ++now);
    try {
      const grant = await renew?.(...given);
      if (grant?.keys.kind !== 'aws') throw new Error('not of AWS');
      ends.set(grant.keys.accessKeyId, grant.keys.expiresAt ?? 0);
      return grant;
    } finally {
      now--;
    }
  };
  return { ends, most: () => most };
}

type Bench = Awaited<ReturnType<typeof start>>;

/**
 * A live client that keeps keys as botocore does: it asks again in the last 15 minutes, and fails where that fails in
 * the last ten. Its store refuses keys that it does not know, or that have ended.
 */
function liveClient({ ask, clock }: Bench, ends: ReadonlyMap<string, number>): () => Promise<string> {
  let keys: { id: string; until: number } | undefined;
  return async () => {
    const left = (keys?.until ?? 0) - clock.now();
    if (left <= 15 * MINUTE) {
      const { status, body } = await ask();
      if (status === 200) keys = { id: body['AccessKeyId'] ?? '', until: Date.parse(body['Expiration'] ?? '') };
      else if (left <= 10 * MINUTE) return `${status} ${body['Message'] ?? ''}`;
    }
    return (ends.get(keys?.id ?? '') ?? 0) > clock.now() ? 'good' : 'the store refuses the keys';
  };
}

test('a job of thirteen hours has no failed request, though the provider is down for a while', async () => {
  const bench = await start();
  const { dev, clock, signIn, renewal } = bench;
  const { ends, most } = watched(dev);
  await signIn('dev');
  const request = liveClient(bench, ends);
  const answers = new Map<string, number>();
  for (let minute = 0; minute < MINUTES; minute++) {
    clock.move(MINUTE);
    // Keys have more time left than this lasts.
    dev.fail = minute >= 400 && minute < 415 ? new Error('down') : undefined;
    await renewal.look();
    for (let count = 0; count < job.runs / MINUTES; count++) {
      const answer = await request();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  }
  console.log(answers, `${dev.renewals} renewals, ${ends.size} keys`);
  expect([...answers]).toEqual([['good', job.runs]]);
  expect(ends.size).toBeGreaterThan(13);
  expect(most()).toBe(1);
}, 300_000);

test('without a refresh token the job is good to the end of its keys, then refused at once, and goes on after a sign-in', async () => {
  const bench = await start();
  const { dev, clock, signIn, renewal, service } = bench;
  const { ends } = watched(dev);
  const withRenewal = dev.signIn.bind(dev);
  dev.signIn = async (...given) => ({ ...(await withRenewal(...given)), renews: false, renewal: undefined });
  await signIn('dev');
  const request = liveClient(bench, ends);
  const states: string[] = [];
  for (let minute = 1; minute < 90; minute++) {
    clock.move(MINUTE);
    await renewal.look();
    const began = performance.now();
    const answer = await request();
    expect(performance.now() - began).toBeLessThan(500);
    if (minute < 60) expect(answer).toBe('good');
    else
      expect(answer).toMatch(/^401 The session of dev ended at 10:12 UTC\. Open Credentials in JupyterLab and sign in/);
    // What the browser reminds by.
    const [profile] = (await service.overview(ada)).profiles;
    expect(profile?.session).toMatchObject({ renewable: false, expiresAt: '2026-11-22T10:12:00.000Z' });
    states.push(profile?.state ?? '');
  }
  expect(states.indexOf('expired')).toBe(59);
  expect(dev.renewals).toBe(0);
  await signIn('dev');
  expect(await request()).toBe('good');
});

test('a crowd that reads during switches and renewals never sees the keys of two sessions', async () => {
  const { ask, dev, prod, clock, signIn, service, renewal } = await start();
  const { most } = watched(dev);
  await signIn('prod');
  await signIn('dev');
  const seen = new Set<string>();
  let reads = 0;
  let isOver = false;
  const reader = async (): Promise<void> => {
    for (let read = 0; read < 3 || !isOver; read++) {
      const { status, body } = await ask();
      expect(status, body['Message']).toBe(200);
      const mark = body['AccessKeyId']?.slice('ASIA-'.length) ?? '';
      expect(body).toMatchObject({ SecretAccessKey: `secret-of-${mark}`, Token: `token-of-${mark}` });
      seen.add(mark);
      reads++;
    }
  };
  const readers = Promise.all(Array.from({ length: crowd.runs }, reader));
  for (let turn = 1; turn <= 12; turn++) {
    await service.switch(ada, turn % 2 ? 'prod' : 'dev');
    if (turn % 4 === 0) {
      // Keys are renewed, none has ended.
      clock.move(45 * MINUTE);
      await renewal.look();
    }
    if (turn % 5 === 0) await signIn('dev');
    const wanted = reads + 20;
    await expect.poll(() => reads, { interval: 2, timeout: 20_000 }).toBeGreaterThan(wanted);
  }
  isOver = true;
  await readers;
  console.log(`${reads} reads, ${seen.size} keys, ${dev.renewals + prod.renewals} renewals`);
  expect(reads).toBeGreaterThanOrEqual(3 * crowd.runs);
  expect(seen.size).toBeGreaterThan(3);
  expect(dev.renewals + prod.renewals).toBeGreaterThan(2);
  expect(most()).toBe(1);
}, 120_000);
