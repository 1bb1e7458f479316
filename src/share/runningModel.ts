import { jobRoutes } from '../../contract/jobs.js';
import type { Job } from '../../contract/jobs.js';
import type { ILakesideApi } from '../tokens.js';
import { JobModel } from './jobModel.js';
import { StateModel } from '../stateModel.js';

/** A share under way, with what to call it. */
export interface IRunning {
  readonly job: JobModel;
  readonly name: string;
}

/** The shares under way, oldest first. */
export interface IRunningState {
  readonly running: readonly IRunning[];
}

/** Remembers jobs over a reload of the page. */
export interface IJobMemory {
  read(): IRemembered[];
  write(jobs: IRemembered[]): void;
}

/** What is remembered of a job. */
export interface IRemembered {
  id: string;
  name: string;
}

/** All shares this browser started and that have not ended, also those of before a reload. */
export class RunningModel extends StateModel<IRunningState> {
  constructor(options: { api: ILakesideApi; memory: IJobMemory; now: () => number }) {
    super({ running: [] });
    this._options = options;
  }

  /**
   * Remembers a job that the server is being asked for.
   *
   * @returns forgets it, where the server did not take it
   */
  expect(id: string, name: string): () => void {
    const expected = { id, name };
    this._expected.push(expected);
    this._remember();
    return () => {
      this._expected = this._expected.filter(other => other !== expected);
      this._remember();
    };
  }

  /** Keeps a job in sight until it ends. */
  add(job: JobModel, name: string): void {
    this._expected = this._expected.filter(({ id }) => id !== job.id);
    this._change([...this.state.running, { job, name }]);
    void job.finished.then(() => this._change(this.state.running.filter(other => other.job !== job)));
  }

  /**
   * Finds the jobs of before a reload again.
   *
   * @returns those that were under way
   */
  async recover(): Promise<IRunning[]> {
    const { api, memory, now } = this._options;
    const remembered = memory.read().filter(({ id }) => !this.state.running.some(({ job }) => job.id === id));
    if (remembered.length === 0) return [];
    const client = await api.background();
    const found: IRunning[] = [];
    for (const { id, name } of remembered) {
      const job = await client.call(jobRoutes.get, { params: { jobId: id } }).catch(() => undefined);
      if (job === undefined) continue;
      const model = new JobModel({ client, job, now, startedAt: Math.min(now(), createdAt(job)) });
      found.push({ job: model, name });
      this.add(model, name);
    }
    this._remember();
    return found;
  }

  private _change(running: readonly IRunning[]): void {
    this.setState({ running });
    this._remember();
  }

  private _remember(): void {
    const running = this.state.running.map(({ job, name }) => ({ id: job.id, name }));
    this._options.memory.write([...running, ...this._expected]);
  }

  private _expected: IRemembered[] = [];

  private readonly _options: { api: ILakesideApi; memory: IJobMemory; now: () => number };
}

function createdAt(job: Job): number {
  return Date.parse(job.createdAt);
}
