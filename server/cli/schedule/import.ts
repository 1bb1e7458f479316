import { dirname, resolve } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { readDags } from '../../schedule/airflow/read.js';
import { printScheduleFile } from '../../schedule/file/print.js';
import { readArguments } from '../arguments.js';
import { writeNewFile } from '../newFile.js';
import { note, plain, print, printJson } from '../output.js';
import { readText } from './files.js';
import { usages } from './usages.js';

/** `lakeside schedule import`: the YAML of notebooks on Airflow as a file of schedules, to a file or to standard output. */
export async function importDags(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { out: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
    { min: 1, usage: usages.import }
  );
  const [file = ''] = positionals;
  const { specs, notes } = readDags(file, await readText(file));
  const text = printScheduleFile(specs);
  for (const sentence of notes) note(plain(sentence));
  const out = values.out === undefined ? undefined : resolve(values.out);
  if (out !== undefined && !(await writeNewFile(out, text))) {
    throw new ProblemError('conflict', `${out} exists already. Choose another --out.`);
  }
  if (values.json) printJson({ schedules: specs, notes, ...(out !== undefined && { file: out }) });
  else if (out === undefined) print(text.trimEnd());
  else {
    print(out);
    if (dirname(out) !== dirname(resolve(file)))
      note('Paths of notebooks count from where the file of schedules lies.');
  }
  return 0;
}
