import type { Channels } from '../schedule/notify/ports.js';
import type { Finding } from '../plugins/plugin.js';
import { inTime } from './targetTests.js';

/** Whether each channel of the configuration could deliver, side by side, each within its time. Nothing is sent. */
export function checkChannels(channels: Channels): Promise<{ name: string; findings: Finding[] }[]> {
  return Promise.all(
    channels.list().map(async ({ name }) => ({
      name,
      findings: await inTime(async signal => {
        const channel = await channels.open(name);
        const seen = await channel.probe?.(signal);
        return [{ state: 'ok', detail: seen ?? 'its settings and secrets are there; only a notice shows more' }];
      })
    }))
  );
}
