import { RECENT_RUNS } from '../../contract/schedule/routes.js';
import { fieldOf, ProblemError } from '../../contract/problem.js';
import type { FieldError } from '../../contract/problem.js';
import type { RecentRun, Run, Schedule, ScheduleSpec, ScheduleState } from '../../contract/schedule/index.js';
import { isElsewhere } from '../../contract/schedule/places.js';
import { isEnded } from '../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../contract/schedule/routes.js';
import type { ParameterValue } from '../../contract/schedule/values.js';
import type { Caller, Clock, Ids } from '../ports.js';
import { permitRuns } from './credentials/permits.js';
import { noCredentials } from './credentials/ports.js';
import type { RunCredentials } from './credentials/ports.js';
import { faultsOfSpec } from './file/check.js';
import { rootOf } from './form/form.js';
import { faultsOfNames } from './named.js';
import type { ThereIs } from './named.js';
import type { RunPlaces } from './places/ports.js';
import type { Take, TakenNotebook } from './places/take.js';
import type { ScheduleFiles, ScheduleStore } from './ports.js';
import { DueTimes } from './time/dueTimes.js';

/** The most runs that one backfill makes. */
const MOST_BACKFILLED = 500;
const DAY = 86_400_000;

export interface ScheduleServiceOptions {
  store: ScheduleStore;
  files: Pick<ScheduleFiles, 'root' | 'absolute' | 'below' | 'pin' | 'unpin'>;
  places: Pick<RunPlaces, 'mayWrite'>;
  take: Take;
  clock: Pick<Clock, 'now'>;
  ids: Ids;
  /** Absent: no profiles. */
  credentials?: RunCredentials | undefined;
  /** What a caller's schedules may name. */
  thereIs: (caller: Caller) => Promise<ThereIs>;
  /** Called after something was stored that the scheduler should see soon. */
  wake: () => void;
}

/** What people do with their schedules. Those of others do not exist for them. */
export interface ScheduleService {
  list(caller: Caller, deleted: boolean): ScheduleSummary[];
  get(caller: Caller, id: string): Schedule;
  /** @param given - `root`: the folder below which its paths are; that of this server by default */
  create(
    caller: Caller,
    given: { opId: string; spec: ScheduleSpec; paused: boolean; root?: string }
  ): Promise<Schedule>;
  /** @param given - `revision`: the one that was seen */
  update(caller: Caller, id: string, given: { revision: number; spec: ScheduleSpec }): Promise<Schedule>;
  /** One that is deleted may use no profile any more; restored, it may again. */
  setState(caller: Caller, id: string, state: ScheduleState): Promise<Schedule>;
  /** Runs once what is not saved: a schedule that is in no list, and its one run. */
  test(caller: Caller, given: { opId: string; spec: ScheduleSpec }): Promise<Run>;
  runNow(caller: Caller, id: string, given: { opId: string; parameters: Record<string, ParameterValue> }): Run;
  /** @param days - of the schedule's zone, both included. @returns the runs that wait now */
  backfill(caller: Caller, id: string, days: { from: string; to: string }): Run[];
  /** Takes schedules along whose notebook was renamed, below a renamed folder too. Both paths are absolute. */
  moved(from: string, to: string): void;
}

export function createScheduleService(options: ScheduleServiceOptions): ScheduleService {
  const { store, files, places, take, credentials = noCredentials, clock, ids, thereIs, wake } = options;
  const now = (): string => new Date(clock.now()).toISOString();

  function mine(caller: Caller, id: string): Schedule {
    const schedule = store.get(id);
    if (schedule?.owner === caller.name) return schedule;
    throw new ProblemError('not-found', 'There is no such schedule of yours. See the list of your schedules.');
  }

  function living(caller: Caller, id: string): Schedule {
    const schedule = mine(caller, id);
    if (schedule.state !== 'deleted') return schedule;
    throw new ProblemError('gone', `The schedule "${schedule.spec.name}" was deleted. Restore it first.`);
  }

  /**
   * Everything about a schedule that could keep it from running is told before it is stored.
   *
   * @returns its notebook, to be released
   */
  async function check(caller: Caller, spec: ScheduleSpec, root: string): Promise<TakenNotebook> {
    const errors = faultsOfSpec(spec).map(({ path, sentence }): FieldError => {
      const field = fieldOf(path);
      return { field, message: `${field} ${sentence}` };
    });
    if (spec.where !== 'local') {
      errors.push({ field: 'where', message: `where names ${spec.where}, which is not configured here. Write local.` });
    }
    errors.push(...faultsOfNames(spec, await thereIs(caller)));
    const [first] = errors;
    if (first !== undefined) throw new ProblemError('invalid', first.message, { errors });
    await atField('output', places.mayWrite(spec.output));
    const { path } = spec.notebook;
    return isElsewhere(path) ? atField('notebook.path', take(caller, root, path)) : take(caller, root, path);
  }

  /** Checks a schedule. What it then runs, where its notebook is pinned, is a copy that is durable before it is stored. */
  async function checked(
    caller: Caller,
    spec: ScheduleSpec,
    root: string
  ): Promise<Pick<Schedule, 'pinned' | 'pinnedSource'>> {
    const { file, source, release } = await check(caller, spec, root);
    try {
      if (spec.notebook.mode === 'follow') return {};
      const name = ids.next();
      await files.pin(file, name);
      return { pinned: name, ...(source !== undefined && { pinnedSource: source }) };
    } finally {
      await release();
    }
  }

  /** Where its runs may not use what it names, nothing stays of it. */
  async function permitted(schedule: Schedule, caller: Caller): Promise<void> {
    try {
      await permitRuns(credentials, schedule, caller.name);
    } catch (error) {
      if (schedule.pinned !== undefined) await files.unpin(schedule.pinned);
      throw error;
    }
  }

  /** A schedule from now on: its due times count from this moment. */
  function fromNow(schedule: Schedule, state: ScheduleState): Schedule {
    const { nextDue: _, ...rest } = schedule;
    const next = state === 'active' ? new DueTimes(schedule.spec.when).next(clock.now()) : undefined;
    return {
      ...rest,
      state,
      updatedAt: now(),
      ...(next !== undefined && { nextDue: new Date(next.instant).toISOString() })
    };
  }

  function change(schedule: Schedule, from: number): Schedule {
    const changed = { ...schedule, revision: from + 1 };
    if (!store.update(changed, from, clock.now())) {
      throw new ProblemError('conflict', 'Somebody changed this schedule meanwhile. Look at it again, then change it.');
    }
    wake();
    return changed;
  }

  function runOf(schedule: Schedule, run: Pick<Run, 'id' | 'trigger' | 'dueAt' | 'intervalStart'>): Run {
    return { ...run, scheduleId: schedule.id, owner: schedule.owner, state: 'QUEUED', attempts: [], createdAt: now() };
  }

  /** This moment as the time of a run that no due time made. */
  function momentOf({ spec }: Schedule): Pick<Run, 'dueAt' | 'intervalStart'> {
    const moment = { instant: clock.now(), civil: clock.now(), occurrence: 'once' as const };
    return { dueAt: now(), intervalStart: new Date(new DueTimes(spec.when).before(moment)).toISOString() };
  }

  return {
    list(caller: Caller, deleted: boolean): ScheduleSummary[] {
      return store.list(caller.name, { deleted }).map(schedule => ({
        schedule,
        recent: store.runs({ scheduleId: schedule.id, limit: RECENT_RUNS }).map(recentOf)
      }));
    },

    get: mine,

    async create(caller, { opId, spec, paused, root = rootOf(files) }) {
      const known = store.get(opId);
      if (known !== undefined) return mine(caller, opId);
      const pin = await checked(caller, spec, root);
      const blank: Schedule = {
        id: opId,
        owner: caller.name,
        spec,
        root,
        ...pin,
        state: 'active',
        revision: 1,
        createdAt: now(),
        updatedAt: now()
      };
      const schedule = fromNow(blank, paused ? 'paused' : 'active');
      await permitted(schedule, caller);
      if (!store.create(schedule, clock.now())) return mine(caller, opId);
      wake();
      return schedule;
    },

    async update(caller: Caller, id: string, given: { revision: number; spec: ScheduleSpec }): Promise<Schedule> {
      const schedule = living(caller, id);
      const pin = await checked(caller, given.spec, schedule.root);
      const { pinned: former, pinnedSource: _, ...rest } = schedule;
      const changed = { ...rest, spec: given.spec, ...pin };
      if (schedule.revision === given.revision) await permitted(changed, caller);
      const stored = change(fromNow(changed, schedule.state), given.revision);
      if (former !== undefined) await files.unpin(former);
      return stored;
    },

    async setState(caller, id, state) {
      const schedule = mine(caller, id);
      if (schedule.state === state) return schedule;
      if (schedule.state === 'deleted') await permitRuns(credentials, schedule, caller.name);
      const changed = change(fromNow(schedule, state), schedule.revision);
      if (state === 'deleted') await credentials.withdraw(id, caller.name);
      return changed;
    },

    async test(caller, { opId, spec }) {
      const known = store.run(opId);
      if (known?.owner === caller.name) return known;
      const root = rootOf(files);
      await (await check(caller, spec, root)).release();
      const at = now();
      const quiet = { ...spec, notify: { failure: [], recovery: [], late: [], success: [] } };
      const { publish: _, ...unpublished } = quiet;
      const schedule: Schedule = {
        id: ids.next(),
        owner: caller.name,
        spec: unpublished,
        root,
        state: 'test',
        revision: 1,
        createdAt: at,
        updatedAt: at
      };
      await permitRuns(credentials, schedule, caller.name);
      store.create(schedule, clock.now());
      const run = runOf(schedule, { id: opId, trigger: 'test', ...momentOf(schedule) });
      store.add([run]);
      wake();
      return run;
    },

    moved(from, to) {
      for (const schedule of store.living()) {
        const { spec, root } = schedule;
        if (isElsewhere(spec.notebook.path)) continue;
        const file = files.absolute(root, spec.notebook.path);
        const rest = file === from ? '' : file.startsWith(`${from}/`) ? file.slice(from.length) : undefined;
        const path = rest === undefined ? undefined : files.below(root, to + rest);
        if (path === undefined) continue;
        const changed = { ...schedule, spec: { ...spec, notebook: { ...spec.notebook, path } } };
        store.update({ ...changed, revision: schedule.revision + 1, updatedAt: now() }, schedule.revision);
      }
    },

    runNow(caller: Caller, id: string, given: { opId: string; parameters: Record<string, ParameterValue> }): Run {
      const schedule = living(caller, id);
      const run = {
        ...runOf(schedule, { id: given.opId, trigger: 'manual', ...momentOf(schedule) }),
        ...(Object.keys(given.parameters).length > 0 && { parameters: given.parameters })
      };
      store.add([run]);
      wake();
      return store.run(given.opId) ?? run;
    },

    backfill(caller: Caller, id: string, days: { from: string; to: string }): Run[] {
      const schedule = living(caller, id);
      const times = new DueTimes({ ...schedule.spec.when, start: days.from, end: days.to });
      const runs: Run[] = [];
      for (const due of times.between(Date.parse(days.from) - 2 * DAY, clock.now())) {
        if (runs.length === MOST_BACKFILLED) {
          const message = `to makes more than ${MOST_BACKFILLED} runs. Backfill a part of the days at a time.`;
          throw new ProblemError('invalid', message, { errors: [{ field: 'to', message }] });
        }
        runs.push(
          runOf(schedule, {
            id: ids.next(),
            trigger: 'backfill',
            dueAt: new Date(due.instant).toISOString(),
            intervalStart: new Date(new DueTimes(schedule.spec.when).before(due)).toISOString()
          })
        );
      }
      const queued = store.again(runs);
      wake();
      return queued;
    }
  };
}

/** Thousands of runs go into one list: only what it shows goes along. */
function recentOf({ id, dueAt, state, progress, endedAt, attempts }: Run): RecentRun {
  return {
    id,
    dueAt,
    state,
    ...(progress !== undefined && !isEnded(state) && { progress }),
    ...(endedAt !== undefined && { endedAt }),
    attempts: attempts.map(({ startedAt, endedAt: ended }) => ({
      startedAt,
      ...(ended !== undefined && { endedAt: ended })
    }))
  };
}

/** A problem of one field says which. */
async function atField<T>(field: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProblemError) || error.errors !== undefined) throw error;
    const { code, message } = error;
    throw new ProblemError(code, message, { errors: [{ field, message }], cause: error });
  }
}
