import { ProblemError } from '../../contract/problem.js';
import type { Caller, Clock, Log } from '../ports.js';
import type { JobKind } from './kinds.js';
import type { JobStore, StoredJob } from './ports.js';
import { createRun } from './runner.js';
import type { Run } from './runner.js';

/** How long a job stays claimed without a sign of life of its process. Milliseconds. */
const CLAIM = 15_000;
/** How often claims are renewed and wishes to cancel are looked for. Milliseconds. */
const TICK = 500;
/** How long a stopping process waits for work that does not heed its signal; it stays claimed until the process is gone. Milliseconds. */
const LEAVE = 2_000;
/** A job that ended its process so often without getting any further is given up. */
const MOST_STARTS = 5;

/** What is stored as the checkpoint of a job. */
interface Checkpoint {
  /** Starts since the last progress. */
  starts: number;
  given: unknown;
}

/** A job to work on. */
export interface Task {
  stored: StoredJob;
  kind: JobKind;
  caller: Caller;
  input: unknown;
}

/** The jobs this process works on: a few at once, the others in line, all of them claimed. */
export interface Workers {
  /** Claims a job and puts it in line. False where another live process has it, or this one has it already. */
  take(task: Task): boolean;
  find(id: string): Run | undefined;
  /** Cancels a job of this process; one in line ends at once. */
  cancel(id: string): void;
  /** Lets runs end for so many milliseconds, then leaves them and gives up all claims. */
  stop(grace: number): Promise<void>;
}

export interface WorkersOptions {
  store: JobStore;
  clock: Clock;
  log: Log;
  instance: string;
  parallel: number;
  changed: (id: string) => void;
}

/** The workers of this process. */
export function createWorkers(options: WorkersOptions): Workers {
  const { store, clock, log, instance } = options;
  const runs = new Map<string, Run>();
  const line: string[] = [];
  const working = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let ticking = false;

  function begin(): void {
    while (working.size < options.parallel && !stopped.signal.aborted) {
      const id = line.shift();
      const run = id === undefined ? undefined : runs.get(id);
      if (id === undefined || run === undefined) return;
      working.set(id, work(id, run));
    }
  }

  function cancel(id: string): void {
    const run = runs.get(id);
    run?.cancel();
    const place = line.indexOf(id);
    if (run === undefined || place < 0) return;
    line.splice(place, 1);
    working.set(id, work(id, run));
  }

  async function work(id: string, run: Run): Promise<void> {
    const end = await run.start();
    runs.delete(id);
    working.delete(id);
    if (end === 'left') giveUp(id);
    options.changed(id);
    begin();
  }

  /** Gives a job back. That this process ended in order is no sign against the job. */
  function giveUp(id: string): void {
    try {
      const stored = store.get(id);
      if (stored) store.checkpoint(id, { starts: 0, given: given(stored.checkpoint) } satisfies Checkpoint, instance);
      store.release(id, instance);
    } catch (error) {
      log.warn({ err: error, job: id }, 'a job was not given back; it is free when its claim runs out');
    }
  }

  async function tick(): Promise<void> {
    if (ticking) return;
    ticking = true;
    for (let round = 1; runs.size > 0 && !stopped.signal.aborted; round++) {
      await clock.sleep(TICK, stopped.signal).catch(() => undefined);
      for (const [id, run] of [...runs]) look(id, run, round % 10 === 0);
    }
    ticking = false;
  }

  function look(id: string, run: Run, renew: boolean): void {
    try {
      const now = clock.now();
      if (renew && !store.claim(id, instance, now + CLAIM, now)) run.stop();
      else if (store.look(id)?.cancelRequested) cancel(id);
    } catch (error) {
      log.warn({ err: error, job: id }, 'the claim of a job was not renewed');
    }
  }

  /** Waits until no run works any more, but no longer than so many milliseconds. */
  async function ended(milliseconds: number): Promise<void> {
    if (working.size === 0 || milliseconds === 0) return;
    const over = new AbortController();
    void Promise.all(working.values()).then(() => over.abort());
    await clock.sleep(milliseconds, over.signal).catch(() => undefined);
  }

  return {
    take({ stored, kind, caller, input }) {
      const { job } = stored;
      const now = clock.now();
      if (runs.has(job.id) || !store.claim(job.id, instance, now + CLAIM, now)) return false;
      // Another process may have got further since the job was read.
      const fresh = store.get(job.id) ?? stored;
      const starts = ((fresh.checkpoint as Checkpoint | undefined)?.starts ?? 0) + 1;
      const save = (checkpoint: unknown, count = 0): boolean =>
        store.checkpoint(job.id, { starts: count, given: checkpoint } satisfies Checkpoint, instance);
      save(given(fresh.checkpoint), starts);
      const run = createRun({
        ...options,
        kind: starts > MOST_STARTS ? givenUp(kind) : kind,
        job: fresh.job,
        caller,
        input,
        checkpoint: given(fresh.checkpoint),
        worker: instance,
        save: checkpoint => save(checkpoint),
        changed: () => options.changed(job.id)
      });
      if (fresh.cancelRequested) run.cancel();
      runs.set(job.id, run);
      line.push(job.id);
      void tick();
      // Not in this turn of the event loop: whoever started it sees it queued first.
      setImmediate(begin);
      return true;
    },
    find: id => runs.get(id),
    cancel,
    async stop(grace) {
      await ended(grace);
      stopped.abort();
      for (const run of runs.values()) run.stop();
      await ended(LEAVE);
      for (const id of line.splice(0)) {
        runs.delete(id);
        giveUp(id);
      }
    }
  };
}

function given(checkpoint: unknown): unknown {
  return (checkpoint as Checkpoint | undefined)?.given;
}

/** What a job does that ended its process again and again: it fails, visibly. */
function givenUp(kind: JobKind): JobKind {
  return {
    ...kind,
    run: () =>
      Promise.reject(
        new ProblemError(
          'internal',
          `Lakeside stopped ${MOST_STARTS} times while working on this and has given up. Start it again; if it stops again, the log of the server says more.`
        )
      )
  };
}
