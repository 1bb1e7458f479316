import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../contract/problem.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeConfiguration, stampOf } from './composeConfiguration.js';
import { composeSecrets } from './composeSecrets.js';
import type { CredentialUse, SecretReaders } from './composeSecrets.js';
import type { Config } from './config.js';
import type { Configuration } from './configuration/read.js';
import type { ChosenSource } from './configuration/schema.js';
import { environmentOfPrograms } from './environment.js';
import { withoutSecrets } from './logging.js';
import type { Finding, PluginSurroundings } from './plugins/plugin.js';
import type { Registry } from './plugins/registry.js';
import type { Log } from './ports.js';
import type { TableSource } from './tables/ports.js';
import type { TableService } from './tables/service.js';
import type { ConfiguredSource, Sources } from './tables/sources.js';

/** Most memory of the process of the index, in MB, and the time without questions after which it ends, in milliseconds. */
const INDEX_MEMORY_MB = 1024;
const INDEX_IDLE = 5 * 60_000;

export interface TablesSurroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
  /** The folder of the notebooks, in which the folder `lake` may lie; undefined where there is none. */
  notebooks: string | undefined;
  /** What the kernels of the Jupyter server get. A source that was added since the start may refer to any of it. */
  kernelEnvironment?: Readonly<Record<string, string>>;
  /** Absent, as in a command: composed where a source refers to a profile. */
  credentials?: CredentialUse | undefined;
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
    const { createProcessIndex } = await import('./adapters/tableindex-process/index.js');
    const { snippetsOf } = await import('./tables/code/index.js');
    const { config, log, programs } = surroundings;
    return createTableService({
      sources: composeSources(surroundings),
      index: createProcessIndex({
        program: join(programs, 'tablesIndex.js'),
        directory: join(config.home, 'tables'),
        memoryMb: INDEX_MEMORY_MB,
        idle: INDEX_IDLE,
        clock: systemClock,
        log
      }),
      snippets: snippetsOf,
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
  const { config, log, kernelEnvironment = {} } = surroundings;
  let read: { stamp: string; sections: Promise<Sections> } | undefined;
  let good: Sections | undefined;
  let adding = Promise.resolve();
  let secrets: Promise<SecretReaders> | undefined;

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
    const names = Object.keys(from.sources).join(', ');
    const there = names === '' ? 'There is none' : `There is: ${names}`;
    throw new ProblemError('not-found', `There is no source of tables "${id.slice(0, 100)}". ${there}.`);
  }

  /** As %%sql finds it in the kernel; the sidecar was started with those that the files named then. */
  function variable(name: string): string | undefined {
    return config.variable(name) ?? (Object.hasOwn(kernelEnvironment, name) ? kernelEnvironment[name] : undefined);
  }

  async function around(label: string, settings: string): Promise<PluginSurroundings> {
    return {
      log,
      clock: systemClock,
      ...(await (secrets ??= composeSecrets(surroundings, variable))),
      cacheDirectory: join(config.home, 'cache', 'tables'),
      environment: environmentOfPrograms(config.variable),
      label,
      settings
    };
  }

  async function add(id: string, settings: Record<string, unknown>): Promise<void> {
    const { sources, origin, file, registry } = await sections();
    const { addSource, checkSourceSettings } = await import('./configuration/sources.js');
    const own = config.configurationFiles.find(({ isPolicy }) => !isPolicy)?.file;
    if (own === undefined) throw new ProblemError('conflict', 'There is no file for your own configuration.');
    if (file !== undefined && file !== own) {
      throw new ProblemError(
        'conflict',
        `The sources of tables are set by your organisation, in ${file}. Ask whoever runs this server to add one.`
      );
    }
    if (Object.hasOwn(sources, id) && origin === 'configuration') {
      throw new ProblemError('conflict', `There is a source "${id}" already. Choose another name.`);
    }
    checkSourceSettings(settings, registry);
    // The section replaces the embedded source, which people would miss.
    await addSource(own, { ...(origin === 'embedded' && sources), [id]: settings }, registry);
    read = undefined;
  }

  async function make(id: string): Promise<TableSource> {
    const { source, from } = await chosen(id);
    const { kind, label = id, description: _, ...settings } = source;
    const place = `sources.${id}${from.file === undefined ? '' : ` in ${from.file}`}`;
    return from.registry.find('table-source', kind).create(settings, await around(label, place));
  }

  return {
    async list() {
      const { sources, origin } = await sections();
      return Object.entries(sources).map(([id, source]) => described(id, source, origin));
    },
    make,
    check: async (id, signal) => checked(await make(id), signal),
    async test(settings, signal) {
      const { registry } = await sections();
      const { checkSourceSettings } = await import('./configuration/sources.js');
      const { kind, label = 'The source', description: _, ...own } = checkSourceSettings(settings, registry);
      const plugin = registry.find('table-source', kind);
      return checked(await plugin.create(own, await around(label, 'the settings')), signal);
    },
    add(id, settings) {
      // One after the other: each reads the file that the one before wrote.
      adding = adding.catch(() => undefined).then(() => add(id, settings));
      return adding;
    }
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

function withoutSecretsIn({ state, detail, cure }: Finding): Finding {
  return { state, detail: withoutSecrets(detail), ...(cure !== undefined && { cure: withoutSecrets(cure) }) };
}

/** What a source finds out about itself; closes it. */
async function checked(source: TableSource, signal: AbortSignal): Promise<Finding[]> {
  try {
    return (await source.check({ signal })).map(withoutSecretsIn);
  } finally {
    await source.close();
  }
}
