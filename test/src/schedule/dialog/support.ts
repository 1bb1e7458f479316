import { nullTranslator } from '@jupyterlab/translation';
import { vi } from 'vitest';
import { createClient } from '../../../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../../../contract/client.js';
import { ProblemError } from '../../../../contract/problem.js';
import type { StreamEvent } from '../../../../contract/route.js';
import { ScheduleSpec } from '../../../../contract/schedule/spec.js';
import type {
  Backend,
  Parameter,
  Run,
  RunEvent,
  RunProfile,
  RunState,
  Schedule,
  ScheduleForm,
  Times
} from '../../../../contract/schedule/index.js';
import { DialogModel } from '../../../../src/schedule/dialog/dialogModel.js';
import type { IDialogSubject } from '../../../../src/schedule/dialog/load.js';
import { fakeId } from '../../../support/fakeLakeside.js';

export const trans = nullTranslator.load('lakeside');

/** Waits until something holds; long enough for a busy machine. */
export function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000 });
}

const AT = '2026-11-21T10:00:00.000Z';

/** A schedule of a notebook, with what is said of it. */
export function specOf(more: Partial<Record<keyof ScheduleSpec, unknown>> = {}): ScheduleSpec {
  return ScheduleSpec.parse({
    name: 'Morning delays',
    notebook: { path: 'delays.ipynb' },
    when: { cron: '30 7 * * 1-5', zone: 'Europe/Paris' },
    ...more
  });
}

export const local: Backend = {
  name: 'local',
  title: 'This server',
  promise: 'Runs while this server is up.',
  can: {
    overlap: ['skip', 'queue', 'replace', 'allow'],
    catchUp: ['none', 'last', 'all'],
    backfill: true,
    kernel: true,
    memory: true,
    resume: true,
    publish: true
  }
};

export const cluster: Backend = {
  name: 'cluster',
  title: 'Cluster · 4 CPU 16 GB',
  promise: 'Runs also while this server is down.',
  can: { ...local.can, overlap: ['skip', 'replace', 'allow'], catchUp: ['none'], publish: false }
};

/** A parameter of every type. */
export const everyParameter: Parameter[] = [
  { name: 'month', type: 'int', default: 9, help: 'month of 2013' },
  { name: 'share', type: 'float', default: 0.5 },
  { name: 'dry_run', type: 'bool', default: false },
  { name: 'title', type: 'str', default: 'Delays' },
  { name: 'day', type: 'date', default: '2013-09-30' },
  { name: 'levels', type: 'list', default: [0.25, 0.5] },
  { name: 'limits', type: 'dict', default: { rows: 10 } },
  { name: 'mode', type: 'choice', default: 'fast', choices: ['fast', 'exact'] },
  { name: 'api_token', type: 'secret' },
  { name: 'worked_out', type: 'any' }
];

/** Schedules in memory behind the real typed client: what is given and answered is checked against the contract. */
export class FakeSchedules implements Transport {
  readonly client: Client = createClient(this);
  readonly calls: { id: string; query: Record<string, string>; body: Record<string, unknown> }[] = [];
  form: ScheduleForm = {
    spec: specOf(),
    parameters: [],
    kernels: [{ name: 'python3', title: 'Python 3' }],
    backends: [local],
    channels: [
      { name: 'owner', title: 'Me' },
      { name: 'team', title: 'Team chat' }
    ],
    targets: [
      { name: 'library', title: 'Library' },
      { name: 'wiki', title: 'Data wiki' }
    ]
  };
  /** The profiles that a schedule may name; none: nothing is configured. */
  profiles: RunProfile[] = [];
  times: Times = { words: 'Every weekday at 07:30, Europe/Paris', next: [] };
  readonly schedules = new Map<string, Schedule>();
  run = runOf('QUEUED');
  /** Makes the next calls of a route fail, once each. */
  readonly failures: { id: string; error: Error }[] = [];
  /** Routes whose next answer is lost on its way, once each. */
  readonly lost = new Set<string>();
  /** Holds the answers of a route until it is let go. */
  readonly held = new Map<string, Promise<void>>();
  private readonly _events: RunEvent[] = [];
  private _waiting: () => void = () => undefined;

  async send(call: Call): Promise<Answer> {
    const { id } = call.route;
    this.calls.push({
      id,
      query: call.query as Record<string, string>,
      body: (call.body ?? {}) as Record<string, unknown>
    });
    await Promise.resolve();
    // What is answered is what there was when it was asked.
    const answer = this._answered(call);
    await this.held.get(id);
    call.signal?.throwIfAborted();
    return answer();
  }

  /** How often a route was called. */
  count(id: string): number {
    return this.calls.filter(call => call.id === id).length;
  }

  /** The schedule that was sent last to a route. */
  sent(id: string): ScheduleSpec {
    return this.calls.filter(call => call.id === id).at(-1)?.body['spec'] as ScheduleSpec;
  }

  fail(id: string, error: Error): void {
    this.failures.push({ id, error });
  }

  /** Says what happens in the run. */
  emit(...events: RunEvent[]): void {
    for (const event of events) if (event.type === 'run') this.run = event.run;
    this._events.push(...events);
    this._waiting();
  }

  add(more: Partial<Schedule> = {}): Schedule {
    const schedule: Schedule = {
      id: fakeId(1),
      owner: 'ada',
      root: '/notebooks',
      spec: specOf(),
      state: 'active',
      revision: 3,
      createdAt: AT,
      updatedAt: AT,
      ...more
    };
    this.schedules.set(schedule.id, schedule);
    return schedule;
  }

  private _answered(call: Call): () => Answer {
    const failure = this.failures.findIndex(each => each.id === call.route.id);
    const [failed] = failure < 0 ? [] : this.failures.splice(failure, 1);
    if (failed) {
      return () => {
        throw failed.error;
      };
    }
    if (call.route.id === 'runs.events') {
      return () => ({ kind: 'events', events: this._stream(call.lastEventId ?? 0, call.signal) });
    }
    const body = JSON.stringify(this._answer(call));
    if (this.lost.delete(call.route.id)) {
      return () => {
        throw new ProblemError('unavailable', 'The answer was cut off.');
      };
    }
    return () => ({ kind: 'json', body: JSON.parse(body) as unknown });
  }

  private _answer(call: Call): unknown {
    const { scheduleId = '' } = (call.params ?? {}) as { scheduleId?: string };
    const body = call.body as { opId: string; spec: ScheduleSpec; revision: number };
    switch (call.route.id) {
      case 'schedule.form':
        return this.form;
      case 'schedule.profiles':
        return { profiles: this.profiles };
      case 'schedule.times':
        return this.times;
      case 'schedule.get':
        return this._get(scheduleId);
      case 'schedule.create':
        return this.schedules.get(body.opId) ?? this.add({ id: body.opId, revision: 1, spec: body.spec });
      case 'schedule.update': {
        const known = this._get(scheduleId);
        if (known.revision !== body.revision) throw new ProblemError('conflict', 'Somebody changed it.');
        return this.add({ ...known, spec: body.spec, revision: known.revision + 1 });
      }
      case 'schedule.test':
      case 'runs.get':
        return this.run;
      case 'runs.cancel':
        return (this.run = runOf('CANCELLED'));
      default:
        throw new ProblemError('not-found', `The fake has no ${call.route.id}.`);
    }
  }

  private _get(id: string): Schedule {
    const known = this.schedules.get(id);
    if (known === undefined) throw new ProblemError('not-found', 'There is no such schedule of yours.');
    return known;
  }

  private async *_stream(after: number, signal?: AbortSignal): AsyncGenerator<StreamEvent<unknown>> {
    for (let at = after; ; at += 1) {
      while (this._events.length <= at) {
        signal?.throwIfAborted();
        await new Promise<void>(heard => {
          this._waiting = heard;
          signal?.addEventListener('abort', () => heard(), { once: true });
        });
      }
      signal?.throwIfAborted();
      yield { id: at + 1, data: this._events[at] };
    }
  }
}

/** A test run in a state. */
export function runOf(state: RunState, more: Partial<Run> = {}): Run {
  return {
    id: fakeId(77),
    scheduleId: fakeId(7),
    owner: 'ada',
    trigger: 'test',
    dueAt: AT,
    intervalStart: AT,
    state,
    attempts: [],
    createdAt: AT,
    ...more
  };
}

/** The model of a dialog over a fake. */
export function dialogOf(
  fake: FakeSchedules,
  subject: IDialogSubject = { kind: 'notebook', path: 'delays.ipynb' },
  signIn?: (profile: string) => Promise<void>
): DialogModel {
  return new DialogModel({ client: fake.client, trans, subject, now: () => 1_000_000, ...(signIn && { signIn }) });
}
