import { ProblemError } from '../../../contract/problem.js';
import type { SignedIn } from './account.js';

/** A connection that is signed in. */
export interface Session {
  /** False once it is broken or ended. */
  readonly isOpen: boolean;
  /** Asks the least there is. */
  ping(): Promise<unknown>;
  /** Stops what the server is doing for it, and breaks the connection. What waits for an answer fails. */
  kill(): void;
  /** Says good-bye. */
  end(): Promise<void>;
}

/** Nothing came back within the time. */
export class Silence extends Error {
  constructor(readonly milliseconds: number) {
    super(`no answer within ${milliseconds} ms`);
    this.name = 'Silence';
  }
}

export interface LaneOptions<S extends Session> {
  /** Connects and signs in; stops when the signal is raised. */
  open: (signal: AbortSignal) => Promise<S>;
  /** Most connections at once. */
  most: number;
  /** Longest time to connect. Milliseconds. */
  connect: number;
}

/** The few connections to a server that all questions share. */
export interface Lanes<S extends Session> {
  /**
   * Does something on a connection, as soon as one is free.
   *
   * @param milliseconds - after so many it is given up, the wait for a connection not counted
   * @throws Silence, ProblemError `cancelled`, whatever connecting or `work` throws
   */
  ask<T>(signal: AbortSignal, milliseconds: number, work: (session: S) => Promise<T>): Promise<T>;
  /** No question uses a connection any more that is open now. */
  renew(): void;
  close(): Promise<void>;
}

/** An idle connection ends after so long, and is tried before it is used again after so long. Milliseconds. */
const IDLE = 60_000;
const UNTRIED = 1_000;
const PING = 1_000;

interface Waiting {
  go: () => void;
  fail: (error: Error) => void;
}

/** Opens connections when they are needed, and ends them when they are not. */
export function createLanes<S extends Session>({ open, most, connect }: LaneOptions<S>): Lanes<S> {
  const idle: { session: S; since: number }[] = [];
  const busy = new Set<S>();
  const old = new WeakSet<S>();
  let waiting: Waiting[] = [];
  let taken = 0;
  let hasClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function turn(signal: AbortSignal): Promise<void> {
    if (taken < most) {
      taken++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        signal.removeEventListener('abort', leave);
        reject(error);
      };
      const go = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const place = { go, fail };
      const leave = (): void => {
        waiting = waiting.filter(other => other !== place);
        fail(cancelled());
      };
      signal.addEventListener('abort', leave);
      waiting.push(place);
    });
  }

  function give(): void {
    const next = waiting.shift();
    if (next) next.go();
    else taken--;
  }

  async function ready(signal: AbortSignal): Promise<S> {
    for (;;) {
      const last = idle.pop();
      if (last === undefined) break;
      if (!last.session.isOpen) continue;
      if (performance.now() - last.since < UNTRIED) return last.session;
      try {
        await guarded(last.session, signal, PING, session => session.ping());
        return last.session;
      } catch (error) {
        last.session.kill();
        if (signal.aborted) throw error;
        // The others are of the same server: asking each would take too long.
        for (const { session } of idle.splice(0)) session.kill();
      }
    }
    try {
      return await openWithin(open, signal, connect);
    } catch (error) {
      // Whoever waits would only wait for the same. A call that was cancelled says nothing of the server.
      if (!signal.aborted) for (const { fail } of waiting.splice(0)) fail(error as Error);
      throw error;
    }
  }

  function rest(session: S): void {
    if (!session.isOpen) return;
    if (hasClosed || old.has(session)) {
      void session.end();
      return;
    }
    idle.push({ session, since: performance.now() });
    timer ??= setTimeout(tidy, IDLE).unref();
  }

  function tidy(): void {
    timer = undefined;
    const oldest = performance.now() - IDLE;
    for (const each of idle.filter(({ since }) => since <= oldest)) {
      idle.splice(idle.indexOf(each), 1);
      void each.session.end();
    }
    if (idle.length > 0) timer = setTimeout(tidy, IDLE).unref();
  }

  return {
    async ask(signal, milliseconds, work) {
      if (signal.aborted) throw cancelled();
      if (hasClosed) throw new ProblemError('stopping', 'The source was closed. Try again.');
      await turn(signal);
      let session: S | undefined;
      try {
        session = await ready(signal);
        busy.add(session);
        return await guarded(session, signal, milliseconds, work);
      } finally {
        if (session) {
          busy.delete(session);
          rest(session);
        }
        give();
      }
    },
    renew() {
      for (const session of busy) old.add(session);
      for (const { session } of idle.splice(0)) void session.end();
    },
    async close() {
      hasClosed = true;
      clearTimeout(timer);
      for (const session of busy) session.kill();
      await Promise.all(idle.splice(0).map(({ session }) => session.end()));
    }
  };
}

/**
 * Opens a connection within a time.
 *
 * @throws Silence, ProblemError `cancelled`, whatever `open` throws
 */
export async function openWithin<S extends Session>(
  open: (signal: AbortSignal) => Promise<S>,
  signal: AbortSignal,
  milliseconds: number
): Promise<S> {
  const limit = AbortSignal.timeout(milliseconds);
  const either = AbortSignal.any([signal, limit]);
  const opening = open(either);
  try {
    return await Promise.race([opening, raised(either)]);
  } catch (error) {
    // One that opens too late is not kept.
    opening.then(
      session => session.kill(),
      () => undefined
    );
    if (signal.aborted) throw cancelled();
    throw limit.aborted ? new Silence(milliseconds) : error;
  }
}

/** Runs something on a connection, which breaks when it is cancelled or takes too long. */
async function guarded<S extends Session, T>(
  session: S,
  signal: AbortSignal,
  milliseconds: number,
  work: (session: S) => Promise<T>
): Promise<T> {
  const limit = AbortSignal.timeout(milliseconds);
  const either = AbortSignal.any([signal, limit]);
  try {
    const working = work(session);
    working.catch(() => undefined);
    return await Promise.race([working, raised(either)]);
  } catch (error) {
    if (!either.aborted) throw error;
    session.kill();
    throw signal.aborted ? cancelled() : new Silence(milliseconds);
  }
}

function raised(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function cancelled(): ProblemError {
  return new ProblemError('cancelled', 'It was cancelled before the source had answered.');
}

/**
 * Has the next question sign in anew where a profile says something else than before, and nobody use a connection of a
 * profile that was signed out.
 *
 * @throws ProblemError `credential-signin`
 */
export async function keepInStep<S extends Session>(lanes: Lanes<S>, account: SignedIn): Promise<void> {
  try {
    if (await account.hasChanged()) lanes.renew();
  } catch (error) {
    lanes.renew();
    throw error;
  }
}
