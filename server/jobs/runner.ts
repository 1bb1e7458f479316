import type { Job, JobEvent, JobStep } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import type { Caller, Clock, Log } from '../ports.js';
import type { JobContext, JobKind } from './kinds.js';
import type { JobStore } from './ports.js';
import { ClaimLost, createRecorder } from './recorder.js';

/** Time between two tries to store the end of a job on a disk that takes no writes. Milliseconds. */
const RETRY = 1_000;

export interface RunOptions {
  kind: JobKind;
  job: Job;
  caller: Caller;
  input: unknown;
  checkpoint: unknown;
  worker: string;
  store: JobStore;
  clock: Clock;
  log: Log;
  /** Stores a checkpoint; false where another process has the job. */
  save: (checkpoint: unknown) => boolean;
  /** Called after each change that others may see. */
  changed: () => void;
}

/** A job that this process works on. */
export interface Run {
  /** The job as it is now, ahead of the store. */
  current(): Job;
  /** The end of the job where it could not be stored yet. */
  unsaved(): JobEvent | undefined;
  cancel(): void;
  /** Ends the work where it stands; another process, or a later start, goes on. */
  stop(): void;
  /** Starts the work. Resolves when it ended: `ended` for good, `left` where another process goes on. Never rejects. */
  start(): Promise<'ended' | 'left'>;
}

/** Makes a run; it does nothing until it is started. */
export function createRun(options: RunOptions): Run {
  const { kind, clock, log, store, worker } = options;
  const cancelled = new AbortController();
  const stopping = new AbortController();
  let unsaved: JobEvent | undefined;

  const recorder = createRecorder({
    store,
    clock,
    worker,
    job: options.job,
    stored: options.changed,
    failed(error) {
      if (error instanceof ClaimLost) stopping.abort(error);
      else log.warn({ err: error, job: options.job.id }, 'the progress of a job was not stored');
    }
  });

  async function work(): Promise<'ended' | 'left'> {
    const end = await attempt();
    if (end === undefined || !(await storeEnd(end))) return 'left';
    await kind.ended?.(recorder.current()).catch((error: unknown) => {
      log.warn({ err: error, job: options.job.id }, 'what a job left behind was not cleaned up');
    });
    return 'ended';
  }

  /** Runs the work; gives how the job ends, or undefined where it does not end here. */
  async function attempt(): Promise<Partial<Job> | undefined> {
    try {
      stopping.signal.throwIfAborted();
      if (options.checkpoint === undefined) cancelled.signal.throwIfAborted();
      recorder.state({ state: 'running' });
      const result = await kind.run(context());
      return { state: 'succeeded', result };
    } catch (error) {
      if (stopping.signal.aborted || error instanceof ClaimLost) return undefined;
      return failure(error);
    }
  }

  function context(): JobContext {
    return {
      id: options.job.id,
      caller: options.caller,
      input: options.input,
      checkpoint: options.checkpoint,
      signal: AbortSignal.any([cancelled.signal, stopping.signal]),
      stopping: stopping.signal,
      save(checkpoint) {
        if (options.save(checkpoint)) return;
        const lost = new ClaimLost();
        stopping.abort(lost);
        throw lost;
      },
      step: async (name, run) => {
        recorder.step(name, { state: 'running', done: 0, total: 0 });
        const result = await run((done, total, detail) => recorder.step(name, progress(done, total, detail)));
        recorder.step(name, { state: 'done' });
        return result;
      },
      skip: (...names) => names.forEach(name => recorder.step(name, { state: 'skipped' }))
    };
  }

  function failure(error: unknown): Partial<Job> {
    const wasCancelled = cancelled.signal.aborted || (error instanceof ProblemError && error.code === 'cancelled');
    const problem = wasCancelled ? cancelledProblem() : toProblem(error);
    return {
      state: wasCancelled ? 'cancelled' : 'failed',
      steps: recorder.current().steps.map(step => endedStep(step, wasCancelled)),
      problem: problem.toProblem()
    };
  }

  function toProblem(error: unknown): ProblemError {
    if (error instanceof ProblemError) {
      if (error.status >= 500) log.error({ err: error, job: options.job.id }, 'a job failed');
      return error;
    }
    log.error({ err: error, job: options.job.id }, 'a job failed');
    return new ProblemError(
      'internal',
      `Lakeside made a mistake while working on this. Try again; the log of the server says more under ${options.job.id}.`
    );
  }

  /** Stores the end, again and again while the disk refuses. False where another process has the job, or this one stops. */
  async function storeEnd(end: Partial<Job>): Promise<boolean> {
    for (;;) {
      try {
        recorder.state(end);
        unsaved = undefined;
        return true;
      } catch (error) {
        if (error instanceof ClaimLost) return false;
        if (unsaved === undefined)
          log.error({ err: error, job: options.job.id }, 'the end of a job was not stored yet');
        unsaved = { type: 'state', job: recorder.current() };
        options.changed();
        const stopped = await clock.sleep(RETRY, stopping.signal).then(
          () => false,
          () => true
        );
        if (stopped) return false;
      }
    }
  }

  return {
    current: () => recorder.current(),
    unsaved: () => unsaved,
    cancel: () => cancelled.abort(cancelledProblem()),
    stop: () => stopping.abort(new ProblemError('stopping', 'Lakeside is stopping. The work goes on when it is back.')),
    start: async () => {
      try {
        return await work();
      } finally {
        recorder.close();
      }
    }
  };
}

function progress(done: number, total: number, detail: string | undefined): Partial<JobStep> {
  return { done, total, ...(detail !== undefined && { detail }) };
}

function endedStep(step: JobStep, wasCancelled: boolean): JobStep {
  if (step.state === 'running') return { ...step, state: wasCancelled ? 'skipped' : 'failed' };
  return step.state === 'waiting' && wasCancelled ? { ...step, state: 'skipped' } : step;
}

function cancelledProblem(): ProblemError {
  return new ProblemError('cancelled', 'It was cancelled. What was not finished is left out.');
}
