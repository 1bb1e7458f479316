import { dirname } from 'node:path';
import { ulid } from 'ulid';
import type { Client } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import type { Schedule, ScheduleSpec } from '../../../contract/schedule/index.js';
import { plain, print, printJson } from '../output.js';
import { withSession } from '../session.js';
import type { CheckedFile } from './files.js';
import { pathBelow } from './files.js';
import { allSchedules } from './find.js';
import { nextInWords } from './words.js';

/** What is to become of one schedule. */
interface Step {
  outcome: 'created' | 'updated' | 'unchanged';
  spec: ScheduleSpec;
  /** The one that has the name. */
  former?: Schedule;
  /** The keys that change: `when.cron`. */
  changes: string[];
}

/**
 * Makes and changes the schedules of this home as files say, by name. All is checked before the first is touched.
 */
export async function pushHere(
  files: readonly CheckedFile[],
  { isDry, isJson }: { isDry: boolean; isJson: boolean }
): Promise<number> {
  return withSession(async ({ client }) => {
    const steps = await plan(client, files);
    const done: object[] = [];
    for (const step of steps) {
      const schedule = isDry ? step.former : await take(client, step, done.length, steps.length);
      const { outcome, changes, spec } = step;
      done.push({ name: spec.name, outcome, changes, ...(schedule !== undefined && { id: schedule.id }) });
      if (!isJson) print(inWords(step, schedule, isDry));
    }
    if (isJson) printJson({ dryRun: isDry, schedules: done });
    return 0;
  });
}

async function plan(client: Client, files: readonly CheckedFile[]): Promise<Step[]> {
  const known = (await allSchedules(client)).map(({ schedule }) => schedule);
  return files.flatMap(({ file, schedules }) =>
    schedules.flatMap(({ spec, notebook, line }): Step[] => {
      if (spec === undefined) return [];
      const place = `${file}, line ${line}`;
      if (spec.where !== 'local') {
        const message = `${place}: where names ${spec.where}, which is not configured here. Write local.`;
        throw new ProblemError('invalid', message);
      }
      const namesakes = known.filter(other => other.spec.name === spec.name);
      if (namesakes.length > 1) {
        const ids = namesakes.map(({ id }) => id).join(', ');
        const message = `${place}: ${namesakes.length} schedules are called "${plain(spec.name)}" (${ids}). Delete all but one.`;
        throw new ProblemError('conflict', message);
      }
      const [former] = namesakes;
      const root = former?.root ?? process.cwd();
      const path = notebook === undefined ? spec.notebook.path : pathBelow(root, notebook);
      if (path === undefined) {
        const cure =
          former === undefined
            ? `Run the command in ${dirname(notebook ?? '')} or above.`
            : 'Delete the schedule first, then push again.';
        throw new ProblemError('path-refused', `${place}: ${notebook} does not lie below ${root}. ${cure}`);
      }
      const wanted = { ...spec, notebook: { ...spec.notebook, path } };
      if (former === undefined) return [{ outcome: 'created', spec: wanted, changes: [] }];
      const changes = differences(former.spec, wanted);
      return [{ outcome: changes.length > 0 ? 'updated' : 'unchanged', spec: wanted, former, changes }];
    })
  );
}

/** Does one step. A fault says what was done before it: that stays, and the same command goes on from there. */
async function take(client: Client, { outcome, spec, former }: Step, done: number, all: number): Promise<Schedule> {
  try {
    if (former === undefined) return await client.call(routes.schedule.create, { body: { opId: ulid(), spec } });
    if (outcome === 'unchanged') return former;
    const { id: scheduleId, revision } = former;
    return await client.call(routes.schedule.update, { params: { scheduleId }, body: { revision, spec } });
  } catch (error) {
    if (!(error instanceof ProblemError) || all === 1) throw error;
    const message = `"${plain(spec.name)}": ${error.message} ${done} of ${all} schedules were pushed before it; push again when this is put right.`;
    throw new ProblemError(error.code, message, { cause: error });
  }
}

/** The keys in which two schedules differ, the deepest that say it. */
function differences(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  if (isMap(one) && isMap(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap(key => differences(one[key], other[key], [...path, key]));
  }
  return JSON.stringify(one) === JSON.stringify(other) ? [] : [path.join('.')];
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function inWords({ outcome, spec, changes }: Step, schedule: Schedule | undefined, isDry: boolean): string {
  const words = isDry
    ? { created: 'Would be new', updated: 'Would change', unchanged: 'Stays as it is' }
    : { created: 'New', updated: 'Changed', unchanged: 'As it was' };
  const what = changes.length > 0 ? ` (${changes.map(plain).join(', ')})` : '';
  const next = schedule !== undefined && !isDry ? `, next ${nextInWords(schedule)}` : '';
  return `${words[outcome]}: ${plain(spec.name)}${what}${next}`;
}
