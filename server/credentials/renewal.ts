import { ProblemError } from '../../contract/problem.js';
import type { Clock, Log } from '../ports.js';
import type { Sessions } from './sessions.js';
import type { ChoiceStore } from './store/choices.js';
import type { StoredSession } from './store/session.js';

/** How long before their end keys are renewed at the latest, where they live long enough. Milliseconds. */
const EARLY = 20 * 60_000;
/** How often sessions are looked at, and the longest pause after failures. Milliseconds. */
const LOOK = 15_000;
const LONGEST_PAUSE = 5 * 60_000;

/** Whether newer keys of the same role can be had without the person. */
export function isRenewable({ grant }: StoredSession, now: number): boolean {
  const { renews = false, renewal, renewableUntil = Infinity } = grant;
  return renews && renewal !== undefined && renewableUntil > now;
}

/** Whether it is time for newer keys: 20 minutes before their end, or the last third of a shorter life. */
export function isDue({ grant, changedAt }: StoredSession, now: number): boolean {
  const { expiresAt } = grant.keys;
  return expiresAt !== undefined && expiresAt - now <= Math.min(EARLY, (expiresAt - changedAt) / 3);
}

/** Renews sessions before they end, in the background. */
export interface Renewal {
  start(): void;
  /** Looks at all sessions once. */
  look(): Promise<void>;
  stop(): void;
}

export function createRenewal(options: { sessions: Sessions; choices: ChoiceStore; clock: Clock; log: Log }): Renewal {
  const { sessions, choices, clock, log } = options;
  const failures = new Map<string, { count: number; until: number }>();
  const stopped = new AbortController();

  async function look(): Promise<void> {
    const { byHand } = choices.read();
    for (const profile of await sessions.profiles()) {
      if (byHand.includes(profile.id) || (failures.get(profile.id)?.until ?? -Infinity) > clock.monotonic()) continue;
      try {
        const session = await sessions.current(profile);
        if (session === undefined || !isRenewable(session, clock.now()) || !isDue(session, clock.now())) continue;
        await sessions.renew(profile, 'system', session);
        failures.delete(profile.id);
      } catch (error) {
        const count = (failures.get(profile.id)?.count ?? 0) + 1;
        const pause = Math.min(LONGEST_PAUSE, LOOK * 2 ** (count - 1));
        failures.set(profile.id, { count, until: clock.monotonic() + pause });
        log.warn({ profile: profile.id, pause }, 'keys could not be renewed; those there are go on to their end');
        // A reference that cannot be read shows by itself wherever the profile is looked at.
        if (!(error instanceof ProblemError) || error.code !== 'invalid') sessions.note(profile.id, error);
      }
    }
  }

  async function watch(): Promise<void> {
    for (;;) {
      await clock.sleep(LOOK, stopped.signal);
      await look().catch((error: unknown) => log.warn({ err: error }, 'sessions could not be looked at'));
    }
  }

  return {
    start: () => void watch().catch(() => undefined),
    look,
    stop: () => stopped.abort()
  };
}
