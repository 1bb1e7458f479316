import { readArguments } from '../arguments.js';
import { plain, print, printJson } from '../output.js';
import { checkFile } from './files.js';
import type { CheckedFile } from './files.js';
import { usages } from './usages.js';

/**
 * `lakeside schedule validate`: checks files of schedules, for instance in a pull request. Changes nothing, asks nobody.
 *
 * @returns 0 all right, 2 something is wrong
 */
export async function validate(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 10_000, usage: usages.validate }
  );
  const outcomes: CheckedFile[] = [];
  for (const file of positionals) {
    const outcome = await checkFile(file);
    outcomes.push(outcome);
    if (!values.json) describe(outcome);
  }
  if (values.json) printJson({ files: outcomes.map(toJson) });
  return outcomes.some(({ errors }) => errors.length > 0) ? 2 : 0;
}

/** Prints every fault, and what that means for the schedules of the file. */
export function describe({ file, schedules, errors }: CheckedFile): void {
  for (const { message } of errors) print(plain(message));
  const [all, right] = [schedules.length, schedules.filter(({ spec }) => spec !== undefined).length];
  if (errors.length === 0) print(`${plain(file)}: ${count(all)}, all right`);
  else if (right > 0) {
    const bad = schedules.filter(({ spec }) => spec === undefined);
    const names = bad.map(({ name, line }) => `"${plain(name)}" (line ${line})`).join(', ');
    print(`${plain(file)}: ${right} of ${count(all)} right${bad.length > 0 ? `; not right: ${names}` : ''}`);
  }
}

function count(number: number): string {
  return `${number} schedule${number === 1 ? '' : 's'}`;
}

function toJson({ file, schedules, errors }: CheckedFile): object {
  return {
    file,
    schedules: schedules.map(({ name, line, spec }) => ({ name, line, ok: spec !== undefined })),
    errors
  };
}
