import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration, stampOf } from './composeConfiguration.js';
import type { Config } from './config.js';
import type { Configuration } from './configuration/read.js';
import type { ChosenProfile } from './configuration/schema.js';
import type { ConfiguredProfile, Profiles } from './credentials/profiles.js';
import { environmentOfPrograms } from './environment.js';
import { registerSecret } from './logging.js';
import type { Log } from './ports.js';

export interface ProfilesSurroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** What the kernels of the Jupyter server get; profiles that were added since the start may refer to any of it. */
  kernelEnvironment?: Readonly<Record<string, string>>;
}

/** The section `profiles` as it is now: a file that changed is read again. */
export function composeProfiles(surroundings: ProfilesSurroundings): Profiles {
  const { config, log, kernelEnvironment = {} } = surroundings;
  let read: { stamp: string; configuration: Promise<Configuration | undefined> } | undefined;
  let good: { profiles: Map<string, ConfiguredProfile>; configuration: Configuration | undefined } | undefined;

  async function now(): Promise<NonNullable<typeof good>> {
    const stamp = stampOf(config);
    if (read?.stamp !== stamp) read = { stamp, configuration: composeConfiguration(surroundings) };
    const reading = read;
    try {
      const configuration = await reading.configuration;
      if (good === undefined || good.configuration !== configuration) {
        const entries = Object.entries(configuration?.profiles ?? {});
        good = { configuration, profiles: new Map(entries.map(([id, chosen]) => [id, described(id, chosen)])) };
      }
      return good;
    } catch (error) {
      if (read === reading) read = undefined;
      if (good === undefined) throw error;
      log.warn({ err: error }, 'the configuration is not right any more; what it said before goes on');
      return good;
    }
  }

  function variable(name: string): string | undefined {
    return config.variable(name) ?? (Object.hasOwn(kernelEnvironment, name) ? kernelEnvironment[name] : undefined);
  }

  return {
    list: async () => [...(await now()).profiles.values()],
    async make(id) {
      const { profiles, configuration } = await now();
      const chosen = profiles.has(id) ? configuration?.profiles?.[id] : undefined;
      if (configuration === undefined || chosen === undefined) {
        throw new ProblemError('not-found', `There is no profile "${id.slice(0, 100)}" any more.`);
      }
      const { createSecretReader } = await import('./configuration/secret.js');
      const { kind, label = id, settings } = parts(chosen);
      const file = configuration.origin.profiles;
      return configuration.registry.find('credential-provider', kind).create(settings, {
        log,
        clock: systemClock,
        readSecret: createSecretReader({ variable, register: registerSecret }),
        cacheDirectory: join(config.home, 'cache', 'credentials'),
        environment: environmentOfPrograms(config.variable),
        label,
        settings: `profiles.${id}${file === undefined ? '' : ` in ${file}`}`
      });
    }
  };
}

function parts(chosen: ChosenProfile): Pick<ChosenProfile, 'kind' | 'label'> & { settings: object } {
  const { kind, label, description: _d, colour: _c, production: _p, ...settings } = chosen;
  return { kind, label, settings };
}

function described(id: string, chosen: ChosenProfile): ConfiguredProfile {
  const { kind, label = id, settings } = parts(chosen);
  const { production = false, colour = production ? 'red' : 'green', description = '' } = chosen;
  // Secrets are there by reference only.
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([kind, settings]))
    .digest('hex')
    .slice(0, 16);
  const region = 'region' in settings && typeof settings.region === 'string' ? { region: settings.region } : {};
  return { id, label, description, kind, colour, production, fingerprint, ...region };
}
