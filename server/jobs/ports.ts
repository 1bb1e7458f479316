/** What the job service needs from outside. Types only. */
import type { Job, JobEvent } from '../../contract/jobs.js';

/** A job as it is stored: what people see, what its kind needs to go on, and who works on it. */
export interface StoredJob {
  job: Job;
  /** What was asked, as the kind understands it. */
  input: unknown;
  /** How far the work got, written by the kind after each durable step; where a resumed job goes on. */
  checkpoint: unknown;
  /** Raised when somebody asked to cancel, perhaps in another process. */
  cancelRequested: boolean;
}

/**
 * Jobs and their events in `state.db`. Methods are short and synchronous. What they store survives the death of the
 * process when they return; new jobs, state changes, checkpoints and cancellations survive that of the machine too.
 */
export interface JobStore {
  /** Stores a new job, or gives the one that has this id. `created` is false for the latter. */
  create(job: Job, input: unknown): { stored: StoredJob; created: boolean };
  get(id: string): StoredJob | undefined;
  /** A job without what its kind keeps, which may be large. */
  look(id: string): Pick<StoredJob, 'job' | 'cancelRequested'> | undefined;
  list(owner: string, options: { active: boolean; limit: number }): Job[];
  /**
   * Stores the job as it is now and appends an event with the next number, in one transaction.
   * Undefined, and nothing stored, where this worker's claim has passed to another one.
   */
  update(job: Job, event: JobEvent, worker: string): number | undefined;
  /** Stores how far the work got. False, and nothing stored, where the claim has passed to another worker. */
  checkpoint(id: string, checkpoint: unknown, worker: string): boolean;
  requestCancel(id: string): void;
  events(id: string, after: number): { id: number; data: JobEvent }[];
  /**
   * Makes a process the only worker of a job until `until` (milliseconds since 1970).
   * False where another live process has it. Renewed by calling it again.
   */
  claim(id: string, worker: string, until: number, now: number): boolean;
  release(id: string, worker: string): void;
  /** Unfinished jobs that no live process works on. */
  orphans(now: number): StoredJob[];
  /** Removes jobs that ended before this time (milliseconds since 1970). */
  forget(endedBefore: number): number;
}

/** Leases: at most one process of a home holds a name at a time (decision 1). */
export interface Leases {
  /** Takes or renews a lease until `until`. False where another live process holds it. */
  take(name: string, holder: string, until: number, now: number): boolean;
  release(name: string, holder: string): void;
}
