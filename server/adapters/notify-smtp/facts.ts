import type { Notice } from '../../schedule/notify/ports.js';
import { inTime } from '../../schedule/notify/words.js';

/** What there is to know of the run beside what happened, as names and values. */
export function factsOf({ schedule, run, parameters, owner }: Notice): [string, string][] {
  const usually = run.usually === undefined ? '' : `, usually ${inTime(run.usually)}`;
  return [
    ['Notebook', schedule.notebook],
    ['Due', run.due],
    ...(run.seconds === undefined ? [] : [['Took', `${inTime(run.seconds)}${usually}`] satisfies [string, string]]),
    ...(run.attempts > 1 ? [['Attempts', String(run.attempts)] satisfies [string, string]] : []),
    ...parameters.map(({ name, value }): [string, string] => [name, value]),
    ['Owner', owner]
  ];
}
