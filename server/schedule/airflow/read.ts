import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import type { FieldError } from '../../../contract/problem.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { CalendarDay, ParameterValue } from '../../../contract/schedule/values.js';
import { nearest } from '../../nearest.js';
import { checkSource, parseSource } from '../../yaml/source.js';
import { faultsOfSpec } from '../file/check.js';
import { eachText, fromAirflow } from './macros.js';

/** The small YAML that teams keep for notebooks on Airflow, as far as a schedule can say it. Other keys are named. */
const Dag = z.looseObject({
  dag_id: z.string().min(1, 'must not be empty'),
  description: z.string().optional(),
  owner: z.string().optional(),
  start_date: z.string().optional(),
  end_date: z.string().optional(),
  schedule_interval: z.string().nullable().optional(),
  schedule: z.string().nullable().optional(),
  timezone: z.string().optional(),
  catchup: z.boolean().optional(),
  max_active_runs: z.number().int().min(1).optional(),
  retries: z.number().int().min(0).max(10, 'must be at most 10').optional(),
  retry_delay: z.number().int().min(1).optional(),
  tags: z.array(z.string()).optional(),
  kernel_name: z.string().optional(),
  notebook_name: z.string().min(1, 'must not be empty'),
  parameters: z.record(z.string(), ParameterValue).nullable().optional()
});
type Dag = z.infer<typeof Dag>;

const known = Object.keys(Dag.shape);

/** Presets that cron has not. */
const presets: Readonly<Record<string, string>> = { '@quarterly': '0 0 1 */3 *' };
/** What is no time at all. */
const timeless = ['@once', '@continuous', 'None', 'none', '@none', ''];
/** The most due times that are caught up. */
const MOST_CAUGHT_UP = 100;

/** Schedules made from a file of DAGs. */
export interface ImportedDags {
  specs: ScheduleSpec[];
  /** What is not carried over, or means something else here: sentences with file, line and key. */
  notes: string[];
}

/**
 * Reads the YAML of one DAG, or of a list of them.
 *
 * @param file - its name, for messages
 * @throws ProblemError `invalid`: each thing that would make another schedule of it, with file, line, key and cure
 */
export function readDags(file: string, text: string): ImportedDags {
  const source = parseSource(file, text);
  const isList = Array.isArray(source.data);
  const dags = isList ? checkSource(source, z.array(Dag).min(1)) : [checkSource(source, Dag)];
  const notes: string[] = [];
  const errors: FieldError[] = [];
  const specs = dags.flatMap((dag, at): ScheduleSpec[] => {
    const place = (path: readonly PropertyKey[]): readonly PropertyKey[] => (isList ? [at, ...path] : path);
    const say = (path: readonly PropertyKey[], sentence: string): FieldError => {
      const field = place(path).join('.');
      return { field, message: `${file}, line ${source.lineOf(place(path))}: ${field} ${sentence}` };
    };
    notes.push(...notesOn(dag).map(({ key, sentence }) => say([key], sentence).message));
    const { spec, faults } = specOf(dag);
    errors.push(...faults.map(({ path, sentence }) => say(path, sentence)));
    return spec === undefined ? [] : [spec];
  });
  const twice = specs.find(({ name }, at) => specs.findIndex(other => other.name === name) < at);
  if (twice !== undefined) {
    errors.push({ field: 'dag_id', message: `${file}: dag_id ${twice.name} comes twice; each needs one of its own.` });
  }
  const [first] = errors;
  if (first !== undefined) throw new ProblemError('invalid', first.message, { errors });
  return { specs, notes };
}

interface DagFault {
  path: PropertyKey[];
  sentence: string;
}

function specOf(dag: Dag): { spec?: ScheduleSpec; faults: DagFault[] } {
  const cron = cronOf(dag);
  if (typeof cron !== 'string') return { faults: [cron] };
  const path = dag.notebook_name.endsWith('.ipynb') ? dag.notebook_name : `${dag.notebook_name}.ipynb`;
  const overlap = dag.max_active_runs === undefined ? undefined : dag.max_active_runs === 1 ? 'queue' : 'allow';
  const read = ScheduleSpec.safeParse({
    name: dag.dag_id,
    owner: dag.owner,
    description: dag.description,
    notebook: { path },
    when: { cron, zone: dag.timezone, start: dayOf(dag.start_date), end: dayOf(dag.end_date) },
    parameters: eachText(dag.parameters ?? {}, fromAirflow),
    environment: { kernel: dag.kernel_name },
    policy: {
      overlap,
      ...(dag.catchup === true && { catchUp: 'all', maxCatchUp: MOST_CAUGHT_UP }),
      retries: dag.retries,
      retryDelay: dag.retry_delay === undefined ? undefined : `${dag.retry_delay}s`
    },
    tags: dag.tags
  });
  if (!read.success) {
    return {
      faults: read.error.issues.map(({ path: at, message }) => ({ path: keyOf(at), sentence: `${message}.` }))
    };
  }
  const faults = faultsOfSpec(read.data).map(({ path: at, sentence }) => ({ path: keyOf(at), sentence }));
  return faults.length > 0 ? { faults } : { spec: read.data, faults };
}

function cronOf(dag: Dag): string | DagFault {
  const key = dag.schedule_interval === undefined ? 'schedule' : 'schedule_interval';
  const given = dag[key];
  if (given === undefined || given === null || timeless.includes(given.trim())) {
    const path = dag[key] === undefined ? ['dag_id'] : [key];
    return {
      path,
      sentence: 'has no times: a schedule needs some. Run it by hand with lakeside run, or write a cron.'
    };
  }
  return presets[given.trim()] ?? given;
}

/** The key of the DAG that became a field of the schedule. */
function keyOf(path: readonly PropertyKey[]): PropertyKey[] {
  const [first, second] = path;
  const keys: Readonly<Record<string, string>> = {
    name: 'dag_id',
    notebook: 'notebook_name',
    environment: 'kernel_name',
    'when.cron': 'schedule_interval',
    'when.zone': 'timezone',
    'when.start': 'start_date',
    'when.end': 'end_date',
    'policy.retries': 'retries',
    'policy.retryDelay': 'retry_delay'
  };
  const key = keys[`${String(first)}.${String(second)}`] ?? keys[String(first)];
  return key === undefined ? [...path] : [key];
}

/** The day of `2026-01-01`, `2026-01-01T06:00:00+00:00` or `2026-01-01 06:00`; what is none stays, and is refused. */
function dayOf(text: string | undefined): string | undefined {
  return text === undefined || CalendarDay.safeParse(text).success ? text : (clocked(text)?.day ?? text);
}

function clocked(text: string): { day: string; time: string } | undefined {
  const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d\S*)$/.exec(text) ?? [];
  return day === '' ? undefined : { day, time };
}

function notesOn(dag: Dag): { key: string; sentence: string }[] {
  const notes = Object.keys(dag)
    .filter(key => !known.includes(key))
    .map(key => {
      const near = nearest(key.slice(0, 100), known);
      return {
        key,
        sentence: `is not carried over: it is not known here.${near === undefined ? '' : ` Did you mean ${near}?`}`
      };
    });
  for (const key of ['start_date', 'end_date'] as const) {
    const time = clocked(dag[key] ?? '')?.time;
    if (time !== undefined && !/^00:00(:00(\.0+)?)?(Z|[+-]00:?00)?$/.test(time)) {
      notes.push({ key, sentence: `keeps its day alone: a schedule begins and ends with whole days.` });
    }
  }
  if (dag.schedule_interval !== undefined && dag.schedule !== undefined) {
    notes.push({ key: 'schedule', sentence: 'is not carried over: schedule_interval says when.' });
  }
  if (dag.timezone === undefined) {
    notes.push({
      key: 'dag_id',
      sentence: 'has no timezone: its times are taken for UTC, as Airflow does by default.'
    });
  }
  if (dag.catchup === true) {
    const sentence = `means here: of due times that nobody was there for, up to ${MOST_CAUGHT_UP} run later. For days before the schedule is made: lakeside schedule backfill.`;
    notes.push({ key: 'catchup', sentence });
  }
  if (dag.retries !== undefined && dag.retries > 0) {
    const sentence =
      'means here: after failures that may pass, such as a kernel that died; a cell that fails is not run again.';
    notes.push({ key: 'retries', sentence });
  }
  return notes;
}
