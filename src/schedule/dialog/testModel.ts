import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { RunEvent } from '../../../contract/schedule/news.js';
import { isEnded } from '../../../contract/schedule/records.js';
import type { Run } from '../../../contract/schedule/records.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import type { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import { textOfOutput } from './outputText.js';

/** A cell of a test run. */
export interface ITestedCell {
  /** Of the cells of code, counted from 1. */
  readonly cell: number;
  readonly source: string;
}

/** How a test goes. */
export interface ITestState {
  readonly run?: Run;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Cells of code that are done, of how many. */
  readonly done: number;
  readonly of: number;
  /** The cell under way. */
  readonly cell?: ITestedCell;
  readonly failed?: ITestedCell;
  /** The last of what it printed. */
  readonly output: string;
  readonly cancelling: boolean;
  /** The run could not be started, or its news do not come any more. */
  readonly problem?: ProblemError;
}

/** What a test needs. */
export interface ITestModelOptions {
  client: Client;
  opId: string;
  spec: ScheduleSpec;
  now: () => number;
}

/** Runs a schedule once that is not saved, and follows it. */
export class TestModel extends StateModel<ITestState> {
  constructor(options: ITestModelOptions) {
    super({ startedAt: options.now(), done: 0, of: 0, output: '', cancelling: false });
    this._options = options;
  }

  /** Whether it came to an end, good or bad. */
  get isOver(): boolean {
    const { run, problem } = this.state;
    return run === undefined ? problem !== undefined : isEnded(run.state);
  }

  /**
   * Starts it and follows it to its end.
   *
   * @throws ProblemError where it was refused: a field is not right, the notebook cannot be read
   */
  async start(): Promise<void> {
    const { client, opId, spec } = this._options;
    const run = await client.call(scheduleRoutes.test, { body: { opId, spec } });
    if (this.isDisposed) return this._end(run);
    this._take(run);
    if (this._cancelWanted) void this.cancel();
    await this.follow();
  }

  /** Follows the run, again after the connection was lost. */
  async follow(): Promise<void> {
    const { run } = this.state;
    if (run === undefined || isEnded(run.state)) return;
    const { client } = this._options;
    const params = { runId: run.id };
    this.setState({ problem: undefined });
    try {
      const options = { signal: this._gone.signal, lastEventId: this._seen };
      for await (const { id, data } of await client.call(runRoutes.events, { params }, options)) {
        this._seen = id;
        this._hear(data);
        if (this.isOver) return;
      }
      this._take(await client.call(runRoutes.get, { params }));
      if (!this.isOver) throw new Error('The stream of events ended before the run.');
    } catch (error) {
      if (!this._gone.signal.aborted) this.setState({ problem: asProblem(error) });
    }
  }

  /** Ends the run. */
  async cancel(): Promise<void> {
    this._cancelWanted = true;
    const { run } = this.state;
    this.setState({ cancelling: true });
    if (run === undefined || isEnded(run.state)) return;
    try {
      this._take(await this._options.client.call(runRoutes.cancel, { params: { runId: run.id } }));
    } catch (error) {
      this.setState({ cancelling: false, problem: asProblem(error) });
    }
  }

  /** Nobody looks at it any more: a run that goes on is ended. */
  override dispose(): void {
    if (this.isDisposed) return;
    this._gone.abort();
    const { run } = this.state;
    super.dispose();
    if (run !== undefined) void this._end(run);
  }

  private async _end(run: Run): Promise<void> {
    if (isEnded(run.state)) return;
    const { client } = this._options;
    await client.call(runRoutes.cancel, { params: { runId: run.id } }).catch(() => undefined);
  }

  private _hear(event: RunEvent): void {
    if (event.type === 'run') {
      this._take(event.run);
    } else if (event.type === 'started') {
      // A further try begins from the top.
      this.setState({ done: 0, of: 0, cell: undefined, failed: undefined, output: '' });
    } else if (event.type === 'cell') {
      const known = this.state.cell?.cell === event.cell ? this.state.cell.source : '';
      const cell = { cell: event.cell, source: event.source ?? known };
      const { of } = event;
      if (event.state === 'running') this.setState({ cell, of, done: event.cell - 1, output: '' });
      else if (event.state === 'failed') this.setState({ failed: cell, of, cell: undefined });
      else this.setState({ done: event.cell, of, cell: undefined });
    } else if (event.type === 'output') {
      const output = textOfOutput(event.output, this.state.output);
      if (output !== undefined) this.setState({ output });
    }
  }

  private _take(run: Run): void {
    const { progress } = run;
    const endedAt = isEnded(run.state) ? (this.state.endedAt ?? this._options.now()) : undefined;
    this.setState({
      run,
      endedAt,
      ...(endedAt !== undefined && { cancelling: false, cell: undefined }),
      // The cell that it names may still be under way.
      ...(progress && { of: progress.of, done: Math.max(this.state.done, progress.cell - 1) }),
      ...(run.state === 'SUCCEEDED' && { done: this.state.of })
    });
  }

  private readonly _options: ITestModelOptions;
  private readonly _gone = new AbortController();
  private _seen = 0;
  private _cancelWanted = false;
}
