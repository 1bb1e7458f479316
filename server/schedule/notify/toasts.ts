import type { Clock } from '../../ports.js';
import type { Toasts } from '../ports.js';
import type { Outbox } from './ports.js';

/** After so long nobody wants to be told at the screen any more. Milliseconds. */
const STALE = 3 * 86_400_000;

/** Notices for the person at the screen. Each is shown once, however many tabs and servers there are. */
export function createToasts({ outbox, clock }: { outbox: Outbox; clock: Pick<Clock, 'now'> }): Toasts {
  return {
    waiting: owner => outbox.toasts(owner, clock.now() - STALE),
    claim: (owner, id) => outbox.claimToast(owner, id)
  };
}
