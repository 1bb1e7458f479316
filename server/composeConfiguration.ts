import { existsSync, statSync } from 'node:fs';
import type { Config } from './config.js';
import type { Configuration, ConfigurationFile } from './configuration/read.js';
import type { Log } from './ports.js';

interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs. */
  programs: string;
}

/**
 * What the configuration files say; undefined where there is none. Apart from compose.ts because the sidecar needs it
 * before it listens; without a file nothing is loaded for them.
 *
 * @throws ProblemError `invalid` naming file, line and key
 */
export function composeConfiguration(surroundings: Surroundings): Promise<Configuration | undefined> {
  const files = surroundings.config.configurationFiles.filter(({ file }) => existsSync(file));
  return readFiles(surroundings, files);
}

/** The same for given files. All of them must be there. */
export async function readFiles(
  surroundings: Surroundings,
  files: readonly ConfigurationFile[]
): Promise<Configuration | undefined> {
  if (files.length === 0) return undefined;
  const { readConfiguration } = await import('./configuration/read.js');
  const { builtInPlugins, outsidePlugins } = await import('./composePlugins.js');
  return readConfiguration(files, builtInPlugins(), outsidePlugins(surroundings));
}

/** Changes when a file of the configuration does. */
export function stampOf({ configurationFiles }: Config): string {
  return configurationFiles
    .map(({ file }) => {
      const info = statSync(file, { throwIfNoEntry: false });
      return info === undefined ? '' : `${info.mtimeMs} ${info.size} ${info.ino}`;
    })
    .join('|');
}
