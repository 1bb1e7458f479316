import type { ScheduleForm } from '../../../contract/schedule/form.js';
import type { Notify, Policy, ScheduledNotebook, ScheduleSpec } from '../../../contract/schedule/spec.js';
import { draftsOf, readParameter } from './parameterDraft.js';
import type { IParameterDraft, ParameterFault } from './parameterDraft.js';

/** What somebody can be told of. */
export type NotifyEvent = keyof Notify;
export const notifyEvents: readonly NotifyEvent[] = ['failure', 'recovery', 'late', 'success'];

/** A schedule as it is being filled in: what is typed stays as it was typed until it is read. */
export interface IDraft {
  readonly name: string;
  readonly path: string;
  readonly mode: ScheduledNotebook['mode'];
  readonly cron: string;
  /** The person writes the expression, also where a preset says the same. */
  readonly byHand: boolean;
  readonly zone: string;
  readonly start: string;
  readonly end: string;
  readonly parameters: readonly IParameterDraft[];
  readonly where: string;
  /** A profile; empty: none is named. */
  readonly credentials: string;
  readonly overlap: Policy['overlap'];
  readonly catchUp: Policy['catchUp'];
  readonly maxCatchUp: string;
  readonly retries: string;
  readonly retryDelay: string;
  readonly retryTimeouts: boolean;
  readonly timeout: string;
  readonly cellTimeout: string;
  readonly lateAfter: string;
  readonly notify: Notify;
  readonly isPublished: boolean;
  readonly target: string;
  readonly hideCode: boolean;
  readonly kernel: string;
  readonly memory: string;
  readonly output: string;
}

/** What cannot be read at all, by the field of the schedule: a parameter, or a number. */
export type DraftFault = ParameterFault | 'number';

/** What a draft says: a schedule, not checked yet, and what in it cannot be read. */
export interface IDraftReading {
  spec: ScheduleSpec;
  faults: Record<string, DraftFault>;
}

/** The draft of a schedule. */
export function draftOf(spec: ScheduleSpec, parameters: ScheduleForm['parameters']): IDraft {
  const { policy, when, environment, publish } = spec;
  return {
    name: spec.name,
    path: spec.notebook.path,
    mode: spec.notebook.mode,
    cron: when.cron,
    byHand: false,
    zone: when.zone,
    start: when.start ?? '',
    end: when.end ?? '',
    parameters: draftsOf(parameters, spec.parameters),
    where: spec.where,
    credentials: spec.credentials ?? '',
    overlap: policy.overlap,
    catchUp: policy.catchUp,
    maxCatchUp: String(policy.maxCatchUp),
    retries: String(policy.retries),
    retryDelay: policy.retryDelay,
    retryTimeouts: policy.retryTimeouts,
    timeout: policy.timeout,
    cellTimeout: policy.cellTimeout ?? '',
    lateAfter: policy.lateAfter ?? '',
    notify: spec.notify,
    isPublished: publish !== undefined,
    target: publish?.target ?? 'library',
    hideCode: publish?.hideCode ?? false,
    kernel: environment.kernel ?? '',
    memory: environment.memory ?? '',
    output: spec.output
  };
}

/**
 * The schedule that a draft says.
 *
 * @param base - what the draft was made of; what the dialog does not show stays as it is there
 */
export function readDraft(draft: IDraft, base: ScheduleSpec): IDraftReading {
  const faults: Record<string, DraftFault> = {};
  const whole = (field: string, text: string): number => {
    const word = text.trim();
    if (!/^\d{1,9}$/.test(word)) faults[field] = 'number';
    return Number(word);
  };
  const parameters: ScheduleSpec['parameters'] = {};
  for (const each of draft.parameters) {
    const { name } = each.parameter;
    const reading = readParameter(each);
    if (!reading.ok) faults[`parameters.${name}`] = reading.fault;
    else if (reading.value !== undefined) parameters[name] = reading.value;
  }
  const { publish: _, credentials: _credentials, ...rest } = base;
  const spec: ScheduleSpec = {
    ...rest,
    name: draft.name,
    notebook: { path: draft.path.trim(), mode: draft.mode },
    when: {
      cron: draft.cron.trim(),
      zone: draft.zone.trim(),
      ...some('start', draft.start),
      ...some('end', draft.end)
    },
    parameters,
    environment: { ...some('kernel', draft.kernel), ...some('memory', draft.memory) },
    where: draft.where,
    ...some('credentials', draft.credentials),
    policy: {
      overlap: draft.overlap,
      catchUp: draft.catchUp,
      // What is hidden cannot be mended, so it does not stand in the way.
      maxCatchUp: draft.catchUp === 'all' ? whole('policy.maxCatchUp', draft.maxCatchUp) : base.policy.maxCatchUp,
      retries: whole('policy.retries', draft.retries),
      retryDelay: draft.retryDelay.trim(),
      retryTimeouts: draft.retryTimeouts,
      timeout: draft.timeout.trim(),
      ...some('cellTimeout', draft.cellTimeout),
      ...some('lateAfter', draft.lateAfter)
    },
    notify: draft.notify,
    ...(draft.isPublished && { publish: { ...base.publish, target: draft.target, hideCode: draft.hideCode } }),
    output: draft.output.trim()
  };
  return { spec, faults };
}

/** A field that is left out where nothing stands in it. */
function some<K extends string>(name: K, text: string): Partial<Record<K, string>> {
  const word = text.trim();
  return (word === '' ? {} : { [name]: word }) as Partial<Record<K, string>>;
}

/** A channel is told of an event, or is not any more. */
export function tell(notify: Notify, event: NotifyEvent, channel: string, isTold: boolean): Notify {
  const others = notify[event].filter(name => name !== channel);
  return { ...notify, [event]: isTold ? [...others, channel] : others };
}
