import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createS3ObjectStore } from '../../../../server/adapters/objectstore-s3/index.js';
import type { S3Settings } from '../../../../server/adapters/objectstore-s3/settings.js';
import { settingsOf, surroundings, twinKey } from '../../../support/s3/stores.js';
import { startTwin } from '../../../support/s3/twin.js';
import type { Twin } from '../../../support/s3/twin.js';

let twin: Twin;
beforeEach(async () => {
  twin = await startTwin();
});
afterEach(() => twin.stop());

/** What a person is told where the server refuses everything like this, and all that was logged meanwhile. */
async function told(more: Partial<S3Settings> = {}, endpoint = twin.endpoint) {
  const around = surroundings(twinKey);
  const store = createS3ObjectStore(settingsOf(endpoint, twinKey, more), around);
  const works = [() => store.put('a', Buffer.from('x')), () => store.get('a'), async () => await store.open('a')];
  const problems = [];
  for (const work of works) {
    problems.push(
      await work().then(
        () => undefined,
        (error: unknown) => error as Error & { code: string }
      )
    );
  }
  await store.close();
  for (const problem of problems) {
    const all = JSON.stringify(problem) + (problem?.message ?? '') + around.lines.join('');
    expect(all).not.toContain(twinKey.secretAccessKey);
    expect(all).not.toContain('Signature=');
  }
  return problems;
}

describe('each refusal says what is wrong and what to do', () => {
  test.each<[number, string | undefined, RegExp]>([
    [403, 'InvalidAccessKeyId', /does not know the access key\. Check credentials\.accessKeyId of library in/],
    [404, 'XAdminUserNotFound', /does not know the access key/],
    [403, 'SignatureDoesNotMatch', /secret does not belong to the access key/],
    [403, 'RequestTimeTooSkewed', /clock.*more than 15 minutes.*NTP/],
    [403, 'AccessDenied', /may not (write|read) objects in the bucket bucket.*object-storage\.md/],
    [403, undefined, /may not (write|read) objects/],
    [400, 'ExpiredToken', /has expired\. Renew/],
    [301, 'PermanentRedirect', /another region.*Set region/],
    [400, 'AuthorizationHeaderMalformed', /another region/],
    [405, 'MethodNotAllowed', /refuses to (write|read) objects.*405/]
  ])('%i %s', async (status, code, sentence) => {
    twin.refuse = () => ({ status, ...(code !== undefined && { code }) });
    for (const problem of await told()) {
      expect(problem).toMatchObject({ code: 'storage-refused', status: 502 });
      expect(problem?.message).toMatch(sentence);
    }
  });

  test('a bucket that is not there', async () => {
    for (const problem of await told({ bucket: 'nowhere' })) {
      expect(problem).toMatchObject({ code: 'storage-refused' });
      expect(problem?.message).toMatch(/There is no bucket nowhere at http.*or make the bucket/);
    }
  });

  test.each([
    [403, 'QuotaExceeded'],
    [507, undefined]
  ])('a full one: %i %s', async (status, code) => {
    twin.refuse = () => ({ status, ...(code !== undefined && { code }) });
    const [problem] = await told();
    expect(problem).toMatchObject({ code: 'storage-full' });
  });

  test('nobody at the address', async () => {
    const { endpoint } = twin;
    await twin.stop();
    for (const problem of await told({}, endpoint)) {
      expect(problem).toMatchObject({ code: 'storage-unreachable', status: 503 });
      expect(problem?.message).toMatch(/nobody answers at that address.*Check endpoint/);
    }
    twin = await startTwin();
  });

  test('a secret that is not there', async () => {
    const key = { accessKeyId: 'X', secretAccessKey: { env: 'NOT_SET' } };
    const [problem] = await told({ credentials: key });
    expect(problem).toMatchObject({ code: 'invalid' });
    expect(problem?.message).toContain('the variable NOT_SET, which is not set');
  });
});
