import { composeConfiguration } from './composeConfiguration.js';
import { composeChannels, redactNotices } from './composeNotify.js';
import { composePublisher } from './composePublisher.js';
import type { CredentialUse } from './composeSecrets.js';
import type { Config } from './config.js';
import type { JobService } from './jobs/service.js';
import type { Clock, FailPoint, Ids, Log } from './ports.js';
import { createAfterRuns } from './schedule/after/afterRuns.js';
import type { AfterRuns } from './schedule/after/afterRuns.js';
import { createDeliveries } from './schedule/notify/delivery.js';
import type { ChannelEntry, Outbox } from './schedule/notify/ports.js';
import { createToasts } from './schedule/notify/toasts.js';
import type { RunCredentials } from './schedule/credentials/ports.js';
import type { ScheduleFiles, ScheduleStore, Toasts } from './schedule/ports.js';
import { createPublishing } from './schedule/publish/publishing.js';
import type { PublishService } from './share/publish/service.js';

export interface AfterRunsParts {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** What the channels of the configuration may refer to. */
  credentials?: CredentialUse | undefined;
  outbox: Outbox;
  store: Pick<ScheduleStore, 'runs' | 'living'>;
  /** What runs may use of profiles; absent: there are none. */
  grants?: RunCredentials;
  files: ScheduleFiles;
  publish: Pick<PublishService, 'publish' | 'upload'>;
  jobs: JobService;
  clock: Clock;
  ids: Ids;
  failPoint: FailPoint;
  /** Name of this process. */
  instance: string;
}

/** What follows runs, with what others need of it. */
export interface ComposedAfterRuns {
  /** For the engine: `turn` in each of its turns in which it leads, `stop` when it stops. */
  afterRuns: AfterRuns;
  /** For `schedule.news` and `schedule.claimToast`. */
  toasts: Toasts;
  /** The channels that a schedule may name beside `owner`. */
  channels: readonly ChannelEntry[];
  close(): Promise<void>;
}

/** Composes what follows runs: the outbox of this home, the channels of the configuration, the share service. */
export async function composeAfterRuns(parts: AfterRunsParts): Promise<ComposedAfterRuns> {
  const channels = await composeChannels(parts);
  const publicUrl = (await composeConfiguration(parts))?.publicUrl;
  const toasts = createToasts(parts);
  const deliveries = createDeliveries({ ...parts, channels });
  const publishing = createPublishing({ ...parts, publisher: composePublisher(parts) });
  const teller = { publicUrl, redact: redactNotices };
  const afterRuns = createAfterRuns({ ...parts, credentials: parts.grants, channels, deliveries, publishing, teller });
  return { afterRuns, toasts, channels: channels.list(), close: () => channels.close() };
}
