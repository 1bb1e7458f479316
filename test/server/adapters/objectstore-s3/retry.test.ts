import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryStrategy, isWorthRetrying, pauseBefore } from '../../../../server/adapters/objectstore-s3/retry.js';
import { createTestClock } from '../../../support/library.js';

const answer = (status: number, name = 'X') =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });
const network = (code: string) => Object.assign(new Error(code), { code });

describe('what is worth another try', () => {
  test.each([500, 502, 503, 504, 429, 409, 408])('%i is', status => expect(isWorthRetrying(answer(status))).toBe(true));
  test.each([412, 400, 401, 403, 404, 405, 301, 501, 507])('%i is not', status =>
    expect(isWorthRetrying(answer(status))).toBe(false)
  );
  test('412 is not, whatever it is called', () => expect(isWorthRetrying(answer(412, 'SlowDown'))).toBe(false));
  test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNREFUSED'])('%s is', code =>
    expect(isWorthRetrying(network(code))).toBe(true)
  );
  test.each(['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    '%s is not',
    code => expect(isWorthRetrying(network(code))).toBe(false)
  );
});

describe('pauses', () => {
  test('have full jitter, grow, and stay below 5 s', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (tries, chance) => {
        const pause = pauseBefore(tries, 0, () => chance);
        expect(pause).toBe(Math.round(chance * Math.min(5_000, 100 * 2 ** (tries - 1))));
      })
    );
  });

  test('are at least as long as the server asked for, up to 30 s', () => {
    expect(pauseBefore(1, 4_000, () => 0.5)).toBe(4_000);
    expect(pauseBefore(9, 10, () => 0.9)).toBe(4_500);
    expect(pauseBefore(1, 3_600_000, () => 0)).toBe(30_000);
  });
});

describe('tries', () => {
  async function tries(error: unknown, passing = 0): Promise<number> {
    const clock = createTestClock();
    const strategy = createRetryStrategy({ clock });
    let token = await strategy.acquireInitialRetryToken('');
    for (let made = 1; ; made++) {
      clock.move(passing);
      const next = await strategy.refreshRetryTokenForRetry(token, { error }).catch(() => undefined);
      if (next === undefined) return made;
      token = next;
    }
  }

  test('end after twelve, four or one', async () => {
    expect(await tries(answer(500))).toBe(12);
    expect(await tries(network('ECONNREFUSED'))).toBe(4);
    expect(await tries(answer(412))).toBe(1);
  });

  test('end after a minute', async () => {
    expect(await tries(answer(500), 25_000)).toBeLessThanOrEqual(3);
  });
});
