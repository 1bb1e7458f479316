import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration } from './composeConfiguration.js';
import { createKept } from './composeKept.js';
import { composeSecrets, credentialStamp } from './composeSecrets.js';
import type { CredentialUse } from './composeSecrets.js';
import type { Config } from './config.js';
import type { ChosenTarget } from './configuration/schema.js';
import { environmentOfPrograms } from './environment.js';
import type { BrokenPlugin, OutsidePlugin } from './plugins/outside.js';
import type { Finding, Plugin, PluginSurroundings } from './plugins/plugin.js';
import type { Log } from './ports.js';
import type { WikiPolicy, Wikis, WikiSpace, WikiTarget } from './share/ports.js';
import { allowsSpace, withPolicy } from './share/wiki/policy.js';

interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** Absent: composed where the configuration refers to a profile. */
  credentials?: CredentialUse | undefined;
}

/** The wikis of the configuration, with what the doctor asks of them. */
export interface ComposedWikis extends Wikis {
  /**
   * What a wiki finds out about itself and about Lakeside's account there. Writes nothing.
   *
   * @throws ProblemError `not-found` where the configuration has no wiki of this name; what is wrong with the wiki
   */
  check(id: string, signal?: AbortSignal): Promise<Finding[]>;
  /** The plug-ins from outside. */
  outside: readonly OutsidePlugin[];
  broken: readonly BrokenPlugin[];
  close(): Promise<void>;
}

/** A target of the configuration with its plug-in. */
interface Chosen {
  plugin: Plugin<'wiki-target'>;
  settings: object;
  around: PluginSurroundings;
}

/** The wikis of the section `targets`. Nothing is made and no secret is read before one is used. */
export async function composeWikis(surroundings: Surroundings): Promise<ComposedWikis> {
  const { config, log } = surroundings;
  const read = await composeConfiguration(surroundings);
  const secrets = await composeSecrets(surroundings);
  const { targets = {}, origin, registry, outside = [], broken = [] } = read ?? {};

  function choose(id: string): Chosen {
    const { kind, label = id, description: _, policy: __, ...settings } = mustHave(targets, id);
    if (registry === undefined) throw new Error(`The target ${id} comes from no configuration.`);
    return {
      plugin: registry.find('wiki-target', kind),
      settings,
      around: {
        log,
        clock: systemClock,
        ...secrets,
        cacheDirectory: join(config.home, 'cache', 'wikis'),
        environment: environmentOfPrograms(config.variable),
        label,
        settings: `targets.${id} in ${origin?.targets ?? ''}`
      }
    };
  }

  async function make(id: string): Promise<WikiTarget> {
    const { plugin, settings, around } = choose(id);
    return plugin.create(settings, around).catch(withPlace(origin?.targets));
  }

  const kept = createKept<WikiTarget>({
    make,
    stamp: async id => credentialStamp(choose(id).settings, secrets)
  });

  return {
    outside,
    broken,
    list: () =>
      Object.entries(targets).map(([id, { label = id, description, kind, policy }]) => ({
        id,
        kind,
        label,
        description: description ?? `Pages in a wiki (${kind}), for everybody who reads it.`,
        ...(policy && { policy })
      })),
    async open(id) {
      const { policy, label = id } = mustHave(targets, id);
      return withPolicy(await kept.open(id), policy, label);
    },
    async check(id, signal) {
      const { plugin, settings, around } = choose(id);
      const found = await plugin.check?.(settings, around).catch(withPlace(origin?.targets));
      const { policy } = mustHave(targets, id);
      const isBroken = found?.some(({ state }) => state === 'failed') === true;
      if (found && (isBroken || policy?.spaces === undefined)) return found;
      const target = await make(id);
      try {
        const { software, account, lacks, home } = await target.check({ signal });
        const own = [
          { state: 'ok', detail: `${software}, as ${account}` } as const,
          ...lacks.map((detail): Finding => ({ state: 'failed', detail }))
        ];
        return [...(found ?? own), ...(policy ? homeFindings(policy, home) : [])];
      } finally {
        await target.close();
      }
    },
    async close() {
      await kept.close();
      await Promise.allSettled(outside.map(plugin => plugin.close()));
    }
  };
}

/** Where the policy leaves nobody the place that the settings name, each share needs a choice. */
function homeFindings(policy: WikiPolicy, home: WikiSpace | undefined): Finding[] {
  if (policy.spaces === undefined || (home !== undefined && allowsSpace(policy, home.id))) return [];
  const detail =
    home === undefined
      ? 'The wiki does not say in which space pages go by themselves, so its policy wants each share to choose one.'
      : `By itself a page would go to the space ${home.name}, which the policy does not allow, so each share must choose another one.`;
  return [{ state: 'warning', detail, cure: 'Name an allowed space in the settings of the target.' }];
}

function mustHave(targets: Record<string, ChosenTarget>, id: string): ChosenTarget {
  const target = Object.hasOwn(targets, id) ? targets[id] : undefined;
  if (target) return target;
  const names = Object.keys(targets);
  const there = names.length === 0 ? 'It has none' : `There is: ${names.join(', ')}`;
  throw new ProblemError('not-found', `There is no target "${id.slice(0, 100)}" in the configuration. ${there}.`);
}

/** Adds file and line to what a plug-in says about its settings, as the configuration's own check does. */
function withPlace(file: string | undefined): (error: unknown) => Promise<never> {
  return async error => {
    if (!(error instanceof ProblemError) || error.code !== 'invalid' || !error.errors || file === undefined)
      throw error;
    const { readSource } = await import('./yaml/source.js');
    const source = await readSource(file);
    const errors = error.errors.map(({ field, message }) => ({
      field,
      message: `${file}, line ${source.lineOf(field.split('.'))}: ${message}`
    }));
    throw new ProblemError('invalid', errors[0]?.message ?? error.message, { errors, cause: error });
  };
}
