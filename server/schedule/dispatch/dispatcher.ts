import { dirname } from 'node:path';
import type { Attempt, Run, Schedule } from '../../../contract/schedule/index.js';
import { bytesOf, secondsOf } from '../../../contract/schedule/values.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, FailPoint, Log } from '../../ports.js';
import type { NotebookRunner, ScheduleFiles, ScheduleStore, Work, WorkEnd, WorkUnderWay } from '../ports.js';
import { afterAttempt, cancelled, lost } from './outcome.js';
import { attemptPlace } from './place.js';

/** Runs that are looked at in one go. */
const BATCH = 100;
/** How often progress is stored, at most. Milliseconds. */
const PROGRESS = 500;
/** How long a failed run's kernel waits for somebody to go on from there. Seconds. */
const KEEP_KERNEL = 600;
/** The runner's exit code for a schedule or notebook that is not right. */
const BAD_SPEC = 15;

export interface DispatcherOptions {
  store: ScheduleStore;
  runner: NotebookRunner;
  files: ScheduleFiles;
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
  cancelReason: string | undefined;
  settled: Promise<void>;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, runner, files, clock, log, instance } = options;
  const active = new Map<string, Active>();
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
    const begun: Active = { schedule, work: undefined, cancelReason: undefined, settled: Promise.resolve() };
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
    const end = await attemptOf(id, number, begun);
    if (isStopped) return;
    await options.failPoint('schedule:ended');
    const run = store.run(id);
    if (run === undefined) return;
    const now = clock.now();
    const settled =
      begun.cancelReason === undefined
        ? afterAttempt(run, end, begun.schedule.spec.policy, now)
        : cancelled(run, begun.cancelReason, now);
    store.change(settled, instance);
    tell(id);
  }

  async function attemptOf(id: string, number: number, begun: Active): Promise<WorkEnd> {
    const run = store.run(id);
    const place = run?.attempts.at(-1)?.output;
    if (run === undefined || place === undefined) return lost;
    try {
      const { spec } = begun.schedule;
      const { root } = begun.schedule;
      const { pinned } = begun.schedule;
      const notebook = pinned === undefined ? await files.notebook(root, spec.notebook.path) : files.pinned(pinned);
      const cwd = dirname(files.absolute(root, spec.notebook.path));
      const out = await files.output(root, place);
      const resume = await formerOutput(run, root);
      if (begun.cancelReason !== undefined || isStopped) return lost;
      begun.work = runner.start(workOf(begun.schedule, run, { notebook, cwd, out, number, resume }), progress(id));
      return await begun.work.ended;
    } catch (error) {
      if (error instanceof ProblemError) return { exitCode: BAD_SPEC, reason: error.message };
      log.error({ err: error, run: id }, 'an attempt could not be started');
      return { exitCode: BAD_SPEC, reason: 'Lakeside could not start this run. The log of the server says why.' };
    }
  }

  /** The output that a run goes on from. */
  async function formerOutput({ resumes }: Run, root: string): Promise<string | undefined> {
    const place = resumes === undefined ? undefined : store.run(resumes)?.attempts.at(-1)?.output;
    return place === undefined ? undefined : files.result(root, place, 'output.ipynb');
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
        if (schedule === undefined || attempt === undefined) continue;
        const place = attempt.output ?? attemptPlace(schedule, run, attempt.number);
        const out = await files.output(schedule.root, place);
        await runner.clear(out).catch((error: unknown) => log.warn({ err: error, run: run.id }, 'leftovers stay'));
        const end = (await runner.endOf(out)) ?? lost;
        if (store.adopt(afterAttempt(run, end, schedule.spec.policy, clock.now()))) tell(run.id);
      }
    },
    async stop() {
      isStopped = true;
      for (const { work } of active.values()) work?.cancel('The server stops.');
      await Promise.all([...active.values()].map(({ settled }) => settled));
    }
  };
}

const REPLACED = 'A newer run of the same schedule took its place, as the schedule says.';

function workOf(
  { id, owner, spec }: Schedule,
  run: Run,
  {
    notebook,
    cwd,
    out,
    number,
    resume
  }: Pick<Work, 'notebook' | 'out'> & { cwd: string; number: number; resume: string | undefined }
): Work {
  const { kernel, memory } = spec.environment;
  const { timeout, cellTimeout } = spec.policy;
  return {
    runId: run.id,
    attempt: number,
    notebook,
    cwd,
    out,
    parameters: { ...spec.parameters, ...run.parameters },
    scheduledAt: run.dueAt,
    intervalStart: run.intervalStart,
    intervalEnd: run.dueAt,
    zone: spec.when.zone,
    scheduleId: id,
    scheduleName: spec.name,
    owner,
    timeout: secondsOf(timeout),
    keepKernelSeconds: KEEP_KERNEL,
    ...(resume !== undefined && { resume }),
    ...(cellTimeout !== undefined && { cellTimeout: secondsOf(cellTimeout) }),
    ...(kernel !== undefined && { kernel }),
    ...(memory !== undefined && { memoryLimit: bytesOf(memory) })
  };
}
