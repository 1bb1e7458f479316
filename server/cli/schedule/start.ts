import { ulid } from 'ulid';
import type { Client } from '../../../contract/client.js';
import { CalendarDay, isEnded } from '../../../contract/schedule/index.js';
import type { ParameterValue, Run } from '../../../contract/schedule/index.js';
import { ProblemError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import { readArguments } from '../arguments.js';
import { note, plain, print, printJson, progress } from '../output.js';
import { withSession } from '../session.js';
import { findSchedule } from './find.js';
import { usages } from './usages.js';
import { runInWords } from './words.js';

/** Milliseconds between two looks at a run that is waited for. */
const BEAT = 500;

/**
 * `lakeside schedule run`: runs a schedule now.
 *
 * @returns 0; with `--wait` 1 where the run did not end well
 */
export async function runNow(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    {
      param: { type: 'string', short: 'p', multiple: true },
      wait: { type: 'boolean' },
      json: { type: 'boolean' }
    },
    { min: 1, usage: usages.run }
  );
  return withSession(async ({ client }) => {
    const { schedule } = await findSchedule(client, positionals[0] ?? '');
    const parameters = readParameters(values.param ?? [], schedule.spec.parameters);
    const begun = await client.call(routes.schedule.runNow, {
      params: { scheduleId: schedule.id },
      body: { opId: ulid(), parameters }
    });
    const run = values.wait ? await untilEnd(client, begun) : begun;
    if (values.json) printJson(run);
    else print(values.wait ? runInWords(run) : run.id);
    if (!values.wait && !values.json) note(`Queued. lakeside runs logs ${run.id} --follow`);
    return values.wait && run.state !== 'SUCCEEDED' ? 1 : 0;
  });
}

/** A value for each parameter, of the type that it has in the schedule; else as YAML's core schema would take it. */
export function readParameters(
  given: readonly string[],
  known: Readonly<Record<string, ParameterValue>>
): Record<string, ParameterValue> {
  return Object.fromEntries(
    given.map(text => {
      const at = text.indexOf('=');
      if (at < 1) throw new ProblemError('bad-request', `-p ${plain(text)} has no value. Write -p name=value.`);
      const [name, value] = [text.slice(0, at), text.slice(at + 1)];
      const isText = Object.hasOwn(known, name) && typeof known[name] === 'string';
      return [name, isText ? value : valueOf(value)] as const;
    })
  );
}

function valueOf(text: string): ParameterValue {
  try {
    return JSON.parse(text) as ParameterValue;
  } catch {
    return text;
  }
}

async function untilEnd(client: Client, begun: Run): Promise<Run> {
  const params = { runId: begun.id };
  const cancel = (): void => void client.call(routes.runs.cancel, { params }).catch(() => undefined);
  process.once('SIGINT', cancel);
  try {
    for (;;) {
      const run = await client.call(routes.runs.get, { params });
      if (isEnded(run.state)) return run;
      progress(run.progress ? `Cell ${run.progress.cell} of ${run.progress.of}` : `${run.state}: ${plain(run.id)}`);
      await new Promise(resolve => setTimeout(resolve, BEAT));
    }
  } finally {
    progress(undefined);
    process.off('SIGINT', cancel);
  }
}

/** `lakeside schedule backfill`: runs a schedule for its due times on days of the past. */
export async function backfill(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { from: { type: 'string' }, to: { type: 'string' }, json: { type: 'boolean' } },
    { min: 1, usage: usages.backfill }
  );
  const from = day('--from', values.from);
  const to = values.to === undefined ? from : day('--to', values.to);
  if (to < from) throw new ProblemError('bad-request', `--to lies before --from. Write: ${usages.backfill}`);
  return withSession(async ({ client }) => {
    const { schedule } = await findSchedule(client, positionals[0] ?? '');
    const { runs } = await client.call(routes.schedule.backfill, {
      params: { scheduleId: schedule.id },
      body: { from, to }
    });
    if (values.json) printJson({ runs });
    else if (runs.length === 0) print('Nothing to run: it was not due on these days, or those runs are good already.');
    for (const run of values.json ? [] : runs) print(runInWords(run));
    return 0;
  });
}

function day(option: string, text: string | undefined): string {
  const read = CalendarDay.safeParse(text);
  if (read.success) return read.data;
  throw new ProblemError('bad-request', `${option} must be a day such as 2026-11-21. Write: ${usages.backfill}`);
}
