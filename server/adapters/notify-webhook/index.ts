import type { Delivery, NotificationChannel } from '../../schedule/notify/ports.js';
import { post } from '../../schedule/notify/post.js';
import type { Clock } from '../../ports.js';
import { sign } from './sign.js';

export interface WebhookOptions {
  label: string;
  url: URL;
  secret: string;
  clock: Pick<Clock, 'now'>;
}

/** Posts notices as JSON, signed as Standard Webhooks says, so that its libraries can check them. */
export function createWebhookChannel({ label, url, secret, clock }: WebhookOptions): NotificationChannel {
  return {
    deliver(delivery, signal) {
      const body = bodyOf(delivery);
      const { id } = delivery;
      const timestamp = String(Math.floor(clock.now() / 1000));
      return post({
        label,
        url,
        body,
        signal,
        headers: {
          'x-lakeside-delivery': id,
          'idempotency-key': id,
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': sign(secret, { id, timestamp, body })
        }
      });
    },
    close: () => Promise.resolve()
  };
}

/** The same bytes for each try. */
function bodyOf({ id, at, notice }: Delivery): string {
  const { kind, ...data } = notice;
  return JSON.stringify({ type: `run.${kind}`, version: 1, id, timestamp: at, data });
}
