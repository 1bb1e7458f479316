import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../contract/problem.js';
import { readArguments } from './arguments.js';
import { print } from './output.js';
import { pluginKitUsage } from './usage.js';

/** `lakeside plugin-kit`: where the npm package for authors of plug-ins lies, for `npm install`. */
export async function pluginKit(args: readonly string[]): Promise<number> {
  readArguments(args, {}, { min: 0, usage: pluginKitUsage });
  const file = join(__dirname, 'plugin-kit.tgz');
  try {
    await access(file);
  } catch (error) {
    throw new ProblemError(
      'file-not-found',
      `The kit for plug-ins is not built: ${file} is missing. In a checkout run: npm run build -- kit`,
      { cause: error }
    );
  }
  print(file);
  return 0;
}
