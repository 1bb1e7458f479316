import { stringify } from 'yaml';
import { secondsOf } from '../../../contract/schedule/values.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { eachText, toAirflow } from './macros.js';

/** A file of DAGs made from schedules. */
export interface ExportedDags {
  text: string;
  /** What the DAGs do not say: a sentence for each thing, with the schedule's name. */
  notes: string[];
}

/** Writes schedules as the small YAML for notebooks on Airflow: one DAG, or a list of them. */
export function printDags(specs: readonly ScheduleSpec[]): ExportedDags {
  const notes: string[] = [];
  const dags = specs.map(spec => dagOf(spec, sentence => notes.push(`${spec.name}: ${sentence}`)));
  const [only] = dags;
  const whole = dags.length === 1 && only !== undefined ? only : dags;
  const text = stringify(whole, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
  return { text, notes };
}

function dagOf(spec: ScheduleSpec, lost: (sentence: string) => void): object {
  const { name, owner, description, notebook, when, environment, policy, tags } = spec;
  const id = dagId(name);
  if (id !== name) lost(`Airflow takes letters, digits, "-", "_" and "." in a dag_id: it becomes ${id}.`);
  const facts = { zone: when.zone, notebook: notebook.path };
  const noMacro = (macro: string): void => lost(`Airflow has nothing for {{ ${macro} }} in the parameters.`);
  for (const sentence of leftOut(spec)) lost(sentence);
  const parameters = eachText(spec.parameters, text => toAirflow(text, facts, noMacro));
  return {
    dag_id: id,
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(when.start !== undefined && { start_date: when.start }),
    ...(when.end !== undefined && { end_date: when.end }),
    schedule_interval: when.cron,
    timezone: when.zone,
    catchup: policy.catchUp === 'all',
    ...(policy.overlap === 'queue' && { max_active_runs: 1 }),
    ...(policy.overlap === 'allow' && { max_active_runs: 16 }),
    ...(policy.retries > 0 && { retries: policy.retries, retry_delay: secondsOf(policy.retryDelay) }),
    ...(tags.length > 0 && { tags }),
    ...(environment.kernel !== undefined && { kernel_name: environment.kernel }),
    notebook_name: notebook.path,
    ...(Object.keys(spec.parameters).length > 0 && { parameters })
  };
}

function dagId(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_').replace(/^_+|_+$/g, '') || 'notebook';
}

/** What a schedule says and such a file cannot. */
function leftOut(spec: ScheduleSpec): string[] {
  const { policy, notify, publish, notebook, environment, output, when } = spec;
  const least = ScheduleSpec.parse({ name: 'x', notebook: { path: 'x.ipynb' }, when: { cron: '@daily' } });
  const told: [boolean, string][] = [
    [notebook.mode === 'pin', 'notebook.mode pin'],
    [environment.memory !== undefined, 'environment.memory'],
    [policy.overlap === 'skip' || policy.overlap === 'replace', `policy.overlap ${policy.overlap}`],
    [policy.catchUp === 'last', 'policy.catchUp last'],
    [policy.timeout !== least.policy.timeout, 'policy.timeout'],
    [policy.cellTimeout !== undefined, 'policy.cellTimeout'],
    [policy.lateAfter !== undefined, 'policy.lateAfter'],
    [policy.retryTimeouts, 'policy.retryTimeouts'],
    [Object.values(notify).some(channels => channels.length > 0), 'notify'],
    [publish !== undefined, 'publish'],
    [output !== least.output, 'output'],
    [spec.where !== least.where, 'where'],
    [spec.credentials !== undefined, 'credentials'],
    [JSON.stringify(spec.keep) !== JSON.stringify(least.keep), 'keep']
  ];
  const keys = told.filter(([is]) => is).map(([, key]) => key);
  return [
    ...(keys.length > 0 ? [`not in the DAG, which cannot say it: ${keys.join(', ')}.`] : []),
    ...(when.start === undefined ? ['it has no start_date; Airflow wants one.'] : [])
  ];
}
