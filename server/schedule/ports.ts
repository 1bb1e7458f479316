import type {
  Attempt,
  Parameter,
  ParameterValue,
  Run,
  RunState,
  Schedule,
  ScheduleState,
  Toast
} from '../../contract/schedule/index.js';
import type { RunDiff } from '../../contract/schedule/runRoutes.js';

/** A schedule with how far its due times have become runs: all up to `plannedTo` have (milliseconds since 1970). */
export interface PlannedSchedule {
  schedule: Schedule;
  plannedTo: number;
}

/** Which runs are asked for, newest first. */
export interface RunQuery {
  scheduleId?: string;
  owner?: string;
  states?: readonly RunState[];
  /** The id of the last one that was seen. */
  after?: string;
  limit: number;
}

/**
 * Schedules, runs and attempts in `state.db`. Methods are short and synchronous; what they store is durable when they
 * return.
 */
export interface ScheduleStore {
  /** Stores a new schedule whose due times count from `plannedTo` on; false, and nothing stored, where the id is taken. */
  create(schedule: Schedule, plannedTo: number): boolean;
  get(id: string): Schedule | undefined;
  /** All that are active or paused, whoever owns them. */
  living(): Schedule[];
  /** Removes schedules in a state that have not changed since (milliseconds since 1970), with their runs. */
  forget(state: ScheduleState, since: number): number;
  /** By name. Deleted ones only where they are asked for. */
  list(owner: string, options: { deleted?: boolean }): Schedule[];
  /** Stores a change; false, and nothing stored, where the revision it was made from is not the present one. */
  update(schedule: Schedule, from: number, plannedTo?: number): boolean;
  /** Active schedules whose next due time has come, the longest due first. */
  due(now: number, limit: number): PlannedSchedule[];
  /** When the next active schedule is due, in milliseconds since 1970. */
  nextDue(): number | undefined;
  /**
   * Stores runs and how far the schedule is planned, in one transaction. A due time that has a run keeps it. Nothing is
   * stored where the schedule was changed since.
   */
  plan(planned: { schedule: Schedule; plannedTo: number; runs: readonly Run[] }): void;
  run(id: string): Run | undefined;
  runs(query: RunQuery): Run[];
  /** Runs of a schedule that have not ended, the oldest first. */
  underWay(scheduleId: string): Run[];
  /** Adds runs that nobody planned: manual ones and backfills. */
  add(runs: readonly Run[]): void;
  /**
   * Adds runs of due times; where a due time has a run that ended without success, that one waits again. @returns those
   * that wait now
   */
  again(runs: readonly Run[]): Run[];
  /** Notes that somebody wants a run ended that another process has begun. */
  wish(id: string, reason: string): void;
  /** The runs of a worker that somebody wants ended. */
  wishes(worker: string): { id: string; reason: string }[];
  /** Of each schedule the first run that waits and whose time has come, the longest due first. */
  waiting(now: number, limit: number): Run[];
  /** Begins an attempt; false where the run does not wait any more. */
  begin(id: string, attempt: Attempt, worker: string): boolean;
  /** Changes a run that this worker began, or that nobody has begun (`worker` undefined); false where it is not so. */
  change(run: Run, worker: string | undefined): boolean;
  /** The newest change of a run or schedule; changes count up. */
  lastChange(): number;
  /** What of an owner changed after a change, the oldest first, with how far one has then seen. */
  changes(owner: string, after: number, limit: number): { seen: number; runs: Run[]; schedules: string[] };
  /** Runs that were begun by a worker that is surely dead. */
  orphans(): Run[];
  /** Changes a run whose worker is surely dead; false where it is not so any more. */
  adopt(run: Run): boolean;
  /** Removes ended runs of a schedule but the newest `keep`, and those that ended after `since`. */
  thin(scheduleId: string, keep: number, since: number): number;
}

/** One attempt for a runner. Paths are absolute, times in ISO 8601, lengths of time in seconds, sizes in bytes. */
export interface Work {
  runId: string;
  attempt: number;
  notebook: string;
  /** What the record of the run calls the notebook, where the file is a copy of it. */
  source?: string;
  /** Folder that gets `events.ndjson`, `output.ipynb` and `run.json`. */
  out: string;
  parameters: Readonly<Record<string, ParameterValue>>;
  scheduledAt: string;
  intervalStart: string;
  intervalEnd: string;
  zone: string;
  scheduleId: string;
  scheduleName: string;
  owner: string;
  kernel?: string;
  memoryLimit?: number;
  timeout: number;
  cellTimeout?: number;
  /** The folder that the kernel works in; that of the notebook by default. */
  cwd?: string;
  /** A former output to go on from. */
  resume?: string;
  /** How long the kernel of a failed run is kept, so that one can go on from there. Seconds. */
  keepKernelSeconds: number;
  /** Variables of the kernel, over those of the server's; one that is null it does not get. */
  env?: Readonly<Record<string, string | null>>;
}

/** How an attempt ended: the runner's exit code (see docs/users/runner.md), and why it is not 0. */
export interface WorkEnd {
  exitCode: number;
  reason?: string;
}

/** An attempt under way. */
export interface WorkUnderWay {
  /** Never rejects. */
  ended: Promise<WorkEnd>;
  /** Ends it: the kernel and all that its cells started. */
  cancel(reason: string): void;
}

/** What a notebook says of itself. */
export interface Inspection {
  language: string;
  kernel?: string;
  parameters: Parameter[];
}

/** Runs notebooks on this machine. */
export interface NotebookRunner {
  start(work: Work, progress: (cell: number, of: number) => void): WorkUnderWay;
  /** How an attempt ended whose process is gone; undefined where it did not come to its end. */
  endOf(out: string): Promise<WorkEnd | undefined>;
  /** Ends what an attempt left behind whose runner is gone. */
  clear(out: string): Promise<void>;
  /** Ends what is left of all runners that are gone, whatever became of their runs. */
  sweep(): Promise<void>;
  /**
   * Reads what a notebook's `parameters` cell declares.
   *
   * @throws ProblemError `not-a-notebook`
   */
  inspect(notebook: string): Promise<Inspection>;
  /** The kernels that are installed. */
  kernels(): Promise<{ name: string; title: string }[]>;
}

/** Where schedules find notebooks and leave outputs. Paths are contents paths below a schedule's root. */
export interface ScheduleFiles {
  /** The root that the caller's paths are below; undefined where this server keeps no files. */
  root(): string | undefined;
  /**
   * The notebook as a run takes it, absolute.
   *
   * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`
   */
  notebook(root: string, path: string): Promise<string>;
  /** Copies a notebook as it is now, durably, under a name. @param file - absolute. @throws ProblemError of the disk */
  pin(file: string, name: string): Promise<void>;
  /** Where such a copy is. */
  pinned(name: string): string;
  unpin(name: string): Promise<void>;
  /** Makes the folder of an attempt. @param place - its contents path */
  output(root: string, place: string): Promise<string>;
  /** A file of an attempt that is there, absolute; undefined where it is not. */
  result(root: string, place: string, name: string): Promise<string | undefined>;
  /** The absolute path of a contents path, as text. */
  absolute(root: string, path: string): string;
  /** The contents path of an absolute path below a root; undefined where it is not below. */
  below(root: string, absolute: string): string | undefined;
}

/** Notices for the person at the screen. Each is shown once. */
export interface Toasts {
  waiting(owner: string): Toast[];
  /** True for the first who asks. */
  claim(owner: string, id: string): boolean;
}

/** Shows outputs, in a child process with capped memory and time. */
export interface OutputPages {
  /** Writes a notebook as one HTML document. @param workDirectory - exists, is empty and belongs to this call */
  document(
    file: string,
    options: { title: string; hideCode: boolean },
    call: { workDirectory: string; signal: AbortSignal }
  ): Promise<{ file: string; size: number }>;
  /** Compares two notebooks cell by cell. */
  compare(
    before: string,
    after: string,
    call: { workDirectory: string; signal: AbortSignal }
  ): Promise<Omit<RunDiff, 'run' | 'against'>>;
}
