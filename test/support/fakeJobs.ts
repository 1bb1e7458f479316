import type { Job, JobEvent, JobStep } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import type { StreamEvent } from '../../contract/route.js';

interface FakeJob {
  job: Job;
  events: StreamEvent<JobEvent>[];
  finish: () => unknown;
  cancelled: boolean;
}

/** Jobs in memory: they run step by step, each step in a turn of its own, and their events replay. */
export class FakeJobs {
  /** The step before which jobs wait until `release`. */
  holdAt: string | undefined;
  /** The step that fails, and with what; once. */
  failAt: { step: string; error: ProblemError } | undefined;
  /** Breaks each connection to the events after so many events. */
  dropAfter = Infinity;

  /** Starts a job, or gives the one that has the id. */
  start(id: string, names: string[], finish: () => unknown): Job {
    const known = this._jobs.get(id);
    if (known) return known.job;
    const at = '2026-11-21T10:00:00.000Z';
    const steps = names.map((name): JobStep => ({ name, state: 'waiting', done: 0, total: 0 }));
    const job: Job = { id, kind: 'share', state: 'queued', owner: 'ada', createdAt: at, updatedAt: at, steps };
    const fake: FakeJob = { job, events: [], finish, cancelled: false };
    this._jobs.set(id, fake);
    void this._run(fake);
    return job;
  }

  get(id: string): Job {
    return this._find(id).job;
  }

  cancel(id: string): void {
    const fake = this._find(id);
    fake.cancelled = true;
    this.release();
  }

  /** Lets held jobs go on to their end. */
  release(): void {
    this.holdAt = undefined;
    this._wake();
  }

  async *events(id: string, after: number, signal?: AbortSignal): AsyncGenerator<StreamEvent<JobEvent>> {
    const fake = this._find(id);
    let sent = after;
    for (let count = 0; ;) {
      signal?.throwIfAborted();
      const next = fake.events.find(event => event.id > sent);
      if (next !== undefined) {
        if (count++ >= this.dropAfter) throw new ProblemError('unavailable', 'The connection broke.');
        sent = next.id;
        yield next;
        if (next.data.type === 'state' && isFinal(next.data.job)) return;
      } else {
        if (isFinal(fake.job)) return;
        await this._news();
      }
    }
  }

  private async _run(fake: FakeJob): Promise<void> {
    this._state(fake, { state: 'running' });
    for (const { name } of fake.job.steps) {
      while (this.holdAt === name && !fake.cancelled) await this._news();
      if (fake.cancelled) {
        this._state(fake, { state: 'cancelled' });
        return;
      }
      this._step(fake, { name, state: 'running', done: 0, total: 2 });
      await Promise.resolve();
      if (this.failAt?.step === name) {
        const { error } = this.failAt;
        this.failAt = undefined;
        this._step(fake, { name, state: 'failed', done: 0, total: 2 });
        this._state(fake, { state: 'failed', problem: error.toProblem('req-1') });
        return;
      }
      this._step(fake, { name, state: 'done', done: 2, total: 2 });
    }
    this._state(fake, { state: 'succeeded', result: fake.finish() });
  }

  private _step(fake: FakeJob, step: JobStep): void {
    fake.job = { ...fake.job, steps: fake.job.steps.map(each => (each.name === step.name ? step : each)) };
    this._append(fake, { type: 'step', step });
  }

  private _state(fake: FakeJob, change: Partial<Job>): void {
    fake.job = { ...fake.job, ...change };
    this._append(fake, { type: 'state', job: fake.job });
  }

  private _append(fake: FakeJob, data: JobEvent): void {
    fake.events.push({ id: fake.events.length + 1, data });
    this._wake();
  }

  private _news(): Promise<void> {
    return new Promise(resolve => this._waiting.push(resolve));
  }

  private _wake(): void {
    for (const resolve of this._waiting.splice(0)) resolve();
  }

  private _find(id: string): FakeJob {
    const fake = this._jobs.get(id);
    if (fake === undefined) throw new ProblemError('not-found', 'There is no such job.');
    return fake;
  }

  private readonly _jobs = new Map<string, FakeJob>();
  private _waiting: (() => void)[] = [];
}

function isFinal(job: Job): boolean {
  return ['succeeded', 'failed', 'cancelled'].includes(job.state);
}
