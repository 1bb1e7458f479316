import { ProblemError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import { RunState } from '../../../contract/schedule/index.js';
import { nearest } from '../../nearest.js';
import { readArguments } from '../arguments.js';
import { localTime, note, plain, print, printJson, printTable } from '../output.js';
import { allSchedules, findSchedule } from '../schedule/find.js';
import { took } from '../schedule/words.js';
import { withSession } from '../session.js';

const usage = 'lakeside runs list [--schedule NAME] [--state STATE] [--limit N] [--json]';

/** `lakeside runs list`: the newest first. */
export async function list(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    {
      schedule: { type: 'string' },
      state: { type: 'string' },
      limit: { type: 'string' },
      json: { type: 'boolean' }
    },
    { min: 0, usage }
  );
  const state = values.state === undefined ? undefined : stateOf(values.state);
  return withSession(async ({ client }) => {
    const schedule = values.schedule === undefined ? undefined : await findSchedule(client, values.schedule);
    const page = await client.call(routes.runs.list, {
      query: {
        ...(schedule !== undefined && { schedule: schedule.schedule.id }),
        ...(state !== undefined && { state }),
        ...(values.limit !== undefined && { limit: values.limit })
      }
    });
    if (values.json) {
      printJson(page);
      return 0;
    }
    if (page.runs.length === 0) {
      print('No runs.');
      return 0;
    }
    const living = await allSchedules(client);
    const names = new Map(living.map(({ schedule: { id, spec } }) => [id, spec.name]));
    printTable([
      ['RUN', 'SCHEDULE', 'DUE', 'STATE', 'TOOK', 'WHY', 'REASON'],
      ...page.runs.map(run => [
        run.id,
        plain(names.get(run.scheduleId) ?? run.scheduleId),
        localTime(run.dueAt),
        run.state,
        took(run.attempts.at(-1)?.startedAt, run.attempts.at(-1)?.endedAt),
        run.trigger,
        plain(run.reason ?? '').slice(0, 120)
      ])
    ]);
    if (page.next !== undefined) note('There are more; --limit shows more');
    return 0;
  });
}

function stateOf(text: string): RunState {
  const read = RunState.safeParse(text.toUpperCase());
  if (read.success) return read.data;
  const near = nearest(text, RunState.options);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  throw new ProblemError('bad-request', `--state must be one of ${RunState.options.join(', ')}.${hint}`);
}
