import type { Clock, FailPoint, Ids, Log } from '../../ports.js';
import type { Channels, ClaimedNotice, Delivery, NewNotice, Outbox } from './ports.js';
import { channelOf, SCREEN } from './targets.js';
import { Undelivered } from './undelivered.js';
import { shorten } from './words.js';

/** Notices handed over at once. */
const PARALLEL = 4;
/** Longest time of one try. Milliseconds. */
const PATIENCE = 45_000;
/** How long a notice is this process's without a sign of life: longer than a try takes. Milliseconds. */
const CLAIM = 90_000;
/** Waits before tries, by their number; the last one from then on. Seconds. */
const WAITS = [10, 30, 120, 600, 1800, 3600] as const;
/** A notice that nobody took for so long is given up. Milliseconds. */
const GIVE_UP = 24 * 3_600_000;

export interface DeliveryOptions {
  outbox: Outbox;
  channels: Channels;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
  /** Name of this process. */
  instance: string;
  /** How much earlier or later than planned a try comes, from 0 to 1. */
  random?: () => number;
}

/** Hands notices over. Only the process that holds the lease of the scheduler does. */
export interface Deliveries {
  /** Begins to hand over what waits, as far as there is room. */
  turn(): void;
  /** Gives up what is under way; it is tried again by the next process, under the same ids. */
  stop(): Promise<void>;
}

export function createDeliveries(options: DeliveryOptions): Deliveries {
  const { outbox, channels, clock, log, failPoint, instance, random = Math.random } = options;
  const stopped = new AbortController();
  const active = new Map<string, Promise<void>>();

  async function deliver(claimed: ClaimedNotice): Promise<void> {
    try {
      await failPoint('notify:claimed');
      await handOver(claimed);
      await failPoint('notify:handed-over');
      outbox.sent(claimed.id, instance);
      await failPoint('notify:sent');
    } catch (error) {
      if (stopped.signal.aborted) return;
      failed(claimed, error);
    }
  }

  async function handOver(claimed: ClaimedNotice): Promise<void> {
    const { channel, isOwners } = channelOf(claimed.target);
    const opened = await channels.open(channel);
    const { target: _, ...delivery } = claimed;
    const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(PATIENCE)]);
    await opened.deliver(isOwners ? toOwner(delivery) : delivery, signal);
  }

  function toOwner(delivery: Delivery): Delivery {
    const mail = channels.mailOf(delivery.notice.owner);
    if (mail) return { ...delivery, to: mail.address };
    throw new Undelivered(
      `The configuration says no mail address of ${delivery.notice.owner}. Write it into notify.owners.`,
      false
    );
  }

  function failed(claimed: ClaimedNotice, error: unknown): void {
    const known = error instanceof Undelivered ? error : undefined;
    const reason =
      known?.message ?? 'It was not taken, and Lakeside does not know why. The log of the server says more.';
    const fields = { err: error, notice: claimed.id, run: claimed.notice.run.id, target: claimed.target };
    const age = clock.now() - Date.parse(claimed.at);
    if (known?.isPassing === false || age >= GIVE_UP) {
      log.warn(fields, 'a notice was given up');
      outbox.giveUp(claimed.id, instance, reason, instead(claimed, reason));
      return;
    }
    log.warn(fields, 'a notice was not taken; it is tried again');
    outbox.later(claimed.id, instance, clock.now() + wait(claimed.attempt, known?.retryAfter), reason);
  }

  /** Milliseconds; a fifth more or less, so that what failed together does not come back together. */
  function wait(attempt: number, asked = 0): number {
    const usual = WAITS[Math.min(attempt, WAITS.length) - 1] ?? WAITS[0];
    return Math.max(usual * (0.8 + 0.4 * random()), Math.min(asked, 3600)) * 1000;
  }

  /** Who cannot be told otherwise is told at the screen. */
  function instead({ target, notice }: ClaimedNotice, reason: string): NewNotice {
    const text = shorten(`${notice.text}\n${channelOf(target).channel} could not be told: ${reason}`, 1000);
    return { id: options.ids.next(), target: SCREEN, notice: { ...notice, text } };
  }

  return {
    turn() {
      if (stopped.signal.aborted) return;
      const now = clock.now();
      for (const claimed of outbox.claim(instance, now, now + CLAIM, PARALLEL - active.size)) {
        const work = deliver(claimed)
          .catch((error: unknown) => log.error({ err: error, notice: claimed.id }, 'a notice stumbled'))
          .finally(() => active.delete(claimed.id));
        active.set(claimed.id, work);
      }
    },
    async stop() {
      stopped.abort();
      await Promise.all(active.values());
    }
  };
}
