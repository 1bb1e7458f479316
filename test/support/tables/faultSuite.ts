import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { ProblemCode } from '../../../contract/problem.js';
import type { TableRef } from '../../../contract/tables/index.js';
import type { SourceCall, TableSource } from '../../../server/tables/ports.js';
import { freePort } from '../databases/server.mjs';
import { allOf } from './sourceSuite.js';
import { startBlackHole, startTcpProxy } from './tcpProxy.js';
import type { TcpProxy } from './tcpProxy.js';

type Made = TableSource | Promise<TableSource>;

/** A real server for the suite of faults, and sources that ask it in ways that fail. */
export interface FaultFixture {
  /** Where the server listens. */
  host: string;
  port: number;
  /** The password or token: it must show nowhere. Absent where the server knows none. */
  secret?: string;
  /** The same source, as if the server were there. */
  at(place: { host: string; port: number }): Made;
  /** A source with a wrong password or token. */
  wrongSecret?(): Made;
  /** A source that wants TLS, of a server that has none. */
  withoutTls?(): Made;
  /** A source that checks certificates, of a server whose certificate it cannot trust. */
  untrusted?(): Made;
  /** A table of several 100 kB. */
  large: TableRef;
  /** A table that is described quickly; `large` where absent. */
  small?: TableRef;
  /** Where the protocol has one question to a connection, how many are open at most; 2 where absent. */
  most?: number;
  /** Whether lists are given once more from what was read seconds ago. */
  remembersLists?: boolean;
  dispose(): Promise<void>;
}

/** Whatever fails is said within this time. Milliseconds. */
const SOON = 5_000;
const OPTIONS = { limit: 1000, maxBytes: 1_000_000 };
/** A sentence tells what to do: its last part is an order. */
const CURE = /(Check|Ask|Set|Turn|Try|Read|Give|Use|Sign|Mend|try again)\b/;

/** What every source must say when what it stands on fails. */
export function sourceFaultSuite(name: string, make: () => Promise<FaultFixture>): void {
  describe(`faults of the table source: ${name}`, () => {
    let fixture: FaultFixture;
    let proxy: TcpProxy;
    const sources: TableSource[] = [];
    const keep = (source: TableSource): TableSource => {
      sources.push(source);
      return source;
    };
    const call = (): SourceCall => ({ signal: new AbortController().signal });

    beforeAll(async () => {
      fixture = await make();
      proxy = await startTcpProxy(fixture);
    });
    afterEach(async () => {
      proxy.arm({ kind: 'none' });
      for (const source of sources.splice(0)) await source.close();
    });
    afterAll(async () => {
      await proxy.close();
      await fixture.dispose();
    });

    /** Asks everything there is: each must end with that code, soon, with a cure, and without the secret. */
    async function fails(source: TableSource, code: ProblemCode, knowsLists = false): Promise<void> {
      const { large } = fixture;
      const questions: Record<string, () => Promise<unknown>> = {
        ...(!knowsLists && {
          schemas: () => source.schemas(call()),
          names: () => allOf(source.names(large.schema, call()))
        }),
        facts: () => source.facts(large, call()),
        rows: () => source.rows(large, OPTIONS, call())
      };
      await Promise.all(Object.entries(questions).map(([what, ask]) => failsSoon(what, ask(), code)));
    }

    async function failsSoon(what: string, asking: Promise<unknown>, code: ProblemCode): Promise<void> {
      const began = performance.now();
      const problem = await asking.then(
        () => 'it did not fail',
        (error: unknown) => error
      );
      const took = performance.now() - began;
      expect(problem, what).toBeInstanceOf(ProblemError);
      expect([what, (problem as ProblemError).code, (problem as ProblemError).message]).toEqual([
        what,
        code,
        expect.stringMatching(CURE)
      ]);
      withoutSecret((problem as ProblemError).message);
      expect(took, what).toBeLessThan(SOON);
    }

    function withoutSecret(text: string): void {
      if (fixture.secret !== undefined) expect(text).not.toContain(fixture.secret);
    }

    /** The check says the same as findings: the last one failed, with a cure. */
    async function checkFails(source: TableSource, pattern: RegExp): Promise<void> {
      const began = performance.now();
      const findings = await source.check(call());
      expect(performance.now() - began).toBeLessThan(SOON + 2_000);
      const last = findings.at(-1);
      expect([last?.state, `${last?.detail ?? ''} ${last?.cure ?? ''}`]).toEqual([
        'failed',
        expect.stringMatching(pattern)
      ]);
      expect(last?.cure).toMatch(CURE);
      withoutSecret(JSON.stringify(findings));
      expect(findings.slice(0, -1).every(({ state }) => state !== 'failed')).toBe(true);
    }

    it('a name that nobody knows', async () => {
      const source = keep(await fixture.at({ host: 'nobody.invalid', port: fixture.port }));
      await fails(source, 'source-unreachable');
      await checkFails(source, /name nobody\.invalid is not known/);
    });

    it('a port where nobody listens', async () => {
      const port = await freePort();
      const source = keep(await fixture.at({ host: '127.0.0.1', port }));
      await fails(source, 'source-unreachable');
      await checkFails(source, new RegExp(`127\\.0\\.0\\.1:${port}`));
    });

    it('a server that takes connections and never answers', async () => {
      const hole = await startBlackHole();
      const source = keep(await fixture.at(hole));
      try {
        await fails(source, 'source-unreachable');
        await checkFails(source, /does not answer/);
      } finally {
        await hole.close();
      }
    });

    it('a wrong password', async () => {
      if (!fixture.wrongSecret) return;
      const source = keep(await fixture.wrongSecret());
      await fails(source, 'source-signin');
      await checkFails(source, /password|token|secret|key/);
    });

    it('a server without TLS, where TLS is wanted', async () => {
      if (!fixture.withoutTls) return;
      const source = keep(await fixture.withoutTls());
      await fails(source, 'source-unreachable');
      await checkFails(source, /encrypted/);
    });

    it('a certificate that nobody vouches for', async () => {
      if (!fixture.untrusted) return;
      const source = keep(await fixture.untrusted());
      await fails(source, 'source-unreachable');
      await checkFails(source, /certificate/i);
    });

    it('five seconds of latency', async () => {
      proxy.arm({ kind: 'latency', milliseconds: SOON });
      await fails(keep(await fixture.at(proxy)), 'source-unreachable');
    });

    it('a connection that falls silent, and works again', async () => {
      const source = keep(await fixture.at(proxy));
      await source.schemas(call());
      proxy.arm({ kind: 'silence' });
      await new Promise(resolve => setTimeout(resolve, 1_100));
      await fails(source, 'source-unreachable', fixture.remembersLists);
      proxy.arm({ kind: 'none' });
      expect((await source.rows(fixture.large, OPTIONS, call())).rows.length).toBeGreaterThan(0);
    });

    it('a connection that breaks in the middle of an answer, and works again', async () => {
      const source = keep(await fixture.at(proxy));
      await source.schemas(call());
      proxy.arm({ kind: 'cut', after: 20_000 });
      await failsSoon('rows', source.rows(fixture.large, OPTIONS, call()), 'source-unreachable');
      proxy.arm({ kind: 'none' });
      expect((await source.rows(fixture.large, OPTIONS, call())).rows.length).toBeGreaterThan(0);
    });

    it('keeps to few connections, however many ask', async () => {
      const before = proxy.connections;
      const source = keep(await fixture.at(proxy));
      await Promise.all(Array.from({ length: 20 }, () => source.facts(fixture.small ?? fixture.large, call())));
      expect(proxy.connections - before).toBeLessThanOrEqual(fixture.most ?? 2);
    });
  });
}
