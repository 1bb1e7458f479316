import type { Registry } from '../plugins/registry.js';
import { sectionsSchema } from './schema.js';
import type { Sections } from './schema.js';
import { checkSource, readSource } from './source.js';

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
}

/** A Lakeside without a configuration file. */
export const unconfigured: Configuration = { files: [], origin: {} };

/**
 * Reads and checks configuration files. Each is checked by itself and taken whole section by section: mixing the
 * sections of two files could send one's keys to the other's server.
 *
 * @param files - those that exist
 * @throws ProblemError `invalid` naming file, line, key and the nearest valid key
 */
export async function readConfiguration(
  files: readonly ConfigurationFile[],
  plugins: Registry
): Promise<Configuration> {
  const schema = sectionsSchema(plugins);
  const ordered = [...files].sort((a, b) => Number(b.isPolicy) - Number(a.isPolicy));
  const merged: Configuration = { files: ordered, origin: {} };
  for (const { file } of ordered) {
    const sections = checkSource(await readSource(file), schema);
    for (const name of Object.keys(sections) as (keyof Sections)[]) {
      if (merged.origin[name] !== undefined) continue;
      Object.assign(merged, { [name]: sections[name] });
      merged.origin[name] = file;
    }
  }
  return merged;
}
