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

/** Counts failed authentications. Whoever has the token is never slowed down. */
export function createLimiter(clock: Clock): { failed: () => boolean } {
  let left = FAILURES;
  let at = clock.monotonic();
  return {
    /** Notes a failure. @returns whether there were too many lately */
    failed() {
      const now = clock.monotonic();
      left = Math.min(FAILURES, left + (now - at) / 1000 / SECONDS_EACH);
      at = now;
      if (left < 1) return true;
      left -= 1;
      return false;
    }
  };
}

/** Whether the name under which somebody reached us is this machine's own: other names are tricks of web pages. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}
