import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration, readFiles } from './composeConfiguration.js';
import type { Config } from './config.js';
import type { Chosen } from './configuration/schema.js';
import { composeSecrets } from './composeSecrets.js';
import type { CredentialUse } from './composeSecrets.js';
import type { Finding, Plugin, PluginSurroundings } from './plugins/plugin.js';
import type { Log } from './ports.js';
import type { ObjectStore } from './share/ports.js';
import { onStorage } from './storage.js';

interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** Absent: composed where the configuration refers to a profile. */
  credentials?: CredentialUse | undefined;
}

/** The object store of the archive: that of the section `library`, else a folder of the home. */
export async function composeStore(surroundings: Surroundings): Promise<ObjectStore> {
  const configuration = await composeConfiguration(surroundings);
  if (configuration?.library === undefined) return folderStore(homeArchive(surroundings.config));
  const { plugin, settings, around } = await chosen(surroundings, configuration.library, configuration.origin.library);
  return plugin.create(settings, around);
}

/**
 * The object store at a place that a person names: a folder, or a configuration file with a section `library`.
 *
 * @throws ProblemError `invalid` where the file has none
 */
export async function composeStoreAt(surroundings: Surroundings, place: string): Promise<ObjectStore> {
  const file = resolve(place);
  if (!['.yml', '.yaml'].includes(extname(file))) return folderStore(file);
  const { library } = (await readFiles(surroundings, [{ file, isPolicy: false }])) ?? {};
  if (library === undefined) throw new ProblemError('invalid', `${file} has no section library. Write one into it.`);
  const { plugin, settings, around } = await chosen(surroundings, library, file);
  return plugin.create(settings, around);
}

/** What the object store of the section `library` finds out about itself; nothing without such a section. */
export async function checkStore(surroundings: Surroundings): Promise<Finding[]> {
  const { library, origin } = (await composeConfiguration(surroundings)) ?? {};
  if (library === undefined) return [];
  const { plugin, settings, around } = await chosen(surroundings, library, origin?.library);
  return (await plugin.check?.(settings, around)) ?? [];
}

/**
 * The folder of the index of the archive in use. Each archive has its own: what is in one would be found, and be
 * missing, in another.
 */
export async function indexFolder(surroundings: Surroundings): Promise<string> {
  const { config } = surroundings;
  const { library } = (await composeConfiguration(surroundings)) ?? {};
  if (library === undefined) return join(config.home, 'index');
  const { credentials: _, ...place } = library;
  const name = createHash('sha256')
    .update(JSON.stringify(Object.entries(place).sort()))
    .digest('hex');
  return join(config.home, `index-${name.slice(0, 12)}`);
}

/** How many milliseconds old an answer of the Library may be: a store that is far away takes as long as a search. */
export async function freshness(surroundings: Surroundings): Promise<number> {
  return (await composeConfiguration(surroundings))?.library === undefined ? 0 : FAR_AWAY;
}

const FAR_AWAY = 1000;

/** Where the archive is without a configuration. */
export function homeArchive(config: Config): string {
  return join(config.home, 'archive');
}

async function chosen(
  surroundings: Surroundings,
  { kind, ...settings }: Chosen,
  file = ''
): Promise<{ plugin: Plugin<'object-store'>; settings: object; around: PluginSurroundings }> {
  const { builtInPlugins } = await import('./composePlugins.js');
  const { config, log } = surroundings;
  return {
    plugin: builtInPlugins().find('object-store', kind),
    settings,
    around: {
      log,
      clock: systemClock,
      ...(await composeSecrets(surroundings)),
      cacheDirectory: join(config.home, 'cache', 'storage'),
      settings: `library in ${file}`
    }
  };
}

async function folderStore(directory: string): Promise<ObjectStore> {
  const { createFileObjectStore } = await import('./adapters/objectstore-fs/index.js');
  await onStorage(directory, () => mkdir(directory, { recursive: true, mode: 0o700 }));
  return createFileObjectStore({ directory });
}
