import type { Job, JobEvent, JobStep } from '../../contract/jobs.js';
import type { Clock } from '../ports.js';
import type { JobStore } from './ports.js';

/** Shortest time between two stored progress events of a job. Milliseconds. */
const THROTTLE = 200;

/** Another process has the job. */
export class ClaimLost extends Error {}

/** Keeps the job of a running work: in memory at once, in the store at most five times a second, and always at last. */
export interface Recorder {
  current(): Job;
  /** Changes a step. A change of its state is stored at once. */
  step(name: string, change: Partial<JobStep>): void;
  /** Changes the job and stores it with a state event. @throws ClaimLost, or what the store threw */
  state(change: Partial<Job>): void;
  /** Drops what was not stored yet. */
  close(): void;
}

export interface RecorderOptions {
  store: JobStore;
  clock: Clock;
  worker: string;
  job: Job;
  /** Called after each stored event. */
  stored: () => void;
  /** Called where progress could not be stored; the work goes on. */
  failed: (error: unknown) => void;
}

/** The recorder of one job. */
export function createRecorder(options: RecorderOptions): Recorder {
  const { store, clock, worker } = options;
  const closed = new AbortController();
  let { job } = options;
  let waiting: string | undefined;
  let timer: AbortController | undefined;
  let lastStored = Number.NEGATIVE_INFINITY;

  function put(next: Job, event: JobEvent): void {
    if (store.update(next, event, worker) === undefined) throw new ClaimLost();
    lastStored = clock.monotonic();
    options.stored();
  }

  function flush(): void {
    timer?.abort();
    timer = undefined;
    const step = job.steps.find(({ name }) => name === waiting);
    waiting = undefined;
    if (step === undefined || closed.signal.aborted) return;
    try {
      put(job, { type: 'step', step });
    } catch (error) {
      options.failed(error);
    }
  }

  function schedule(): void {
    if (timer !== undefined) return;
    const mine = (timer = new AbortController());
    const rest = THROTTLE - (clock.monotonic() - lastStored);
    if (rest <= 0) flush();
    else void clock.sleep(rest, AbortSignal.any([mine.signal, closed.signal])).then(flush, () => undefined);
  }

  return {
    current: () => job,
    step(name, change) {
      const before = job.steps.find(step => step.name === name);
      if (before === undefined) throw new Error(`There is no step ${name}.`);
      const step = { ...before, ...change };
      const steps = job.steps.map(other => (other.name === name ? step : other));
      if (waiting !== undefined && waiting !== name) flush();
      job = { ...job, steps, updatedAt: new Date(clock.now()).toISOString() };
      waiting = name;
      if (step.state === before.state) schedule();
      else flush();
    },
    state(change) {
      flush();
      const next = { ...job, ...change, updatedAt: new Date(clock.now()).toISOString() };
      job = next;
      put(next, { type: 'state', job: next });
    },
    close: () => closed.abort()
  };
}
