import * as z from 'zod';
import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';

/** `kind: webhook`: any program that takes JSON, signed with a secret that both sides know. */
export const webhookPlugin = definePlugin({
  kind: 'notification-channel',
  id: 'webhook',
  config: z.strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
      .describe('Where notices are posted.'),
    secret: Secret.describe('With which they are signed.')
  }),
  async create({ url, secret }, { readSecret, clock, label = 'The webhook' }) {
    const { createWebhookChannel } = await import('./index.js');
    return createWebhookChannel({ label, url: new URL(url), secret: await readSecret(secret), clock });
  }
});
