import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import { targetShape } from '../../configuration/schema.js';
import { faultsOf } from '../../yaml/sentences.js';
import type { Plugin } from '../plugin.js';

/**
 * Checks the settings of a target as the configuration checks those of Lakeside's own.
 *
 * @param where - `targets.<name> in <file>`
 * @throws ProblemError `invalid`: each fault with its key
 */
export async function checkSettings(plugin: Plugin<'wiki-target'>, settings: unknown, where: string): Promise<unknown> {
  const name = /^targets\.(\S+) in /.exec(where)?.[1] ?? 'target';
  const own = plugin.config.strict().safeExtend(targetShape);
  const schema = z.object({ targets: z.object({ [name]: own }) });
  const data = { targets: { [name]: settings } };
  const parsed = await schema.safeParseAsync(data);
  if (parsed.success) return parsed.data.targets[name];
  const errors = parsed.error.issues
    .flatMap(issue => faultsOf(issue, schema, data))
    .map(({ path, sentence }) => ({ field: path.join('.'), message: sentence }));
  throw new ProblemError('invalid', errors[0]?.message ?? `The settings ${where} are not right.`, { errors });
}
