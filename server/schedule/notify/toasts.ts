import type { Toast } from '../../../contract/schedule/index.js';
import { createBell } from '../../jobs/bell.js';
import type { Caller, Clock } from '../../ports.js';
import type { Outbox } from './ports.js';

/** After so long nobody wants to be told at the screen any more. Milliseconds. */
const STALE = 3 * 86_400_000;

/** Notices for the person at the screen. Each is shown once, however many tabs and servers there are. */
export interface Toasts {
  /** What waits to be shown to somebody, the oldest first. Nothing that is older than three days. */
  waiting(caller: Caller): Toast[];
  /** Takes one to show it. True for the first who asks. */
  claim(caller: Caller, id: string): boolean;
  /**
   * Resolves when this process has stored a new one for somebody, after so many milliseconds, or when the signal is
   * raised. Other processes store some too, so look again after a second or so. Call it before looking.
   */
  news(caller: Caller, milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Wakes those who wait for news of an owner. */
  ring(owner: string): void;
}

export function createToasts({ outbox, clock }: { outbox: Outbox; clock: Clock }): Toasts {
  const bell = createBell(clock);
  return {
    waiting: caller => outbox.toasts(caller.name, clock.now() - STALE),
    claim: (caller, id) => outbox.claimToast(caller.name, id),
    news: (caller, milliseconds, signal) => bell.wait(caller.name, milliseconds, signal),
    ring: owner => bell.ring(owner)
  };
}
