import * as z from 'zod';
import { Secret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';

const Address = z.email('must be a mail address such as team@example.org');
const Sender = z
  .string()
  .max(300)
  .regex(/^(?:[^<>"\r\n]+ )?<?[^\s<>"@]+@[^\s<>"@]+>?$/, 'must be a mail address, or a name and <address>');

/** `kind: smtp`: mail. */
export const smtpPlugin = definePlugin({
  kind: 'notification-channel',
  id: 'smtp',
  config: z.strictObject({
    host: z.string().min(1).max(253).describe('The mail server.'),
    port: z.number().int().min(1).max(65_535).default(587),
    security: z
      .enum(['starttls', 'tls', 'none'], 'must be starttls, tls or none')
      .default('starttls')
      .describe('starttls and tls: nothing is sent over a connection that is not encrypted. none: for this machine.'),
    user: z.string().min(1).max(300).optional(),
    password: Secret.optional(),
    from: Sender.describe('Whom mails are from, such as Lakeside <lakeside@example.org>.'),
    to: z.array(Address).min(1).max(50).optional().describe('Who gets them. Absent: the owner of the schedule.')
  }),
  async create({ password, ...settings }, { readSecret, label = 'The mail server', log }) {
    const { createSmtpChannel } = await import('./index.js');
    return createSmtpChannel({
      settings,
      password: password === undefined ? undefined : await readSecret(password),
      label,
      log
    });
  }
});
