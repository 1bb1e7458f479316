/** What a macro in a parameter's value stands for, in words, by its name. The runner (lakeside/runner) fills them in. */
export const macros: Readonly<Record<string, string>> = {
  ds: 'Day on which the interval of the run begins, 2026-11-21',
  prev_ds: 'The day one interval before',
  next_ds: 'Day on which the interval ends',
  yesterday_ds: 'The day before ds',
  tomorrow_ds: 'The day after ds',
  ds_nodash: 'The same without hyphens, 20261121',
  prev_ds_nodash: 'prev_ds without hyphens',
  next_ds_nodash: 'next_ds without hyphens',
  yesterday_ds_nodash: 'yesterday_ds without hyphens',
  tomorrow_ds_nodash: 'tomorrow_ds without hyphens',
  ts: 'Moment at which the interval begins, with the offset of the zone',
  ts_nodash: 'The same as 20261121T073000',
  ts_nodash_with_tz: 'The same with the offset',
  interval_start: 'Moment at which the interval begins: when the run before was due',
  interval_end: 'Moment at which the interval ends: when this run is due',
  scheduled_at: 'Moment at which this run is due',
  zone: 'Time zone of the schedule',
  run_id: 'Id of the run',
  schedule_id: 'Id of the schedule',
  schedule_name: 'Name of the schedule',
  owner: 'Owner of the schedule',
  notebook: 'Path of the notebook'
};

/** Names that Airflow has for them, so that a DAG's parameters go on as they are. */
export const airflowMacros: Readonly<Record<string, string>> = {
  execution_date: 'ts',
  logical_date: 'ts',
  data_interval_start: 'interval_start',
  data_interval_end: 'interval_end',
  next_execution_date: 'interval_end',
  'dag.dag_id': 'schedule_id',
  'dag.owner': 'owner',
  'task.owner': 'owner',
  'dag_run.run_id': 'run_id',
  'dag_run.logical_date': 'ts',
  'dag_run.execution_date': 'ts',
  'dag_run.data_interval_start': 'interval_start',
  'dag_run.data_interval_end': 'interval_end',
  'task_instance.run_id': 'run_id',
  'ti.run_id': 'run_id'
};

/** What stands between double braces in a text but is no macro. */
export function strangersIn(text: string): string[] {
  return macrosIn(text).filter(name => !Object.hasOwn(macros, name) && !Object.hasOwn(airflowMacros, name));
}

/** What stands between double braces in a text, whether it is a macro or not. */
export function macrosIn(text: string): string[] {
  const found: string[] = [];
  // By hand: a pattern would take for ever with a megabyte of opening braces.
  for (let from = text.indexOf('{{'); from >= 0;) {
    const to = text.indexOf('}}', from + 2);
    if (to < 0) break;
    found.push(text.slice(from + 2, to).trim());
    from = text.indexOf('{{', to + 2);
  }
  return found;
}
