import type { Job, JobEvent } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import type { StreamEvent } from '../../contract/route.js';
import type { Caller, Clock, Log } from '../ports.js';
import { createBell } from './bell.js';
import { follow, isFinal } from './events.js';
import type { JobKind } from './kinds.js';
import type { JobStore, Leases, StoredJob } from './ports.js';
import { createWorkers } from './workers.js';

/** Ended jobs are forgotten after a week. Milliseconds. */
const KEEP = 7 * 24 * 3600 * 1000;
/** How often unfinished jobs of dead processes are looked for. Milliseconds. */
const RECONCILE = 5_000;
const RECONCILE_LEASE = 'jobs:reconcile';

/** Long work as resources. Every method acts for its caller; other people's jobs do not exist for them. */
export interface JobService {
  register(kind: JobKind): void;
  /**
   * Starts a job, or gives the one that was started under this id. Stored when it returns.
   *
   * @param opId - made by the caller; the same again gives the same job
   * @throws ProblemError `conflict` where the id belongs to another job, `stopping`, `storage-full`, `storage-read-only`
   */
  start(caller: Caller, kind: string, opId: string, input: unknown): Job;
  list(caller: Caller, options: { active: boolean; limit: number }): Job[];
  /** @throws ProblemError `not-found` */
  get(caller: Caller, id: string): Job;
  /**
   * The events of a job after one of them, then those to come until it ended or the signal is raised.
   *
   * @throws ProblemError `not-found`, at once
   */
  events(caller: Caller, id: string, after: number, signal: AbortSignal): AsyncIterable<StreamEvent<JobEvent>>;
  /** Asks to cancel, in whichever process the job runs; that one sees it within a second. @throws ProblemError `not-found` */
  cancel(caller: Caller, id: string): void;
  /** Whether there is an unfinished job of this id, whoever owns it. For those who clean up after jobs. */
  isUnderWay(id: string): boolean;
  /** Resumes what dead processes left, where this process holds the lease. Gives the number of jobs resumed. */
  reconcile(caller: Caller): number;
  /** Resumes the same and waits until it ended, whatever its end. For processes that do not stay. */
  finish(signal: AbortSignal): Promise<void>;
  /** Reconciles now and every five seconds, and forgets old jobs. For processes that stay. */
  watch(caller: Caller): void;
  /** Lets running jobs end for so many milliseconds, then leaves them to other processes or a later start. */
  stop(grace?: number): Promise<void>;
}

export interface JobServiceOptions {
  store: JobStore;
  leases: Leases;
  clock: Clock;
  log: Log;
  /** The name of this process among all that work on the home. */
  instance: string;
  /** Jobs that run at once in this process; others wait. */
  parallel?: number;
}

/** What is stored as the input of a job: also who started it, for the process that resumes it. */
interface Input {
  caller: Caller;
  given: unknown;
}

/** The job service of this process. */
export function createJobService(options: JobServiceOptions): JobService {
  const { store, leases, clock, log, instance } = options;
  const kinds = new Map<string, JobKind>();
  const bell = createBell(clock);
  const workers = createWorkers({ ...options, changed: id => bell.ring(id), parallel: options.parallel ?? 4 });
  const stopped = new AbortController();

  function owned(caller: Caller, id: string): Job {
    const job = store.look(id)?.job;
    if (job?.owner === caller.name) return job;
    throw new ProblemError('not-found', `There is no job ${id}. Ended jobs are forgotten after a week.`);
  }

  /** Works on a job in this process, unless another live one does. */
  function take(stored: StoredJob): boolean {
    const { caller, given } = stored.input as Input;
    const kind = kinds.get(stored.job.kind);
    return kind !== undefined && workers.take({ stored, kind, caller, input: given });
  }

  function resume(): StoredJob[] {
    if (stopped.signal.aborted) return [];
    const now = clock.now();
    const orphans = store.orphans(now);
    // The usual case writes nothing: an idle process keeps no disk awake.
    if (orphans.length === 0 || !leases.take(RECONCILE_LEASE, instance, now + 3 * RECONCILE, now)) return [];
    const resumed = orphans.filter(take);
    for (const { job } of resumed) log.info({ job: job.id, kind: job.kind }, 'resuming a job');
    return resumed;
  }

  function events(id: string, after: number, signal: AbortSignal): AsyncIterable<StreamEvent<JobEvent>> {
    return follow({ store, bell, id, after, signal, unsaved: () => workers.find(id)?.unsaved() });
  }

  async function keepWatch(): Promise<void> {
    for (let round = 0; !stopped.signal.aborted; round++) {
      try {
        resume();
        if (round % 720 === 0) store.forget(clock.now() - KEEP);
      } catch (error) {
        log.warn({ err: error }, 'unfinished jobs could not be looked for');
      }
      await clock.sleep(RECONCILE, stopped.signal).catch(() => undefined);
    }
  }

  return {
    register: kind => void kinds.set(kind.kind, kind),
    start(caller, kind, opId, input) {
      const found = kinds.get(kind);
      if (found === undefined) throw new Error(`Nobody does jobs of the kind ${kind}.`);
      if (stopped.signal.aborted) {
        throw new ProblemError('stopping', 'Lakeside is stopping. Try again.', { retryAfter: 1 });
      }
      const { stored } = store.create(newJob(found, opId, caller, clock), { caller, given: input } satisfies Input);
      if (stored.job.owner !== caller.name || stored.job.kind !== kind) {
        throw new ProblemError('conflict', `The id ${opId} belongs to another job. Start again with a new id.`);
      }
      if (!isFinal(stored.job.state)) take(stored);
      return workers.find(opId)?.current() ?? stored.job;
    },
    list: (caller, wanted) =>
      store
        .list(caller.name, wanted)
        .map(job => workers.find(job.id)?.current() ?? job)
        .filter(job => !wanted.active || !isFinal(job.state)),
    get(caller, id) {
      const job = owned(caller, id);
      return workers.find(id)?.current() ?? job;
    },
    events(caller, id, after, signal) {
      owned(caller, id);
      return events(id, after, signal);
    },
    cancel(caller, id) {
      owned(caller, id);
      store.requestCancel(id);
      workers.cancel(id);
    },
    isUnderWay(id) {
      const found = store.look(id);
      return found !== undefined && !isFinal(found.job.state);
    },
    reconcile: () => resume().length,
    async finish(signal) {
      for (const { job } of resume()) {
        const news = events(job.id, 0, signal)[Symbol.asyncIterator]();
        while ((await news.next()).done !== true);
      }
    },
    watch: () => void keepWatch(),
    async stop(grace = 0) {
      stopped.abort();
      await workers.stop(grace);
      try {
        leases.release(RECONCILE_LEASE, instance);
      } catch (error) {
        log.warn({ err: error }, 'a lease was not given back; it runs out by itself');
      }
    }
  };
}

function newJob(kind: JobKind, id: string, caller: Caller, clock: Clock): Job {
  const at = new Date(clock.now()).toISOString();
  return {
    id,
    kind: kind.kind,
    state: 'queued',
    owner: caller.name,
    createdAt: at,
    updatedAt: at,
    steps: kind.steps.map(name => ({ name, state: 'waiting', done: 0, total: 0 }))
  };
}
