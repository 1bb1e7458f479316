import { RECENT_RUNS } from '../../../contract/schedule/routes.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import { readArguments } from '../arguments.js';
import { localTime, note, plain, print, printJson, printTable } from '../output.js';
import { withSession } from '../session.js';
import { allSchedules, findSchedule } from './find.js';
import { usages } from './usages.js';
import { dots, nextInWords, runInWords, whenInWords } from './words.js';

/** `lakeside schedule list`. */
export async function list(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { deleted: { type: 'boolean' }, json: { type: 'boolean' } },
    { min: 0, usage: usages.list }
  );
  return withSession(async ({ client }) => {
    const all = await allSchedules(client, values.deleted);
    if (values.json) {
      printJson({ schedules: all });
      return 0;
    }
    if (all.length === 0) {
      print(
        values.deleted
          ? 'No schedule can be restored.'
          : 'No schedules. Begin with: lakeside schedule init NB, then: lakeside schedule push lakeside.yml'
      );
      return 0;
    }
    printTable([
      ['NAME', 'NOTEBOOK', 'WHEN', 'NEXT', 'LAST RUNS', 'ID'],
      ...all.map(({ schedule, recent }) => [
        plain(schedule.spec.name),
        plain(schedule.spec.notebook.path),
        whenInWords(schedule.spec),
        nextInWords(schedule),
        dots(recent),
        schedule.id
      ])
    ]);
    note('✓ good, ✗ failed, m missed, s skipped, - cancelled, ? lost, ▸ runs, · waits; the newest on the right');
    return 0;
  });
}

/** `lakeside schedule show`. */
export async function show(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } }, { min: 1, usage: usages.show });
  return withSession(async ({ client }) => {
    const { schedule } = await findSchedule(client, positionals[0] ?? '');
    const query = { schedule: schedule.id, limit: RECENT_RUNS };
    const { runs: recent } = await client.call(runRoutes.list, { query });
    if (values.json) {
      printJson({ schedule, recent });
      return 0;
    }
    const { spec } = schedule;
    const rows: [string, string][] = [
      ['name', spec.name],
      ['id', schedule.id],
      ['state', schedule.state],
      ['notebook', `${spec.notebook.path}${spec.notebook.mode === 'pin' ? ' (as it was when saved)' : ''}`],
      ['when', whenInWords(spec)],
      ['next', nextInWords(schedule)],
      ['where', spec.where],
      ...(spec.credentials === undefined ? [] : ([['keys of', spec.credentials]] as [string, string][])),
      ['output', spec.output],
      ['owner', schedule.owner],
      ['changed', `${localTime(schedule.updatedAt)} (revision ${schedule.revision})`],
      ...Object.entries(spec.parameters).map(([name, value]): [string, string] => [
        'parameter',
        `${name} = ${JSON.stringify(value)}`
      ])
    ];
    for (const [name, value] of rows) print(`${name.padEnd(9)} ${plain(value)}`);
    if (recent.length > 0) print();
    for (const run of recent) print(runInWords(run));
    return 0;
  });
}
