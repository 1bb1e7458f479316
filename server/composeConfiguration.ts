import { existsSync } from 'node:fs';
import type { Config } from './config.js';
import type { Configuration, ConfigurationFile } from './configuration/read.js';

/**
 * What the configuration files say. Apart from compose.ts because the sidecar needs it before it listens; where there is
 * no file, nothing is loaded for them.
 *
 * @throws ProblemError `invalid` naming file, line and key
 */
export function composeConfiguration(config: Config): Promise<Configuration> {
  return readFiles(config.configurationFiles.filter(({ file }) => existsSync(file)));
}

/** The same for given files. All of them must be there. */
export async function readFiles(files: readonly ConfigurationFile[]): Promise<Configuration> {
  if (files.length === 0) return { files, origin: {} };
  const { readConfiguration } = await import('./configuration/read.js');
  const { builtInPlugins } = await import('./composePlugins.js');
  return readConfiguration(files, builtInPlugins());
}
