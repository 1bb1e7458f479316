import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration } from './composeConfiguration.js';
import type { Config } from './config.js';
import type { Configuration } from './configuration/read.js';
import type { ChosenSource } from './configuration/schema.js';
import { environmentOfPrograms } from './environment.js';
import { registerSecret } from './logging.js';
import type { PluginSurroundings } from './plugins/plugin.js';
import type { Registry } from './plugins/registry.js';
import type { Log } from './ports.js';
import type { TableSource } from './tables/ports.js';
import type { TableService } from './tables/service.js';
import type { ConfiguredSource, Sources } from './tables/sources.js';

export interface TablesSurroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** The folder of the notebooks, in which the folder `lake` may lie; undefined where there is none. */
  notebooks: string | undefined;
}

/** The tables of the configuration. Nothing is loaded before somebody asks for one. */
export interface ComposedTables {
  service: () => Promise<TableService>;
  close(): Promise<void>;
}

export function composeTables(surroundings: TablesSurroundings): ComposedTables {
  let made: Promise<TableService> | undefined;

  async function make(): Promise<TableService> {
    const { createTableService } = await import('./tables/service.js');
    const { createIndexEngine } = await import('./tables/index/engine.js');
    const { createIndexFiles } = await import('./tables/index/files.js');
    const { config, log } = surroundings;
    return createTableService({
      sources: composeSources(surroundings),
      index: createIndexEngine({ files: createIndexFiles({ directory: join(config.home, 'tables'), log }) }),
      snippets: () => [],
      clock: systemClock,
      log
    });
  }

  return {
    service() {
      made ??= make();
      made.catch(() => (made = undefined));
      return made;
    },
    async close() {
      await (await made?.catch(() => undefined))?.close();
    }
  };
}

/** The section `sources`, or the embedded source, as it is now: a file that changed is read again. */
export function composeSources(surroundings: TablesSurroundings): Sources {
  const { config, log } = surroundings;
  let read: { stamp: string; sections: Promise<Sections> } | undefined;
  let good: Sections | undefined;

  async function sections(): Promise<Sections> {
    const stamp = stampOf(config);
    if (read?.stamp !== stamp) read = { stamp, sections: readSections(surroundings) };
    const reading = read;
    try {
      return (good = await reading.sections);
    } catch (error) {
      if (read === reading) read = undefined;
      if (good === undefined) throw error;
      log.warn({ err: error }, 'the configuration is not right any more; what it said before goes on');
      return good;
    }
  }

  async function chosen(id: string): Promise<{ source: ChosenSource; from: Sections }> {
    const from = await sections();
    const source = Object.hasOwn(from.sources, id) ? from.sources[id] : undefined;
    if (source !== undefined) return { source, from };
    throw new ProblemError('not-found', `There is no source of tables "${id}" any more.`);
  }

  async function around(label: string, settings: string): Promise<PluginSurroundings> {
    const { createSecretReader } = await import('./configuration/secret.js');
    return {
      log,
      clock: systemClock,
      readSecret: createSecretReader({ variable: config.variable, register: registerSecret }),
      cacheDirectory: join(config.home, 'cache', 'tables'),
      environment: environmentOfPrograms(config.variable),
      label,
      settings
    };
  }

  return {
    async list() {
      const { sources, origin } = await sections();
      return Object.entries(sources).map(([id, source]) => described(id, source, origin));
    },
    async make(id): Promise<TableSource> {
      const { source, from } = await chosen(id);
      const { kind, label = id, description: _, ...settings } = source;
      const place = `sources.${id}${from.file === undefined ? '' : ` in ${from.file}`}`;
      return from.registry.find('table-source', kind).create(settings, await around(label, place));
    },
    test: () => Promise.reject(new ProblemError('invalid', 'Settings cannot be tried yet.')),
    add: () => Promise.reject(new ProblemError('conflict', 'Sources cannot be added yet.'))
  };
}

/** What the configuration says of sources. */
interface Sections {
  sources: Record<string, ChosenSource>;
  origin: ConfiguredSource['origin'];
  /** Of the section; undefined for the embedded source. */
  file: string | undefined;
  registry: Registry;
}

async function readSections(surroundings: TablesSurroundings): Promise<Sections> {
  const configuration: Configuration | undefined = await composeConfiguration(surroundings);
  const { builtInPlugins } = await import('./composePlugins.js');
  const registry = configuration?.registry ?? builtInPlugins();
  if (configuration?.sources !== undefined) {
    return { sources: configuration.sources, origin: 'configuration', file: configuration.origin.sources, registry };
  }
  return { sources: embedded(surroundings.notebooks, registry), origin: 'embedded', file: undefined, registry };
}

/** Without a section there is the folder `lake` beside the notebooks, where it is there. */
export function embedded(notebooks: string | undefined, registry: Registry): Record<string, ChosenSource> {
  const path = notebooks === undefined ? undefined : join(notebooks, 'lake');
  const isThere = path !== undefined && existsSync(path) && statSync(path).isDirectory();
  const canRead = registry.of('table-source').some(({ id }) => id === 'files');
  if (!isThere || !canRead) return {};
  return { lake: { kind: 'files', path, label: 'Lake', description: 'The files in the folder lake.' } };
}

function described(id: string, source: ChosenSource, origin: ConfiguredSource['origin']): ConfiguredSource {
  const { kind, label = id, description = `Tables of ${kind}.`, ...settings } = source;
  // Secrets are there by reference only.
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([kind, settings]))
    .digest('hex')
    .slice(0, 16);
  return { id, label, kind, description, origin, fingerprint };
}

/** Changes when a file of the configuration does. */
function stampOf({ configurationFiles }: Config): string {
  return configurationFiles
    .map(({ file }) => {
      const info = statSync(file, { throwIfNoEntry: false });
      return info === undefined ? '' : `${info.mtimeMs} ${info.size} ${info.ino}`;
    })
    .join('|');
}
