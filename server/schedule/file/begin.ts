import { stringify } from 'yaml';
import { strangersIn } from '../../../contract/schedule/macros.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { ParameterName, ParameterValue, TimeZone } from '../../../contract/schedule/values.js';

/** A parameter of a notebook, as the runner inspects it. */
export interface BegunParameter {
  name: string;
  type: string;
  default?: unknown;
  help: string;
  choices?: unknown[] | undefined;
  /** What the default is, where the cell must run to tell. */
  expression?: string | undefined;
}

/**
 * The text of a `lakeside.yml` to begin with, with remarks on what else there is. It can be read as it stands.
 *
 * @param zone - what the machine says; UTC where it is no name of a zone
 */
export function beginScheduleFile(given: {
  name: string;
  notebook: string;
  zone: string;
  parameters: readonly BegunParameter[];
}): string {
  const { notebook, parameters } = given;
  const name = ScheduleSpec.shape.name.safeParse(given.name).success ? given.name : 'My schedule';
  const zone = TimeZone.safeParse(given.zone).success ? given.zone : 'UTC';
  return `# Schedules of notebooks. Check it with: lakeside schedule validate lakeside.yml
# All keys: docs/users/schedule-cli.md. In an editor: # yaml-language-server: $schema=<place of lakeside.schema.json>
schedules:
  - ${inYaml('name', name)}
    notebook:
      ${inYaml('path', notebook)}
      # follow: the notebook as it is when a run starts; pin: as it was when the schedule was saved
      mode: follow
    when:
      # minute, hour, day of the month, month, day of the week; or @hourly, @daily, @weekly, @monthly
      cron: 30 7 * * 1-5
      zone: ${zone}
      # start: 2026-12-01
      # end: 2027-11-30
${parametersOf(parameters)}
    # credentials: dev         # a profile: runs get its keys, also while nobody is there
    # policy:
    #   overlap: skip         # while a run goes on: skip, queue, replace or allow
    #   catchUp: none         # times at which no server was up: none, last or all
    #   retries: 0            # of runs that failed for a passing reason
    #   timeout: 6h
    # notify:
    #   failure: [owner]
    #   recovery: [owner]
    # publish:
    #   target: library
    # output: runs/{{ schedule_id }}/{{ run_id }}/
    # tags: [daily]
`;
}

function parametersOf(parameters: readonly BegunParameter[]): string {
  const head = `    # Values for the notebook's parameters. Macros stand in texts: "{{ ds }}" is the day the run is about.`;
  if (parameters.length === 0) {
    const none = '    # parameters:\n    #   day: "{{ ds }}"';
    return `${head}\n    # None was found: tag a cell of the notebook "parameters" and give them their defaults there.\n${none}`;
  }
  const written = parameters.map(linesOf);
  const isAny = written.some(({ isValue }) => isValue);
  const lines = written.flatMap(({ lines: own }) => own).map(line => `      ${line}`);
  return [head, isAny ? '    parameters:' : '    # parameters:', ...lines].join('\n');
}

function linesOf(parameter: BegunParameter): { isValue: boolean; lines: string[] } {
  const { name, type, help, choices, expression } = parameter;
  const said = [
    choices === undefined ? type : `one of ${choices.map(String).join(', ')}`,
    help !== '' && help !== `one of: ${choices?.join(', ')}` && help
  ];
  const remark = `# ${oneLine(said.filter(Boolean).join('. '))}`;
  if (type === 'secret') return { isValue: false, lines: [remark, `# ${name}: { $env: NAME_OF_A_VARIABLE }`] };
  if (expression !== undefined) {
    return { isValue: false, lines: [`${remark}; the notebook works it out: ${oneLine(expression)}`, `# ${name}:`] };
  }
  const value = ParameterValue.safeParse(parameter.default ?? null);
  const isFit =
    ParameterName.safeParse(name).success && value.success && strangersIn(JSON.stringify(value.data)).length === 0;
  if (!isFit)
    return { isValue: false, lines: [`${remark}; its default cannot be written here`, `# ${oneLine(name)}:`] };
  return { isValue: true, lines: [remark, ...inYaml(name, value.data).split('\n')] };
}

/** A key with its value, for a place of any depth. */
function inYaml(key: string, value: ParameterValue): string {
  if (typeof value === 'string' && value !== oneLine(value)) return `${key}: ${JSON.stringify(value)}`;
  return stringify({ [key]: value }, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false }).trimEnd();
}

function oneLine(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, ' ').toWellFormed();
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
