import { routes } from '../../../contract/routes.js';
import type { Run } from '../../../contract/schedule/index.js';
import { readArguments } from '../arguments.js';
import { localTime, plain, print, printJson } from '../output.js';
import { runInWords, took } from '../schedule/words.js';
import { withSession } from '../session.js';

/** `lakeside runs show`. */
export async function show(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, usage: 'lakeside runs show RUN [--json]' }
  );
  return withSession(async ({ client }) => {
    const run = await client.call(routes.runs.get, { params: { runId: positionals[0] ?? '' } });
    if (values.json) printJson(run);
    else describe(run);
    return 0;
  });
}

/** `lakeside runs cancel`: ends a run, its kernel and all that its cells started. One that has ended stays as it is. */
export async function cancel(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, usage: 'lakeside runs cancel RUN [--json]' }
  );
  return withSession(async ({ client }) => {
    const run = await client.call(routes.runs.cancel, { params: { runId: positionals[0] ?? '' } });
    if (values.json) printJson(run);
    else print(run.state === 'RUNNING' ? `${run.id}  asked to end` : runInWords(run));
    return 0;
  });
}

function describe(run: Run): void {
  const rows: [string, string | undefined][] = [
    ['id', run.id],
    ['schedule', run.scheduleId],
    ['state', run.state],
    ['reason', run.reason],
    ['why', run.trigger],
    ['due', localTime(run.dueAt)],
    ['interval', `from ${localTime(run.intervalStart)}`],
    ['progress', run.progress && `cell ${run.progress.cell} of ${run.progress.of}`],
    ['again', run.notBefore && `not before ${localTime(run.notBefore)}`],
    ...Object.entries(run.parameters ?? {}).map(([name, value]): [string, string] => [
      'parameter',
      `${name} = ${JSON.stringify(value)}`
    ])
  ];
  for (const [name, value] of rows) if (value) print(`${name.padEnd(9)} ${plain(value)}`);
  for (const { number, state, startedAt, endedAt, reason, output } of run.attempts) {
    const said = reason === undefined ? '' : `: ${plain(reason)}`;
    print(`\nattempt ${number}  ${state}  ${localTime(startedAt)}  ${took(startedAt, endedAt)}${said}`);
    if (output !== undefined) print(`  ${plain(output)}`);
  }
}
