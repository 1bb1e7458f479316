import { ProblemError } from '../../../contract/problem.js';
import { readArguments } from '../arguments.js';
import { note, plain } from '../output.js';
import { checkFile } from './files.js';
import type { CheckedFile } from './files.js';
import { pushHere } from './pushHere.js';
import { pushThere } from './pushThere.js';
import { usages } from './usages.js';
import { describe } from './validate.js';

/**
 * `lakeside schedule push`: makes and changes schedules as files say; with `--remote` it proposes the files in git.
 * Where anything is wrong, nothing is done.
 *
 * @returns 0 done, 2 something is wrong
 */
export async function push(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      remote: { type: 'string' },
      base: { type: 'string' },
      branch: { type: 'string' },
      title: { type: 'string' },
      forge: { type: 'string' },
      'not-a-secret': { type: 'string', multiple: true },
      reason: { type: 'string' },
      'dry-run': { type: 'boolean' },
      json: { type: 'boolean' }
    },
    { min: 1, max: 1000, usage: usages.push }
  );
  const { remote, 'dry-run': isDry = false, json: isJson = false } = values;
  if (remote === undefined) {
    const wrong = (['base', 'branch', 'title', 'forge', 'not-a-secret', 'reason'] as const).find(
      name => values[name] !== undefined
    );
    if (wrong !== undefined) {
      throw new ProblemError('bad-request', `--${wrong} goes with --remote. Write: ${usages.pushRemote}`);
    }
  }
  const files = await Promise.all(positionals.map(checkFile));
  const bad = files.filter(({ errors }) => errors.length > 0);
  if (bad.length > 0) {
    for (const file of bad) describe(file);
    note(`lakeside: nothing was pushed: ${bad.map(({ file }) => plain(file)).join(', ')} must be put right first.`);
    return 2;
  }
  namesOnce(files);
  return remote === undefined
    ? pushHere(files, { isDry, isJson })
    : pushThere(files, {
        remote,
        base: values.base,
        branch: values.branch,
        title: values.title,
        forge: values.forge,
        harmless: values['not-a-secret'] ?? [],
        reason: values.reason,
        isDry,
        isJson
      });
}

/** Schedules go by their name: two of one name would each undo the other. */
function namesOnce(files: readonly CheckedFile[]): void {
  const seen = new Map<string, string>();
  for (const { file, schedules } of files) {
    for (const { name } of schedules) {
      const first = seen.get(name);
      if (first !== undefined) {
        const message = `"${plain(name)}" is in ${plain(first)} and in ${plain(file)}. Give one of them another name.`;
        throw new ProblemError('conflict', message);
      }
      seen.set(name, file);
    }
  }
}
