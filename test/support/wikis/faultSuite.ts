import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiDialect, WikiPage, WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import { dose } from '../dose.js';
import { scratch } from '../scratch.js';
import { startFaultProxy, type Fault, type FaultProxy } from './faultProxy.js';

/** A wiki that is reached through a proxy which breaks requests. */
export interface FaultFixture {
  /** Address of the server, without what comes after the port. */
  base: string;
  /** What must never stand in a sentence. */
  secret: string;
  /**
   * A target that goes through an address in the place of `base`; it is called `Data wiki`, gives up a call after 2500 ms
   * and waits 400 ms at most.
   */
  targetOf(base: string): WikiTarget;
  stop(): Promise<void>;
}

const ids = createIds(systemClock);
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);

const status = (code: number, headers?: Record<string, string>): Fault => ({
  kind: 'status',
  status: code,
  ...(headers && { headers })
});

const faults: [string, Fault, ProblemCode, RegExp][] = [
  ['401', status(401), 'target-signin', /password or token|new .*token/],
  ['403', status(403), 'target-forbidden', /administrator|Configuration Manager/],
  ['404', status(404), 'target-not-found', /address|Restore|Publish/],
  ['409', status(409), 'target-conflict', /share again/],
  ['412', status(412), 'target-conflict', /share again/],
  ['413', status(413), 'target-too-large', /Hide the code/],
  ['429 with Retry-After', status(429, { 'retry-after': '3' }), 'target-busy', /in 3 seconds/],
  ['429', status(429), 'target-busy', /in a while/],
  ['500', status(500), 'target-failed', /in a while/],
  ['502', status(502), 'target-failed', /in a while/],
  ['503 with Retry-After', status(503, { 'retry-after': '120' }), 'target-busy', /in 2 minutes/],
  [
    'a redirect to a sign-in',
    status(302, { location: 'https://sso.example.org/login?next=secret' }),
    'target-signin',
    /sso\.example\.org\/login(?!\?)/
  ],
  ['a sign-in page with 200', { kind: 'login-page' }, 'target-signin', /Sign in to Example/],
  ['bad JSON', { kind: 'bad-json' }, 'target-failed', /cannot be read/],
  ['a slow drip', { kind: 'drip' }, 'target-unreachable', /within \d+ seconds/],
  ['a broken answer', { kind: 'cut-answer' }, 'target-unreachable', /broke the connection off/],
  ['a refused connection', { kind: 'refuse' }, 'target-unreachable', /cannot be reached/]
];

/**
 * Whatever breaks at whatever request of a share, the share says what to do, and the next one goes on to one page.
 *
 * @param requests - about how many requests a share of one figure makes
 * @param lasting - whether all requests that follow break too: for targets that try again what passes
 */
export function wikiFaultSuite(
  dialect: WikiDialect,
  requests: number,
  start: () => Promise<FaultFixture>,
  lasting = false
): void {
  let wiki: FaultFixture;
  let proxy: FaultProxy;

  beforeAll(async () => {
    wiki = await start();
    proxy = await startFaultProxy(wiki.base);
  });
  afterAll(async () => {
    await proxy.close();
    await wiki.stop();
  });

  const { runs, seed } = dose('requests that break, of each kind', { ci: 2, full: requests });
  const all = Array.from({ length: requests }, (_, at) => at + 1);
  const positions = fc
    .sample(fc.shuffledSubarray(all, { minLength: requests }), { numRuns: 1, seed })
    .flat()
    .slice(0, runs);

  describe.each(faults)('%s', (_name, fault, code, cure) => {
    it('at any request of a share: says what to do, loses nothing, and the next share goes on to one page', async () => {
      const bytes = Buffer.concat([PIXEL, Buffer.from(ids.next())]);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const file = join(scratch(), sha256);
      writeFileSync(file, bytes);
      const attachment = {
        name: `nb-${sha256.slice(0, 16)}.png`,
        type: 'image/png' as const,
        sha256,
        size: bytes.length,
        file
      };
      let seen = 0;
      for (const at of positions) {
        const marker = ids.next();
        const { begin, end } = regionMarks(dialect, marker);
        const text = `Text of ${marker}.`;
        const region = `${begin}\n${dialect === 'confluence' ? `<p>${text}</p>` : text}\n${end}`;
        let record: WikiRecord | undefined;
        const share = async (base: string): Promise<void> => {
          const target = wiki.targetOf(base);
          await target.check();
          await publishToWiki({
            target,
            dialect,
            marker,
            place: { title: `Fault ${marker}` },
            region,
            renderedHash: createHash('sha256').update(region).digest('hex'),
            attachments: [attachment],
            record,
            answer: undefined,
            save: next => {
              record = next;
            },
            failPoint: () => undefined
          });
        };
        proxy.arm(fault, at, lasting);
        const failure = await share(proxy.base).then(
          () => undefined,
          (error: unknown) => error
        );
        const reached = proxy.count >= at;
        proxy.arm(undefined);
        if (failure !== undefined) {
          expect(failure).toBeInstanceOf(ProblemError);
          const problem = failure as ProblemError;
          expect([at, problem.code]).toEqual([at, code]);
          expect(problem.message).toMatch(/Data wiki|^Somebody|The page "/);
          expect(problem.message).toMatch(cure);
          expect(problem.message).not.toContain(wiki.secret);
          expect(problem.message).not.toContain('next=secret');
        }
        await share(wiki.base);
        // Some wikis find by their index, which comes after the page.
        const found = async (): Promise<WikiPage[]> => wiki.targetOf(wiki.base).find(marker, {});
        await expect.poll(async () => (await found()).length, { timeout: 20_000 }).toBe(1);
        const [page] = await found();
        expect(page?.title.toLowerCase()).toBe(`Fault ${marker}`.toLowerCase());
        expect(page?.body.trimEnd()).toBe(region);
        if (reached) seen++;
      }
      expect(seen).toBeGreaterThan(0);
    });
  });
}
