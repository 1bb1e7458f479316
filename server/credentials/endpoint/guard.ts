import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '../../ports.js';
import { stampOf } from '../store/store.js';

/** Failed authentications that are answered with their sentence in a row, and the seconds that win one back. */
const FAILURES = 20;
const SECONDS_EACH = 3;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The token of an endpoint, read again when its file changes. */
export function createToken(file: string): { matches: (given: string) => boolean } {
  let known: { stamp: string; wanted: Buffer } | undefined;

  function wanted(): Buffer | undefined {
    const stamp = stampOf(file);
    if (stamp === undefined) return undefined;
    if (known?.stamp !== stamp) {
      const text = readFileSync(file, 'utf8');
      // An empty file would let anybody in.
      if (text.length < 32) return undefined;
      known = { stamp, wanted: digest(text) };
    }
    return known.wanted;
  }

  return {
    matches(given) {
      const expected = wanted();
      // Digests are of one length, and are compared in the same time whatever differs.
      return expected !== undefined && timingSafeEqual(digest(given), expected);
    }
  };
}

/** A store of so many, filled again over time. */
export function createBucket(
  clock: Clock,
  { size, perSecond }: { size: number; perSecond: number }
): { take: () => boolean } {
  let left = size;
  let at = clock.monotonic();
  return {
    /** Takes one. @returns whether there was one */
    take() {
      const now = clock.monotonic();
      left = Math.min(size, left + ((now - at) / 1000) * perSecond);
      at = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    }
  };
}

/** Counts failed authentications. Whoever has the token is never slowed down. */
export function createLimiter(clock: Clock): { failed: () => boolean } {
  const bucket = createBucket(clock, { size: FAILURES, perSecond: 1 / SECONDS_EACH });
  return {
    /** Notes a failure. @returns whether there were too many lately */
    failed: () => !bucket.take()
  };
}

/** Whether the name under which somebody reached us is this machine's own: other names are tricks of web pages. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}
