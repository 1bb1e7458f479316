import type { Attempt, Run, Schedule } from '../../../contract/schedule/index.js';
import { isElsewhere } from '../../../contract/schedule/places.js';
import { bytesOf } from '../../../contract/schedule/values.js';
import type { Clock, FailPoint, Log } from '../../ports.js';
import type { PlacedFiles, RunPlaces } from '../places/ports.js';
import type { Take } from '../places/take.js';
import type { NotebookRunner, ScheduleStore, WorkEnd, WorkUnderWay } from '../ports.js';
import { createAttempts } from './attempt.js';
import { afterAttempt, cancelled, lost } from './outcome.js';
import { attemptPlace } from './place.js';

/** Runs that are looked at in one go. */
const BATCH = 100;
/** How often progress is stored, at most. Milliseconds. */
const PROGRESS = 500;

export interface DispatcherOptions {
  store: ScheduleStore;
  runner: NotebookRunner;
  files: PlacedFiles;
  places: Pick<RunPlaces, 'mayWrite'>;
  take: Take;
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

  function dispatch(): void {
    if (isStopped) return;
    for (const run of store.waiting(clock.now(), BATCH)) {
      if (active.size >= options.parallel) return;
      const schedule = store.get(run.scheduleId);
      if (schedule === undefined || active.has(run.id) || mustWait(schedule, run)) continue;
      const { memory } = schedule.spec.environment;
      if (active.size > 0 && !options.hasRoom(memory === undefined ? undefined : bytesOf(memory))) return;
      begin(run, schedule);
    }
  }

  /** Runs of one schedule go one after another unless it allows more; where a newer one replaces, the older is ended. */
  function mustWait(schedule: Schedule, run: Run): boolean {
    const { overlap } = schedule.spec.policy;
    if (overlap === 'allow') return false;
    const others = store.underWay(schedule.id).filter(({ id, state }) => id !== run.id && state === 'RUNNING');
    if (overlap === 'replace') for (const { id } of others) cancel(id, REPLACED);
    return others.length > 0;
  }

  function begin(run: Run, schedule: Schedule): void {
    const number = run.attempts.length + 1;
    const output = attemptPlace(schedule, run, number);
    const attempt: Attempt = { number, state: 'RUNNING', startedAt: new Date(clock.now()).toISOString(), output };
    if (!store.begin(run.id, attempt, instance)) return;
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
    begun.settled = follow(run.id, number, begun)
      .catch((error: unknown) => log.error({ err: error, run: run.id }, 'a run could not be followed'))
      .finally(() => {
        active.delete(run.id);
        dispatch();
      });
    tell(run.id);
  }

  async function follow(id: string, number: number, begun: Active): Promise<void> {
    await options.failPoint('schedule:begun');
    const { undelivered, ...end } = await attempts.run(id, number, begun);
    if (isStopped) return;
    await options.failPoint('schedule:ended');
    const run = store.run(id);
    if (run === undefined) return;
    const now = clock.now();
    const settled =
      begun.cancelReason === undefined
        ? afterAttempt(run, end, begun.schedule.spec.policy, now)
        : cancelled(run, [begun.cancelReason, undelivered].filter(Boolean).join(' '), now);
    store.change(settled, instance);
    tell(id);
  }

  /** Settles a run whose process is gone, once its output is at its place. */
  async function adopt(run: Run, { root, spec }: Schedule, given: { place: string; out: string }): Promise<void> {
    await runner.clear(given.out).catch((error: unknown) => log.warn({ err: error, run: run.id }, 'leftovers stay'));
    const end = (await runner.endOf(given.out)) ?? lost;
    const settle = ({ undelivered: _, ...told }: WorkEnd & { undelivered?: string }): void => {
      if (store.adopt(afterAttempt(run, told, spec.policy, clock.now()))) tell(run.id);
    };
    if (!isElsewhere(given.place)) {
      settle(end);
      return;
    }
    // A storage that does not answer keeps nobody else waiting.
    const work = attempts
      .delivered(end, { root, ...given }, stopping.signal)
      .then(told => {
        if (!isStopped) settle(told);
      })
      .catch((error: unknown) => log.error({ err: error, run: run.id }, 'a lost run could not be settled'))
      .finally(() => leftovers.delete(run.id));
    leftovers.set(run.id, work);
  }

  function progress(id: string): (cell: number, of: number) => void {
    let last = -Infinity;
    let latest = { cell: 0, of: 0 };
    let isDue = false;
    const put = () => {
      isDue = false;
      last = clock.monotonic();
      const run = active.has(id) ? store.run(id) : undefined;
      if (run?.state === 'RUNNING' && store.change({ ...run, progress: latest }, instance)) tell(id);
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
        const attempt = run.attempts.at(-1);
        if (schedule === undefined || attempt === undefined || leftovers.has(run.id)) continue;
        const place = attempt.output ?? attemptPlace(schedule, run, attempt.number);
        await adopt(run, schedule, { place, out: await files.output(schedule.root, place) });
      }
    },
    async stop() {
      isStopped = true;
      stopping.abort();
      for (const { work, delivery } of active.values()) {
        work?.cancel('The server stops.');
        delivery?.abort();
      }
      await Promise.all([...[...active.values()].map(({ settled }) => settled), ...leftovers.values()]);
    }
  };
}

const REPLACED = 'A newer run of the same schedule took its place, as the schedule says.';
