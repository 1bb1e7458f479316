import type { Clock, Log } from '../ports.js';
import { ask, Late } from './deadline.js';
import type { TableSource } from './ports.js';

/** Longest time to make a source, which reads its secrets and opens nothing slow. Milliseconds. */
const OPEN = 10_000;

/** A source that is made when it is first used and closed when nobody used it for a while. */
export interface Opened {
  /**
   * Uses it.
   *
   * @param within - longest time to wait, in milliseconds
   * @throws ProblemError as `ask`
   */
  use<T>(
    what: string,
    within: number,
    signal: AbortSignal | undefined,
    work: (source: TableSource, signal: AbortSignal) => Promise<T>
  ): Promise<T>;
  close(): Promise<void>;
}

export interface OpenedOptions {
  label: string;
  make: () => Promise<TableSource>;
  /** Time without use after which it is closed, in milliseconds. */
  idle: number;
  clock: Clock;
  log: Log;
}

export function createOpened({ label, make, idle, clock, log }: OpenedOptions): Opened {
  let made: Promise<TableSource> | undefined;
  let users = 0;
  let waiting = new AbortController();

  function open(): Promise<TableSource> {
    const opening = (made ??= Promise.resolve().then(make));
    // What failed is tried again with the next use.
    opening.catch(() => {
      if (made === opening) made = undefined;
    });
    return opening;
  }

  async function close(): Promise<void> {
    const closing = made;
    made = undefined;
    waiting.abort();
    const source = await closing?.catch(() => undefined);
    await source?.close().catch((error: unknown) => log.warn({ err: error, source: label }, 'a source did not close'));
  }

  async function closeWhenIdle(): Promise<void> {
    waiting = new AbortController();
    const { signal } = waiting;
    await clock.sleep(idle, signal);
    if (users === 0) await close();
  }

  return {
    async use(what, within, signal, work) {
      users++;
      waiting.abort();
      try {
        const common = { label, what, signal, clock, log };
        const source = await ask({ ...common, within: OPEN }, open);
        return await ask({ ...common, within }, own => work(source, own));
      } catch (error) {
        // It hangs: whoever asks next gets a new one.
        if (error instanceof Late) void close();
        throw error;
      } finally {
        users--;
        if (users === 0 && made !== undefined) closeWhenIdle().catch(() => undefined);
      }
    },
    close
  };
}
