/** What authors of plug-ins test with: the module `@lakeside/plugin-kit/testing`. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginSurroundings } from '../../server/plugins/plugin.js';

export { wikiTargetSuite } from './wikiTargetSuite.js';
export type { WikiFixture } from './wikiTargetSuite.js';

/**
 * What a plug-in is given by Lakeside, for tests: the real clock, a log that says nothing, secrets by the names of their
 * variables.
 */
export function testSurroundings(
  options: { secrets?: Record<string, string>; cacheDirectory?: string; label?: string } = {}
): PluginSurroundings {
  const { secrets = {}, cacheDirectory = 'cache', label = 'Test wiki' } = options;
  const nothing = (): void => undefined;
  return {
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    clock: {
      now: () => Date.now(),
      monotonic: () => performance.now(),
      sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, { signal })
    },
    async readSecret(reference) {
      const value =
        'file' in reference
          ? await readFile(reference.file, 'utf8')
          : secrets['env' in reference ? reference.env : reference.credential];
      if (value === undefined) throw new Error('The test gave no such secret.');
      return value.trim();
    },
    cacheDirectory,
    label,
    settings: 'targets.test in the test'
  };
}
