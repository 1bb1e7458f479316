import { expect, test } from 'vitest';
import { checkChannels } from '../../../server/cli/channelChecks.js';
import type { Channels, NotificationChannel } from '../../../server/schedule/notify/ports.js';
import { Undelivered } from '../../../server/schedule/notify/undelivered.js';

const nothing: NotificationChannel = { deliver: () => Promise.resolve(), close: () => Promise.resolve() };

const there: Record<string, () => NotificationChannel> = {
  mail: () => ({ ...nothing, probe: () => Promise.resolve('smtp.example.org:587 answers over STARTTLS') }),
  hook: () => nothing,
  down: () => ({ ...nothing, probe: () => Promise.reject(new Undelivered('The mail cannot be reached.', true)) }),
  keyless: () => {
    throw new Undelivered('The variable SMTP_PASSWORD is not there. Set it.', true);
  }
};

const channels: Channels = {
  list: () => Object.keys(there).map(name => ({ name, title: name, isPersonal: false })),
  open: name => Promise.resolve().then(() => there[name]!()),
  mailOf: () => undefined,
  mentionOf: () => undefined,
  close: () => Promise.resolve()
};

test('the doctor says of each channel whether it could deliver, and why not', async () => {
  const found = await checkChannels(channels);
  expect(Object.fromEntries(found.map(({ name, findings }) => [name, findings]))).toEqual({
    mail: [{ state: 'ok', detail: 'smtp.example.org:587 answers over STARTTLS' }],
    hook: [{ state: 'ok', detail: 'its settings and secrets are there; only a notice shows more' }],
    down: [{ state: 'failed', detail: 'The mail cannot be reached.' }],
    keyless: [{ state: 'failed', detail: 'The variable SMTP_PASSWORD is not there. Set it.' }]
  });
});
