import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWebhookChannel } from '../../../../server/adapters/notify-webhook/index.js';
import { someDelivery } from '../../../support/schedule/notice.js';
import { httpSink } from '../../../support/schedule/sinks.js';
import type { Posted } from '../../../support/schedule/sinks.js';

const never = new AbortController().signal;
const clock = { now: () => Date.parse('2026-11-23T06:40:00.500Z') };

function channel(url: URL, secret = 'a shared secret') {
  return createWebhookChannel({ label: 'Operations', url, secret, clock });
}

/** As a receiver checks it, by docs/operators/notifications.md. */
function isGenuine({ headers, body }: Posted, key: Buffer): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

describe('a webhook', () => {
  it('gets the notice, signed over id, time and body', async () => {
    const sink = await httpSink();
    await channel(sink.url).deliver(someDelivery(), never);
    const [posted] = sink.posted;
    expect(isGenuine(posted!, Buffer.from('a shared secret'))).toBe(true);
    expect(isGenuine(posted!, Buffer.from('another'))).toBe(false);
    expect(isGenuine({ ...posted!, body: posted!.body.replace('ada', 'eve') }, Buffer.from('a shared secret'))).toBe(
      false
    );
    const id = '01KAQ0000000000000000000N1';
    expect(posted?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-lakeside-delivery': id,
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': '1795416000'
    });
    expect(JSON.parse(posted!.body)).toMatchObject({
      type: 'run.failure',
      version: 1,
      id,
      timestamp: '2026-11-23T06:34:12.000Z',
      data: { owner: 'ada', schedule: { name: 'Morning delays' }, run: { state: 'FAILED' }, cell: { number: 7 } }
    });
  });

  it('gets the same bytes and id when it is sent again', async () => {
    const sink = await httpSink();
    for (const attempt of [1, 2]) await channel(sink.url).deliver(someDelivery({}, { attempt }), never);
    expect(sink.posted[0]?.body).toBe(sink.posted[1]?.body);
  });

  it('takes a key in base64, as the libraries write it', async () => {
    const sink = await httpSink();
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    await channel(sink.url, `whsec_${key.toString('base64')}`).deliver(someDelivery(), never);
    expect(isGenuine(sink.posted[0]!, key)).toBe(true);
  });

  it.each([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [404, false],
    [410, false],
    [301, false]
  ])('that answers %i: whether it is tried again is %s', async (status, isPassing) => {
    const sink = await httpSink(() => ({
      status,
      headers: { 'retry-after': '17', location: 'http://127.0.0.1:1/' },
      body: 'no <b>'
    }));
    const refused = channel(sink.url).deliver(someDelivery(), never);
    await expect(refused).rejects.toMatchObject({ isPassing, ...(status !== 301 && { retryAfter: 17 }) });
    // The address may be a secret.
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringMatching(/secret-part/) as string });
    expect(sink.posted).toHaveLength(1);
  });

  it.each(['break off', 'silence'] as const)('that meets it with %s is tried again', async what => {
    const sink = await httpSink(() => what);
    const signal = AbortSignal.timeout(300);
    await expect(channel(sink.url).deliver(someDelivery(), signal)).rejects.toMatchObject({ isPassing: true });
  });

  it('that is not there is tried again', async () => {
    const gone = channel(new URL('http://127.0.0.1:1/hook')).deliver(someDelivery(), never);
    await expect(gone).rejects.toMatchObject({
      isPassing: true,
      message: expect.stringMatching(/127\.0\.0\.1:1/) as string
    });
  });
});
