import type { NotificationChannel } from '../../schedule/notify/ports.js';
import { post } from '../../schedule/notify/post.js';
import { messageOf } from './message.js';

export interface SlackOptions {
  label: string;
  /** The address of the incoming webhook, which is a secret. */
  url: URL;
}

/** Posts notices to an incoming webhook of Slack, Mattermost or whatever takes the same. */
export function createSlackChannel({ label, url }: SlackOptions): NotificationChannel {
  return {
    deliver: (delivery, signal) =>
      post({
        label,
        url,
        body: JSON.stringify(messageOf(delivery.notice)),
        headers: { 'x-lakeside-delivery': delivery.id, 'idempotency-key': delivery.id },
        signal
      }),
    close: () => Promise.resolve()
  };
}
