import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Session } from '../../../../server/tables/databases/lanes.js';
import { createLanes, openWithin, Silence } from '../../../../server/tables/databases/lanes.js';

interface Fake extends Session {
  kill: () => void;
  number: number;
}

/** Sessions that do nothing, and what became of them. */
function fakes(open: (signal: AbortSignal) => Promise<void> = async () => undefined) {
  const all: (Fake & { isOpen: boolean; killed: number; ended: number; ping: () => Promise<unknown> })[] = [];
  const make = async (signal: AbortSignal): Promise<Fake> => {
    await open(signal);
    const session = {
      number: all.length,
      isOpen: true,
      killed: 0,
      ended: 0,
      ping: async (): Promise<unknown> => undefined,
      kill: () => {
        if (!session.isOpen) return;
        session.isOpen = false;
        session.killed++;
      },
      end: async () => {
        session.isOpen = false;
        session.ended++;
      }
    };
    all.push(session);
    return session;
  };
  return { all, lanes: createLanes<Fake>({ open: make, most: 2, connect: 200 }), make };
}

const never = new AbortController().signal;

describe('lanes', () => {
  it('opens as many connections as are needed, two at most, and uses them again', async () => {
    const { all, lanes } = fakes();
    let most = 0;
    let now = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++now);
      await sleep(5);
      now--;
    };
    await lanes.ask(never, 1_000, work);
    await lanes.ask(never, 1_000, work);
    expect(all.length).toBe(1);
    await Promise.all(Array.from({ length: 10 }, () => lanes.ask(never, 1_000, work)));
    expect([all.length, most]).toEqual([2, 2]);
    await lanes.close();
    expect(all.map(({ ended }) => ended)).toEqual([1, 1]);
  });

  it('breaks the connection of what is cancelled or takes too long, and opens another one', async () => {
    const { all, lanes } = fakes();
    const hangs = (): Promise<never> => new Promise(() => undefined);
    await expect(lanes.ask(never, 20, hangs)).rejects.toBeInstanceOf(Silence);
    expect(all[0]?.killed).toBe(1);
    const controller = new AbortController();
    const asking = lanes.ask(controller.signal, 1_000, hangs);
    await sleep(5);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ code: 'cancelled' });
    expect(all[1]?.killed).toBe(1);
    expect(await lanes.ask(never, 1_000, async session => session.number)).toBe(2);
    await lanes.close();
  });

  it('keeps a connection whose question failed for a reason of its own', async () => {
    const { all, lanes } = fakes();
    const fails = lanes.ask(never, 1_000, () => Promise.reject(new Error('no such table')));
    await expect(fails).rejects.toThrow('no such table');
    expect(await lanes.ask(never, 1_000, async session => session.number)).toBe(0);
    expect(all.length).toBe(1);
    await lanes.close();
  });

  it('tells all that wait when nobody can connect, instead of trying for each', async () => {
    const open = vi.fn(() => new Promise<void>(() => undefined));
    const { lanes } = fakes(open);
    const began = performance.now();
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lanes.ask(never, 1_000, async () => 1)));
    expect(performance.now() - began).toBeLessThan(390);
    expect(results.map(result => result.status)).toEqual(Array.from({ length: 8 }, () => 'rejected'));
    for (const result of results) expect((result as PromiseRejectedResult).reason).toBeInstanceOf(Silence);
    expect(open).toHaveBeenCalledTimes(2);
    await lanes.close();
  });

  it('does not let others fail because one was cancelled while it connected', async () => {
    const { lanes } = fakes(() => sleep(30));
    const controller = new AbortController();
    const both = [1, 2].map(() => lanes.ask(controller.signal, 1_000, async () => 1));
    const other = lanes.ask(never, 1_000, async () => 2);
    await sleep(5);
    controller.abort();
    for (const each of both) await expect(each).rejects.toMatchObject({ code: 'cancelled' });
    expect(await other).toBe(2);
    await lanes.close();
  });

  it('tries a connection that was idle for long, and leaves one that is silent', async () => {
    const { all, lanes } = fakes();
    await lanes.ask(never, 1_000, async () => 1);
    all[0]!.ping = () => new Promise(() => undefined);
    const later = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2_000);
    try {
      expect(await lanes.ask(never, 5_000, async session => session.number)).toBe(1);
    } finally {
      later.mockRestore();
    }
    expect(all[0]?.killed).toBe(1);
    await lanes.close();
  });

  it('does not keep a connection that opens too late', async () => {
    const { all, make } = fakes(() => sleep(40));
    await expect(openWithin(make, never, 10)).rejects.toBeInstanceOf(Silence);
    await sleep(60);
    expect(all[0]?.killed).toBe(1);
  });

  it('answers nothing once it is closed', async () => {
    const { lanes } = fakes();
    await lanes.close();
    await expect(lanes.ask(never, 10, async () => 1)).rejects.toMatchObject({ code: 'stopping' });
  });
});
