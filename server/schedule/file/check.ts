import { airflowMacros, macros, strangersIn } from '../../../contract/schedule/macros.js';
import { isElsewhere } from '../../../contract/schedule/places.js';
import type { ScheduleSpec } from '../../../contract/schedule/spec.js';
import type { ParameterValue } from '../../../contract/schedule/values.js';
import { nearest } from '../../nearest.js';
import { DueTimes } from '../time/dueTimes.js';

/** What is wrong with a schedule beyond its form: where, and a sentence about it that has the field as its subject. */
export interface SpecFault {
  path: PropertyKey[];
  sentence: string;
}

const known = [...Object.keys(macros), ...Object.keys(airflowMacros)];
const LONGEST_NAME = 60;

/** Looks for what no schema can see: macros that there are not, and times that never come. */
export function faultsOfSpec(spec: ScheduleSpec): SpecFault[] {
  return [
    ...neverDue(spec),
    ...unpublishable(spec),
    ...strangeMacros(spec.output, ['output']),
    ...strangeMacros(spec.parameters, ['parameters'])
  ];
}

function neverDue({ when }: ScheduleSpec): SpecFault[] {
  const from = when.start === undefined ? Date.UTC(2000, 0, 1) : Date.parse(when.start) - 2 * 86_400_000;
  if (new DueTimes(when).next(from) !== undefined) return [];
  const why =
    when.start === undefined && when.end === undefined
      ? 'No month has such a day. Correct the day or the month.'
      : 'It is not due between start and end. Correct one of them.';
  return [{ path: ['when', 'cron'], sentence: `never comes. ${why}` }];
}

/** Outputs go onto the page of a file; what lies elsewhere has none of its own here. */
function unpublishable({ notebook, publish }: ScheduleSpec): SpecFault[] {
  if (publish === undefined || !isElsewhere(notebook.path)) return [];
  const sentence = `needs a notebook that is a file, and this one is ${notebook.path.slice(0, 200)}. Take publish out, or schedule a file: a copy of the page in the Library will do.`;
  return [{ path: ['publish'], sentence }];
}

function strangeMacros(value: ParameterValue, path: PropertyKey[]): SpecFault[] {
  if (typeof value === 'string') return strangeIn(value, path);
  if (Array.isArray(value)) return value.flatMap((item, at) => strangeMacros(item, [...path, at]));
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => [
    ...strangeIn(key, [...path, key]),
    ...strangeMacros(item, [...path, key])
  ]);
}

function strangeIn(text: string, path: PropertyKey[]): SpecFault[] {
  return strangersIn(text).map(name => {
    // A long text between braces is no misspelt name, and looking for one would take long.
    const near = name.length > LONGEST_NAME ? undefined : nearest(name, known);
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const cure = near === undefined ? `Macros are ${known.slice(0, 3).join(', ')} …` : `Did you mean ${near}?`;
    return { path, sentence: `holds {{ ${short} }}, which is no macro. ${cure}` };
  });
}
