import type { Client } from '../../contract/client.js';
import { jobRoutes } from '../../contract/jobs.js';
import type { Job, JobEvent, JobStep } from '../../contract/jobs.js';
import { ProblemError } from '../../contract/problem.js';
import { ShareResult } from '../../contract/share/publish.js';
import { asProblem } from './library/failure.js';
import { StateModel } from '../stateModel.js';

/** What views show of a job. */
export interface IJobState {
  readonly job: Job;
  /** Milliseconds since 1970 by this browser's clock, for the time so far. */
  readonly startedAt: number;
  /** When it was seen to end. */
  readonly endedAt?: number;
  /** Somebody asked to cancel it, and it has not ended yet. */
  readonly cancelling: boolean;
  /** Why nobody knows how far it is: the job goes on, but the connection to it is lost. */
  readonly lost?: ProblemError;
}

/** What following a job needs. */
export interface IJobModelOptions {
  client: Client;
  job: Job;
  now: () => number;
  /** When it was started by this browser's clock; now, where nothing is given. */
  startedAt?: number;
}

/** One job, followed to its end. Goes on when nobody looks. */
export class JobModel extends StateModel<IJobState> {
  constructor(options: IJobModelOptions) {
    const { client, job, now } = options;
    super({ job, startedAt: options.startedAt ?? now(), cancelling: false });
    this._client = client;
    this._now = now;
    this.finished = new Promise(resolve => (this._finish = resolve));
    void this.follow();
  }

  /** Resolves with the job when it has ended, however it ended. */
  readonly finished: Promise<Job>;

  get id(): string {
    return this.state.job.id;
  }

  /** What it made, where it succeeded. */
  get result(): ShareResult | undefined {
    const { job } = this.state;
    return job.state === 'succeeded' ? ShareResult.parse(job.result) : undefined;
  }

  /** Follows the job's events, again after the connection was lost. */
  async follow(): Promise<void> {
    if (isFinal(this.state.job)) {
      this._apply(this.state.job);
      return;
    }
    this.setState({ lost: undefined });
    try {
      const events = await this._client.call(
        jobRoutes.events,
        { params: { jobId: this.id } },
        { signal: this._gone.signal, lastEventId: this._seen }
      );
      for await (const { id, data } of events) {
        this._seen = id;
        this._take(data);
      }
      // The stream ended without the last word: ask for it.
      if (!isFinal(this.state.job)) {
        this._apply(await this._client.call(jobRoutes.get, { params: { jobId: this.id } }));
      }
      if (!isFinal(this.state.job)) throw new ProblemError('unavailable', 'The connection to this job was lost.');
    } catch (error) {
      if (!this._gone.signal.aborted) this.setState({ lost: asProblem(error) });
    }
  }

  /** Asks the server to cancel; the job says itself when it has. */
  async cancel(): Promise<void> {
    if (isFinal(this.state.job) || this.state.cancelling) return;
    this.setState({ cancelling: true });
    try {
      await this._client.call(jobRoutes.cancel, { params: { jobId: this.id } });
    } catch (error) {
      this.setState({ cancelling: false });
      throw error;
    }
  }

  /** Stops following; the job itself goes on. */
  override dispose(): void {
    this._gone.abort();
    super.dispose();
  }

  private _take(event: JobEvent): void {
    if (event.type === 'state') {
      this._apply(event.job);
      return;
    }
    const { job } = this.state;
    const known = job.steps.some(step => step.name === event.step.name);
    const steps = known
      ? job.steps.map(step => (step.name === event.step.name ? event.step : step))
      : [...job.steps, event.step];
    this.setState({ job: { ...job, steps } });
  }

  private _apply(job: Job): void {
    if (!isFinal(job)) {
      this.setState({ job });
      return;
    }
    this.setState({ job, cancelling: false, endedAt: this.state.endedAt ?? this._now(), lost: undefined });
    this._finish(job);
  }

  private readonly _client: Client;
  private readonly _now: () => number;
  private readonly _gone = new AbortController();
  private _seen = 0;
  private _finish: (job: Job) => void = () => undefined;
}

/** Whether a job has ended. */
export function isFinal(job: Job): boolean {
  return job.state === 'succeeded' || job.state === 'failed' || job.state === 'cancelled';
}

/** How far a job is, from 0 to 1: each step counts the same, the one under way by what it has done. */
export function fractionOf(job: Job): number {
  if (job.state === 'succeeded') return 1;
  if (job.steps.length === 0) return 0;
  return job.steps.reduce((sum, step) => sum + fractionOfStep(step), 0) / job.steps.length;
}

function fractionOfStep(step: JobStep): number {
  if (step.state === 'done' || step.state === 'skipped') return 1;
  if (step.state !== 'running' || step.total === 0) return 0;
  return Math.min(step.done / step.total, 1);
}
