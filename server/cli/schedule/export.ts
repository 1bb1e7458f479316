import { resolve } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { printDags } from '../../schedule/airflow/print.js';
import { printScheduleFile } from '../../schedule/file/print.js';
import { readArguments } from '../arguments.js';
import { writeNewFile } from '../newFile.js';
import { note, plain, print, printJson } from '../output.js';
import { withSession } from '../session.js';
import { allSchedules, findSchedule } from './find.js';
import { usages } from './usages.js';

/** `lakeside schedule export`: schedules as the text of a `lakeside.yml`, or of DAGs for Airflow. */
export async function exportSchedules(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { airflow: { type: 'boolean' }, out: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
    { min: 0, max: 1000, usage: usages.export }
  );
  return withSession(async ({ client }) => {
    const found =
      positionals.length === 0
        ? await allSchedules(client)
        : await Promise.all(positionals.map(name => findSchedule(client, name)));
    const specs = found.map(({ schedule }) => schedule.spec);
    if (specs.length === 0) {
      throw new ProblemError('not-found', 'There is no schedule to export. See: lakeside schedule list --deleted');
    }
    const { text, notes } = values.airflow ? printDags(specs) : { text: printScheduleFile(specs), notes: [] };
    for (const sentence of notes) note(plain(sentence));
    if (values.out !== undefined) {
      const out = resolve(values.out);
      if (!(await writeNewFile(out, text))) {
        throw new ProblemError('conflict', `${out} exists already. Choose another --out.`);
      }
      print(out);
    } else if (values.json) printJson({ schedules: specs, notes, text });
    else print(text.trimEnd());
    return 0;
  });
}
