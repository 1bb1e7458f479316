import type { Job } from '../../contract/jobs.js';
import type { Caller } from '../ports.js';

/** Tells how far a step is. `total` 0 means that nobody can say. */
export type Report = (done: number, total: number, detail?: string) => void;

/** What the work of a job gets. */
export interface JobContext {
  /** The id of the job: the `opId` its caller made. */
  id: string;
  /** Who started it. */
  caller: Caller;
  input: unknown;
  /** What was last given to `save`, perhaps by a process that died; undefined at the first start. */
  checkpoint: unknown;
  /** Raised when the job is cancelled, and whenever `stopping` is. */
  signal: AbortSignal;
  /** Raised when this process stops or lost the job to another one. For what must be finished once it is begun. */
  stopping: AbortSignal;
  /** Stores how far the work got. Durable when it returns. Throws where another process has the job. */
  save: (checkpoint: unknown) => void;
  /** Runs a step and shows it: running, then done, or failed where it throws. */
  step: <T>(name: string, work: (report: Report) => Promise<T>) => Promise<T>;
  /** Shows steps that are not needed. */
  skip: (...names: string[]) => void;
}

/** A kind of long work. */
export interface JobKind {
  kind: string;
  /** The steps as they are shown from the beginning. */
  steps: readonly string[];
  /**
   * Does the work and gives its result. May be killed anywhere and is then run again, with the last checkpoint.
   * Throws `ProblemError` for what the person can mend.
   */
  run(context: JobContext): Promise<unknown>;
  /** Cleans up, after the end of the job is stored. */
  ended?(job: Job): Promise<void>;
}
