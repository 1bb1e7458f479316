import type { Attempt, Run, Schedule } from '../../../contract/schedule/index.js';
import { isElsewhere } from '../../../contract/schedule/places.js';
import { bytesOf } from '../../../contract/schedule/values.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, FailPoint, Log } from '../../ports.js';
import type { RunCredentials } from '../credentials/ports.js';
import type { PlacedFiles, RunPlaces } from '../places/ports.js';
import type { Take } from '../places/take.js';
import type { NotebookRunner, ScheduleStore, WorkEnd, WorkUnderWay } from '../ports.js';
import { createAttempts } from './attempt.js';
import type { AttemptEnd } from './attempt.js';
import { afterAttempt, cancelled, lost } from './outcome.js';
import { attemptPlace } from './place.js';

/** Schedules that are looked at in one go, beside those that have runs under way. */
const BATCH = 100;
/** Before the end of a run is stored again that could not be. Milliseconds. */
const AGAIN = 1000;
/** How often progress is stored, at most. Milliseconds. */
const PROGRESS = 500;

export interface DispatcherOptions {
  store: ScheduleStore;
  runner: NotebookRunner;
  files: PlacedFiles;
  places: Pick<RunPlaces, 'mayWrite'>;
  take: Take;
  credentials?: RunCredentials | undefined;
  clock: Clock;
  log: Log;
  failPoint: FailPoint;
  /** Name of this process. */
  instance: string;
  /** Runs at once. */
  parallel: number;
  /** Whether one more may begin beside others, by what memory is left. @param needed - bytes, where the schedule says */
  hasRoom: (needed: number | undefined) => boolean;
  /** Called after a run has changed. */
  changed: (run: Run) => void;
}

/** Starts runs whose time has come, as many at once as there is room for, and follows them to their end. */
export interface Dispatcher {
  dispatch(): void;
  /** Settles what dead processes left: takes the end that was written, or marks the attempt LOST. */
  reconcile(): Promise<void>;
  /** Ends a run, wherever it stands. False where this process does not run it. */
  cancel(runId: string, reason: string): boolean;
  /** Ends what this process runs, without a word about it: the next one finds it lost. */
  stop(): Promise<void>;
}

interface Active {
  schedule: Schedule;
  work: WorkUnderWay | undefined;
  delivery: AbortController | undefined;
  cancelReason: string | undefined;
  settled: Promise<void>;
  isCancelled: () => boolean;
  isStopped: () => boolean;
  progress: (cell: number, of: number) => void;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, runner, files, clock, log, instance } = options;
  const attempts = createAttempts(options);
  const active = new Map<string, Active>();
  /** What dead processes left that is being put to its place. */
  const leftovers = new Map<string, Promise<void>>();
  const stopping = new AbortController();
  let isStopped = false;
  const goesOn = (): boolean => !isStopped;

  function dispatch(): void {
    while (beginSome());
  }

  /** Begins the first run of each schedule that may, as far as there is room. @returns whether there may be more */
  function beginSome(): boolean {
    let isBegun = false;
    if (isStopped || active.size >= options.parallel) return false;
    for (const run of store.waiting(clock.now(), BATCH + options.parallel)) {
      if (active.size >= options.parallel) return false;
      const schedule = store.get(run.scheduleId);
      if (schedule === undefined || active.has(run.id) || mustWait(schedule, run)) continue;
      const { memory } = schedule.spec.environment;
      if (active.size > 0 && !options.hasRoom(memory === undefined ? undefined : bytesOf(memory))) return false;
      if (begin(run, schedule)) isBegun = true;
    }
    return isBegun;
  }

  /** Runs of one schedule go one after another unless it allows more; where a newer one replaces, the older is ended. */
  function mustWait(schedule: Schedule, run: Run): boolean {
    const { overlap } = schedule.spec.policy;
    if (overlap === 'allow') return false;
    const others = store.underWay(schedule.id).filter(({ id, state }) => id !== run.id && state === 'RUNNING');
    if (overlap === 'replace') for (const { id } of others) cancel(id, REPLACED);
    return others.length > 0;
  }

  function begin(run: Run, schedule: Schedule): boolean {
    const number = run.attempts.length + 1;
    const output = placeOf(schedule, run, number);
    const startedAt = new Date(clock.now()).toISOString();
    const attempt: Attempt = { number, state: 'RUNNING', startedAt, ...(output !== undefined && { output }) };
    if (!store.begin(run.id, attempt, instance)) return false;
    const begun: Active = {
      schedule,
      work: undefined,
      delivery: undefined,
      cancelReason: undefined,
      settled: Promise.resolve(),
      isCancelled: () => begun.cancelReason !== undefined,
      isStopped: () => isStopped,
      progress: progress(run.id)
    };
    active.set(run.id, begun);
    const note = (error: unknown): void => log.error({ err: error, run: run.id }, 'a run could not be followed');
    begun.settled = follow(run.id, number, begun)
      .catch(note)
      .then(() => {
        active.delete(run.id);
        dispatch();
      })
      .catch(note);
    tell(run.id);
    return true;
  }

  async function follow(id: string, number: number, begun: Active): Promise<void> {
    await options.failPoint('schedule:begun');
    const end = await attempts.run(id, number, begun);
    if (isStopped) return;
    await options.failPoint('schedule:ended');
    const now = clock.now();
    // Where it cannot be stored, for the disk is full, the run would go on for ever.
    while (goesOn() && !tryTo(id, () => settle(id, begun, end, now))) await clock.sleep(AGAIN);
    tell(id);
  }

  function settle(id: string, { schedule, cancelReason }: Active, attemptEnd: AttemptEnd, now: number): void {
    const { undelivered, ...end } = attemptEnd;
    const run = store.run(id);
    if (run === undefined) return;
    const settled =
      cancelReason === undefined
        ? afterAttempt(run, end, schedule.spec.policy, now)
        : cancelled(run, [cancelReason, undelivered].filter(Boolean).join(' '), now);
    store.change(settled, instance);
  }

  /** Stores something about a run. False, and a word in the log, where that is not possible now. */
  function tryTo(id: string, store: () => void): boolean {
    try {
      store();
      return true;
    } catch (error) {
      log.warn({ err: error, run: id }, 'what became of a run cannot be stored now');
      return false;
    }
  }

  /** Settles a run whose process is gone, once its output is at its place. */
  async function adopt(run: Run, { root, spec }: Schedule): Promise<void> {
    const settle = ({ undelivered: _, ...told }: AttemptEnd): void => {
      if (store.adopt(afterAttempt(run, told, spec.policy, clock.now()))) tell(run.id);
    };
    const place = run.attempts.at(-1)?.output;
    const left = place === undefined ? undefined : await endLeft(run.id, root, place);
    if (place === undefined || left === undefined || !isElsewhere(place)) {
      settle(left?.end ?? lost);
      return;
    }
    // A storage that does not answer keeps nobody else waiting.
    const work = attempts
      .delivered(left.end, { root, place, out: left.out }, stopping.signal)
      .then(told => {
        if (!isStopped) settle(told);
      })
      .catch((error: unknown) => log.error({ err: error, run: run.id }, 'a lost run could not be settled'))
      .finally(() => leftovers.delete(run.id));
    leftovers.set(run.id, work);
  }

  /** How an attempt ended whose process is gone, after all was ended that it left; undefined where nobody can tell. */
  async function endLeft(
    runId: string,
    root: string,
    place: string
  ): Promise<{ end: WorkEnd; out: string } | undefined> {
    try {
      const out = await files.output(root, place);
      await runner.clear(out).catch((error: unknown) => log.warn({ err: error, run: runId }, 'leftovers stay'));
      const end = await runner.endOf(out);
      return { end: end === undefined || end.reason === STOPS ? lost : end, out };
    } catch (error) {
      // A folder that cannot be reached any more must not keep the others waiting.
      log.warn({ err: error, run: runId }, 'the output of a lost run cannot be reached');
      return undefined;
    }
  }

  function progress(id: string): (cell: number, of: number) => void {
    let last = -Infinity;
    let latest = { cell: 0, of: 0 };
    let isDue = false;
    const put = () => {
      isDue = false;
      last = clock.monotonic();
      tryTo(id, () => {
        const run = active.has(id) ? store.run(id) : undefined;
        if (run?.state === 'RUNNING' && store.change({ ...run, progress: latest }, instance)) tell(id);
      });
    };
    return (cell, of) => {
      latest = { cell, of };
      const rest = last + PROGRESS - clock.monotonic();
      if (rest <= 0 || cell >= of) put();
      else if (!isDue) {
        isDue = true;
        // The cell that stays longest is the one that people see.
        void clock.sleep(rest).then(() => isDue && put());
      }
    };
  }

  function cancel(runId: string, reason: string): boolean {
    const found = active.get(runId);
    if (found === undefined) return false;
    // What was written until somebody ended it is put to its place all the same; only that itself can be ended.
    if (found.cancelReason === undefined) found.delivery?.abort();
    found.cancelReason ??= reason;
    found.work?.cancel(reason);
    return true;
  }

  function tell(id: string): void {
    const run = store.run(id);
    if (run !== undefined) options.changed(run);
  }

  return {
    dispatch,
    cancel,
    async reconcile() {
      if (store.runs({ limit: 1 }).length === 0) return;
      await runner.sweep().catch((error: unknown) => log.warn({ err: error }, 'leftovers of runs stay'));
      for (const run of store.orphans()) {
        const schedule = store.get(run.scheduleId);
        if (schedule === undefined || leftovers.has(run.id)) continue;
        await adopt(run, schedule);
      }
    },
    async stop() {
      isStopped = true;
      stopping.abort();
      for (const { work, delivery } of active.values()) {
        work?.cancel(STOPS);
        delivery?.abort();
      }
      await Promise.all([...[...active.values()].map(({ settled }) => settled), ...leftovers.values()]);
    }
  };
}

/** Where an attempt writes; undefined where that cannot be told, which its end will say. */
function placeOf(schedule: Schedule, run: Run, number: number): string | undefined {
  try {
    return attemptPlace(schedule, run, number);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/** Why attempts end whose server does. It is nobody's wish, so they count as lost. */
const STOPS = 'The server stops.';
const REPLACED = 'A newer run of the same schedule took its place, as the schedule says.';
