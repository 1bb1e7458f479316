import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError, type ProblemCode } from '../../../contract/problem.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import { dose } from '../dose.js';
import { scratch } from '../scratch.js';
import { startFaultProxy, type Fault, type FaultProxy } from './faultProxy.js';

/** A wiki that a fault proxy can stand before. */
export interface FaultySite {
  /** Scheme, host and port. */
  base: string;
  /** A client labelled `Data wiki`, quick to give up; `base` is the wiki's own, or that of the proxy. */
  target(base: string): WikiTarget;
  /** What no message may hold. */
  secret: string;
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

/** Each fault, the problem it must become, and what its sentence must say. */
const faults: [string, Fault, ProblemCode, RegExp][] = [
  ['401', status(401), 'target-signin', /password or token|new .*token/],
  ['403', status(403), 'target-forbidden', /administrator/],
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
 * Whatever breaks on the way to a wiki is named with its cure, loses nothing, and the next share goes on to one page.
 *
 * @param requests - so many a share of one figure makes
 */
export function wikiFaultSuite(name: string, start: () => Promise<FaultySite>, requests = 15): void {
  const { runs, seed } = dose(`${name}: requests that break, of each kind`, { ci: 3, full: requests });
  const places = Array.from({ length: requests }, (_, at) => at + 1);
  const shuffled = fc.sample(fc.shuffledSubarray(places, { minLength: requests }), { numRuns: 1, seed });
  const positions = shuffled.flat().slice(0, runs);

  describe(`faults of ${name}`, () => {
    let site: FaultySite;
    let proxy: FaultProxy;

    beforeAll(async () => {
      site = await start();
      proxy = await startFaultProxy(site.base);
    });
    afterAll(async () => {
      await proxy.close();
      await site.stop();
    });

    describe.each(faults)('%s', (_name, fault, code, cure) => {
      it('at any request of a share: says what to do, loses nothing, and the next share goes on to one page', async () => {
        const attachment = figure();
        let seen = 0;
        for (const at of positions) {
          const marker = ids.next();
          let record: WikiRecord | undefined;
          let region = '';
          const share = async (base: string): Promise<void> => {
            const target = site.target(base);
            const { dialect } = (await target.check()).features;
            const { begin, end } = regionMarks(dialect, marker);
            const text = `Text of ${marker}.`;
            region = `${begin}\n${dialect === 'confluence' ? `<p>${text}</p>` : text}\n${end}`;
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
          proxy.arm(fault, at);
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
            expect(problem.message).toMatch(/Data wiki|Somebody|The page "/);
            expect(problem.message).toMatch(cure);
            expect(problem.message).not.toContain(site.secret);
            expect(problem.message).not.toContain('next=secret');
          }
          await share(site.base);
          const target = site.target(site.base);
          const found = async (): Promise<string[]> => (await target.find(marker, {})).map(page => page.body);
          await expect.poll(found, { timeout: 20_000 }).toEqual([region]);
          const [page] = await target.find(marker, { title: `Fault ${marker}` });
          expect(page?.title).toBe(`Fault ${marker}`);
          if (reached) seen++;
        }
        expect(seen).toBeGreaterThan(0);
      });
    });
  });
}

/** A picture of its own bytes. */
function figure() {
  const bytes = Buffer.concat([PIXEL, Buffer.from(ids.next())]);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = join(scratch(), sha256);
  writeFileSync(file, bytes);
  return { name: `nb-${sha256.slice(0, 16)}.png`, type: 'image/png' as const, sha256, size: bytes.length, file };
}
