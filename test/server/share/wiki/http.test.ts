import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../server/adapters/memory/clock.js';
import { retryAfterOf, sentence, WikiHttp } from '../../../../server/share/wiki/http.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<URL> {
  server = createServer(listener);
  await new Promise<void>(resolve => server?.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api.php`);
}

/** A clock whose sleepers wake at once, and which remembers how long they slept. */
function quickClock() {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const slept: number[] = [];
  return {
    slept,
    clock: {
      ...clock,
      sleep: async (milliseconds: number) => {
        slept.push(milliseconds);
        clock.move(milliseconds);
      }
    }
  };
}

const value = (given: unknown): unknown => given;

describe('calls to a wiki', () => {
  it('wait as long as the wiki says, and no longer than they have patience', async () => {
    let calls = 0;
    const url = await serve((_, response) => {
      calls++;
      if (calls < 3) response.writeHead(429, { 'retry-after': '7' }).end();
      else response.end('{"ok":true}');
    });
    const { clock, slept } = quickClock();
    const http = new WikiHttp({ label: 'Data wiki', clock });
    expect(await http.json(url, { method: 'POST', repeatable: false }, value)).toEqual({ ok: true });
    expect(slept).toEqual([7000, 7000]);

    calls = -10;
    const impatient = new WikiHttp({ label: 'Data wiki', clock, patienceMs: 8000 });
    await expect(impatient.json(url, { repeatable: true }, value)).rejects.toMatchObject({
      code: 'target-busy',
      retryAfter: 7
    });
    expect(calls).toBe(-8);
  });

  it('try again what breaks, where that does no harm', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls++;
      if (calls === 1) request.socket.destroy();
      else response.end('{"ok":true}');
    });
    const { clock } = quickClock();
    const http = new WikiHttp({ label: 'Data wiki', clock });
    expect(await http.json(url, { repeatable: true }, value)).toEqual({ ok: true });
    calls = 0;
    await expect(http.json(url, { method: 'POST', repeatable: false }, value)).rejects.toMatchObject({
      code: 'target-unreachable'
    });
    expect(calls).toBe(1);
  });

  it('go nowhere else: a redirect is told, not followed', async () => {
    const url = await serve((_, response) => {
      response.writeHead(301, { location: 'https://elsewhere.example.org/w/api.php?token=secret' }).end();
    });
    const http = new WikiHttp({ label: 'Data wiki', clock: quickClock().clock });
    const error = await http.json(url, { repeatable: true }, value).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ code: 'target-not-found' });
    expect((error as Error).message).toContain('https://elsewhere.example.org/w/api.php');
    expect((error as Error).message).not.toContain('secret');
  });

  it('tell a wiki that failed from a sign-in before it', async () => {
    const page = (title: string): string => `<!DOCTYPE html><html><title>${title}</title></html>`;
    const titles = ['ValueError: strpos(): offset', 'Sign in - Error'];
    const url = await serve((_, response) => response.end(page(titles.shift() ?? '')));
    const http = new WikiHttp({ label: 'Data wiki', clock: quickClock().clock });
    await expect(http.json(url, { repeatable: false }, value)).rejects.toMatchObject({ code: 'target-failed' });
    await expect(http.json(url, { repeatable: false }, value)).rejects.toMatchObject({ code: 'target-signin' });
  });

  it('give up on answers without end', async () => {
    const url = await serve((_, response) => {
      response.end(`"${'x'.repeat(50_000)}"`);
    });
    const http = new WikiHttp({ label: 'Data wiki', clock: quickClock().clock, maxBytes: 10_000 });
    await expect(http.json(url, { repeatable: false }, value)).rejects.toMatchObject({ code: 'target-failed' });
  });

  it('end when they are cancelled, also while they wait', async () => {
    const url = await serve((_, response) => {
      response.writeHead(503, { 'retry-after': '30' }).end();
    });
    const http = new WikiHttp({ label: 'Data wiki', clock: createManualClock(0) });
    const controller = new AbortController();
    const call = http.json(url, { repeatable: true, signal: controller.signal }, value);
    setTimeout(() => controller.abort(), 100);
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('what a wiki says', () => {
  it('is a time in seconds or as a date', () => {
    const now = Date.UTC(2026, 0, 1);
    const of = (given: string) => retryAfterOf(new Headers({ 'retry-after': given }), now);
    expect([of('5'), of('Thu, 01 Jan 2026 00:01:00 GMT'), of('Wed, 31 Dec 2025 00:00:00 GMT'), of('soon')]).toEqual([
      5,
      60,
      0,
      undefined
    ]);
    expect(retryAfterOf(new Headers(), now)).toBeUndefined();
  });

  it('is one short sentence without markup', () => {
    expect(sentence('<b>No</b> \n rights')).toBe('No rights.');
    expect(sentence('Why?')).toBe('Why?');
    expect(sentence('x'.repeat(1000))).toHaveLength(301);
  });
});
