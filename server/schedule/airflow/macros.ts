import type { ParameterValue } from '../../../contract/schedule/values.js';

/** What Airflow's templates say in more words than a name, and the macro that stands for the same. */
const expressions: Readonly<Record<string, string>> = {
  'macros.ds_add(ds,-1)': 'yesterday_ds',
  'macros.ds_add(ds,1)': 'tomorrow_ds',
  "ds.replace('-','')": 'ds_nodash',
  "ds|replace('-','')": 'ds_nodash',
  'data_interval_start|ds': 'ds',
  'logical_date|ds': 'ds',
  'execution_date|ds': 'ds',
  'data_interval_start|ts': 'ts',
  'logical_date|ts': 'ts',
  'execution_date|ts': 'ts',
  'data_interval_end|ds': 'next_ds',
  'data_interval_start|ds_nodash': 'ds_nodash',
  'logical_date|ds_nodash': 'ds_nodash',
  'execution_date|ds_nodash': 'ds_nodash',
  'data_interval_end|ds_nodash': 'next_ds_nodash',
  'next_execution_date|ds': 'next_ds',
  // A DAG's id becomes the name of a schedule, whose id is another thing.
  'dag.dag_id': 'schedule_name'
};

/** Macros that Airflow calls otherwise. */
const names: Readonly<Record<string, string>> = {
  interval_start: 'data_interval_start',
  interval_end: 'data_interval_end',
  scheduled_at: 'data_interval_end',
  schedule_name: 'dag.dag_id',
  owner: 'task.owner',
  'dag.owner': 'task.owner',
  run_id: 'run_id'
};

/** Names that mean the same to both. */
const shared = new Set([
  ...['ds', 'ds_nodash', 'ts', 'ts_nodash', 'ts_nodash_with_tz', 'run_id'],
  ...['prev_ds', 'next_ds', 'yesterday_ds', 'tomorrow_ds'].flatMap(name => [name, `${name}_nodash`])
]);

/** Every text of a value changed, keys among them. */
export function eachText(value: ParameterValue, change: (text: string) => string): ParameterValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map(item => eachText(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), eachText(item, change)]));
}

/** A text of Airflow with Lakeside's macros; what is no macro of either stays, for the check of the file to name. */
export function fromAirflow(text: string): string {
  return replaced(text, inside => {
    const plain = inside.replaceAll('"', "'").replaceAll(/\s+/g, '');
    const name = Object.hasOwn(expressions, plain) ? expressions[plain] : undefined;
    return name === undefined ? undefined : `{{ ${name} }}`;
  });
}

/**
 * A text with Airflow's macros.
 *
 * @param facts - what stands in the place of macros that Airflow has not
 * @param lost - called with each macro that cannot be said
 */
export function toAirflow(text: string, facts: Readonly<Record<string, string>>, lost: (name: string) => void): string {
  return replaced(text, name => {
    if (Object.hasOwn(facts, name)) return facts[name];
    if (Object.hasOwn(names, name)) return `{{ ${names[name] ?? name} }}`;
    if (!shared.has(name) && !Object.values(names).includes(name)) lost(name);
    return undefined;
  });
}

/** Replaces what stands between double braces; undefined leaves it. */
function replaced(text: string, change: (inside: string) => string | undefined): string {
  let made = '';
  let at = 0;
  for (;;) {
    const from = text.indexOf('{{', at);
    const to = from < 0 ? -1 : text.indexOf('}}', from + 2);
    if (to < 0) return made + text.slice(at);
    const whole = text.slice(from, to + 2);
    made += text.slice(at, from) + (change(whole.slice(2, -2).trim()) ?? whole);
    at = to + 2;
  }
}
