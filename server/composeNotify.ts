import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration } from './composeConfiguration.js';
import { createKept } from './composeKept.js';
import { composeSecrets, credentialStamp } from './composeSecrets.js';
import type { CredentialUse } from './composeSecrets.js';
import type { Config } from './config.js';
import { withoutSecrets } from './logging.js';
import type { Log } from './ports.js';
import type { Channels, NotificationChannel } from './schedule/notify/ports.js';
import { Undelivered } from './schedule/notify/undelivered.js';

interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** Absent: composed where the configuration refers to a profile. */
  credentials?: CredentialUse | undefined;
}

/** The channels of the section `notify`. Nothing is made and no secret is read before one is used. */
export async function composeChannels(surroundings: Surroundings): Promise<Channels> {
  const { config, log } = surroundings;
  const configuration = await composeConfiguration(surroundings);
  const { filled } = await import('./configuration/notify.js');
  const { channels = {}, owners } = configuration?.notify ?? {};
  const secrets = await composeSecrets(surroundings);
  const isMail = (name: string): boolean => channels[name]?.kind === 'smtp';
  const via = owners?.via ?? Object.keys(channels).find(isMail);

  async function make(name: string): Promise<NotificationChannel> {
    const found = Object.hasOwn(channels, name) ? channels[name] : undefined;
    if (found === undefined || configuration === undefined) {
      throw new Undelivered(`The configuration has no channel ${name} in notify.channels. Write it there.`, false);
    }
    const { kind, label = name, ...settings } = found;
    return configuration.registry.find('notification-channel', kind).create(settings, {
      log,
      clock: systemClock,
      ...secrets,
      cacheDirectory: join(config.home, 'cache', 'notify'),
      label,
      settings: `notify.channels.${name} in ${configuration.origin.notify ?? ''}`
    });
  }

  const kept = createKept({
    make,
    stamp: name => credentialStamp(Object.hasOwn(channels, name) ? channels[name] : undefined, secrets)
  });

  return {
    list: () =>
      Object.entries(channels).map(([name, channel]) => ({
        name,
        title: channel.label ?? name,
        isPersonal: isMail(name) && channel['to'] === undefined
      })),
    mailOf(owner) {
      const address = own(owners?.people, owner)?.mail ?? filled(owners?.mail, owner);
      return via === undefined || address === undefined || !isAddress(address) ? undefined : { channel: via, address };
    },
    mentionOf: owner => own(owners?.people, owner)?.mention ?? filled(owners?.mention, owner),
    open: name =>
      kept.open(name).catch((error: unknown) => {
        if (error instanceof ProblemError) throw new Undelivered(error.message, true, undefined, { cause: error });
        throw error;
      }),
    close: () => kept.close()
  };
}

/** Takes the secrets that this process knows out of a text. */
export const redactNotices: (text: string) => string = withoutSecrets;

function own<T>(people: Record<string, T> | undefined, name: string): T | undefined {
  return people !== undefined && Object.hasOwn(people, name) ? people[name] : undefined;
}

/** Good enough to hand to a mail server: one address, and nothing else. */
function isAddress(text: string): boolean {
  return /^[^\s<>"'(),:;@\\[\]]+@[^\s<>"'(),:;@\\[\]]+$/.test(text);
}
