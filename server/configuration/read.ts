import { dirname } from 'node:path';
import type { BrokenPlugin, OutsidePlugin, OutsidePlugins } from '../plugins/outside.js';
import { createRegistry } from '../plugins/registry.js';
import type { Registry } from '../plugins/registry.js';
import { unusablePlugins } from './broken.js';
import { PluginsSection, sectionsSchema } from './schema.js';
import type { Sections } from './schema.js';
import { checkSource, readSource } from '../yaml/source.js';
import type { Source } from '../yaml/source.js';

/** A place where a configuration file may be. */
export interface ConfigurationFile {
  file: string;
  /** Whether it is the organisation's: what it says wins. */
  isPolicy: boolean;
}

/** What the configuration files say together. */
export interface Configuration extends Sections {
  /** The files that were read, the policy first. */
  files: readonly ConfigurationFile[];
  /** The file each section comes from. */
  origin: Partial<Record<keyof Sections, string>>;
  /** What the sections choose from: the built-in plug-ins, and those from outside. */
  registry: Registry;
  outside: readonly OutsidePlugin[];
  /** Plug-ins from outside of which nothing can be used. Targets that may be theirs fail when they are used. */
  broken: readonly BrokenPlugin[];
}

/** Finds plug-ins from outside. @param base - the folder they are named in */
export type FindOutside = (names: readonly string[], base: string) => Promise<OutsidePlugins>;

/**
 * Reads and checks configuration files. Each is checked by itself and taken whole section by section: mixing the
 * sections of two files could send one's keys to the other's server. A plug-in from outside that is broken is no fault
 * of the configuration: it is told apart, and all else holds.
 *
 * @param files - those that exist
 * @throws ProblemError `invalid` naming file, line, key and the nearest valid key
 */
export async function readConfiguration(
  files: readonly ConfigurationFile[],
  builtIn: Registry,
  findOutside?: FindOutside
): Promise<Configuration> {
  const ordered = [...files].sort((a, b) => Number(b.isPolicy) - Number(a.isPolicy));
  const sources = await Promise.all(ordered.map(({ file }) => readSource(file)));
  const { usable, broken } = await outsideOf(sources, findOutside);
  const whole = createRegistry([...builtIn.all(), ...usable]);
  const registry =
    broken.length === 0 ? whole : createRegistry([...whole.all(), ...unusablePlugins(sources, whole, broken)]);
  const schema = sectionsSchema(registry);
  const merged: Configuration = { files: ordered, origin: {}, registry, outside: usable, broken };
  for (const source of sources) {
    const sections = checkSource(source, schema);
    for (const name of Object.keys(sections) as (keyof Sections)[]) {
      if (merged.origin[name] !== undefined) continue;
      Object.assign(merged, { [name]: sections[name] });
      merged.origin[name] = source.file;
    }
  }
  return merged;
}

/** The plug-ins of the first file that names any. A section that is not right is told by the check of the whole. */
async function outsideOf(sources: readonly Source[], find: FindOutside | undefined): Promise<OutsidePlugins> {
  for (const { file, data } of sources) {
    const given = (data as { plugins?: unknown } | null)?.plugins;
    if (given === undefined) continue;
    const names = PluginsSection.safeParse(given).data ?? [];
    return (await find?.([...new Set(names)], dirname(file))) ?? { usable: [], broken: [] };
  }
  return { usable: [], broken: [] };
}
