import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration } from './composeConfiguration.js';
import type { Config } from './config.js';
import type { ChosenTarget } from './configuration/schema.js';
import { registerSecret } from './logging.js';
import type { Finding, Plugin, PluginSurroundings } from './plugins/plugin.js';
import type { Log } from './ports.js';
import type { Wikis, WikiTarget } from './share/ports.js';

interface Surroundings {
  config: Config;
  log: Log;
}

/** The wikis of the section `targets`. Nothing is made and no secret is read before one is used. */
export async function composeWikis(surroundings: Surroundings): Promise<Wikis> {
  const { targets = {}, origin } = await composeConfiguration(surroundings.config);
  const open = new Map<string, Promise<WikiTarget>>();
  const make = async (id: string): Promise<WikiTarget> => {
    const { plugin, settings, around } = await chosen(surroundings, id, mustHave(targets, id), origin.targets);
    return plugin.create(settings, around);
  };
  return {
    list: () =>
      Object.entries(targets).map(([id, { label = id, description, kind }]) => ({
        id,
        label,
        description: description ?? `Pages in a wiki (${kind}), for everybody who reads it.`
      })),
    open(id) {
      const made = open.get(id) ?? make(id);
      open.set(id, made);
      // What failed is tried again: a secret may have been mended.
      made.catch(() => open.delete(id));
      return made;
    }
  };
}

/**
 * What a wiki finds out about itself and about Lakeside's account there.
 *
 * @throws ProblemError `not-found` where the configuration has no wiki of this name
 */
export async function checkWiki(surroundings: Surroundings, id: string): Promise<Finding[]> {
  const { targets = {}, origin } = await composeConfiguration(surroundings.config);
  const { plugin, settings, around } = await chosen(surroundings, id, mustHave(targets, id), origin.targets);
  if (plugin.check) return plugin.check(settings, around);
  const target = await plugin.create(settings, around);
  try {
    const { software, account, lacks } = await target.check();
    return [
      { state: 'ok', detail: `${software}, as ${account}` },
      ...lacks.map((detail): Finding => ({ state: 'failed', detail }))
    ];
  } finally {
    await target.close();
  }
}

function mustHave(targets: Record<string, ChosenTarget>, id: string): ChosenTarget {
  const target = Object.hasOwn(targets, id) ? targets[id] : undefined;
  if (target) return target;
  const names = Object.keys(targets);
  const there = names.length === 0 ? 'It has none' : `There is: ${names.join(', ')}`;
  throw new ProblemError('not-found', `There is no target "${id.slice(0, 100)}" in the configuration. ${there}.`);
}

async function chosen(
  { config, log }: Surroundings,
  id: string,
  { kind, label = id, description: _, ...settings }: ChosenTarget,
  file = ''
): Promise<{ plugin: Plugin<'wiki-target'>; settings: object; around: PluginSurroundings }> {
  const { builtInPlugins } = await import('./composePlugins.js');
  const { createSecretReader } = await import('./configuration/secret.js');
  return {
    plugin: builtInPlugins().find('wiki-target', kind),
    settings,
    around: {
      log,
      clock: systemClock,
      readSecret: createSecretReader({ variable: config.variable, register: registerSecret }),
      cacheDirectory: join(config.home, 'cache', 'wikis'),
      label,
      settings: `targets.${id} in ${file}`
    }
  };
}
