import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { RunEvent } from '../../../contract/schedule/news.js';
import type { Run, Schedule } from '../../../contract/schedule/records.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import { toText } from '../../api/bytes.js';
import { asProblem } from '../../api/problems.js';
import { isOlder } from '../panel/changes.js';
import { StateModel } from '../../stateModel.js';
import { goodDurations, hasEnded, median } from '../states.js';
import { emptyCourse, withEvent, withOutput } from './course.js';
import type { ICourse, IOutput } from './course.js';

/** How the page of a run stands. */
export interface IRunState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why nothing can be shown, or why what is shown may be out of date. */
  readonly error?: ProblemError;
  readonly run?: Run;
  /** The schedule it belongs to, where that is still known. */
  readonly schedule?: Schedule;
  /** Milliseconds that a good run takes. */
  readonly median?: number;
  /** What its newest attempt told so far. */
  readonly course: ICourse;
  /** The connection to its events is lost; it goes on by itself. */
  readonly lost: boolean;
  /** A person asked to cancel it, and it has not ended yet. */
  readonly cancelling: boolean;
}

/** What the page of a run needs. */
export interface IRunOptions {
  client: Client;
  background: Client;
  runId: string;
  newId: () => string;
  /** Runs something a moment later; what comes meanwhile is shown with it. */
  later: (run: () => void) => void;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Between two looks for the next attempt of a run that waits for it, and after a lost connection. Milliseconds. */
const AGAIN_MS = 2_000;
/** Good runs whose time is looked at. */
const GOOD = 20;

/** One run, followed to its end: its cells, outputs and log as they come. */
export class RunModel extends StateModel<IRunState> {
  constructor(options: IRunOptions) {
    super({ phase: 'loading', course: emptyCourse, lost: false, cancelling: false });
    this._options = options;
  }

  get runId(): string {
    return this._options.runId;
  }

  /** A cell got an output; `undefined` where all outputs of the run are new. */
  get outputAdded(): ISignal<this, { index: number; output: IOutput } | undefined> {
    return this._outputAdded;
  }

  /** The outputs of a cell so far, in their order. */
  outputsOf(index: number): readonly IOutput[] {
    return this._outputs.get(index) ?? [];
  }

  /** The outputs of a cell as they stand in the file, also those that events leave out. @throws ProblemError */
  async storedOutputs(index: number): Promise<readonly IOutput[]> {
    const { client, runId } = this._options;
    const bytes = await client.call(runRoutes.cell, { params: { runId, number: index } });
    const { outputs } = JSON.parse(await toText(bytes)) as { outputs?: unknown };
    return Array.isArray(outputs) ? (outputs as IOutput[]) : [];
  }

  /** The output as one HTML document. @throws ProblemError */
  async page(): Promise<string> {
    const { client, runId } = this._options;
    return toText(await client.call(runRoutes.page, { params: { runId }, query: {} }));
  }

  /** Loads the run and follows it to its end. Called again after a failure. */
  async follow(): Promise<void> {
    if (this._isFollowing) return;
    this._isFollowing = true;
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    const { client, runId } = this._options;
    try {
      const run = await client.call(runRoutes.get, { params: { runId } }, { signal: this._gone.signal });
      this._apply(run);
      this.setState({ phase: 'ready', error: undefined });
      void this._lookAround(run);
      await this._listen();
    } catch (error) {
      if (!this._gone.signal.aborted) this._fail(error);
    } finally {
      this._isFollowing = false;
    }
  }

  /** Takes in what the news say of the run. */
  hear(run: Run): void {
    if (run.id !== this.runId || this.state.run === undefined) return;
    this._apply(run);
  }

  /** Ends the run. @throws ProblemError */
  async cancel(): Promise<void> {
    this.setState({ cancelling: true });
    try {
      const { client, runId } = this._options;
      this._apply(await client.call(runRoutes.cancel, { params: { runId } }));
    } catch (error) {
      this.setState({ cancelling: false });
      throw error;
    }
  }

  /** Runs it once more; with `resume` from the cell that failed. @throws ProblemError @returns the new run */
  async again(resume: boolean): Promise<Run> {
    const { client, runId, newId } = this._options;
    return client.call(runRoutes.again, { params: { runId }, body: { opId: newId(), resume } });
  }

  override dispose(): void {
    this._gone.abort();
    Signal.clearData(this);
    super.dispose();
  }

  private async _listen(): Promise<void> {
    const { background, runId, wait } = this._options;
    const { signal } = this._gone;
    while (!signal.aborted) {
      // Each attempt is told from its beginning.
      this._begin();
      try {
        const events = await background.call(
          runRoutes.events,
          { params: { runId }, query: {} },
          { signal, oneConnection: true }
        );
        for await (const { data } of events) this._take(data);
        this._flush();
        this.setState({ lost: false });
        this._apply(await background.call(runRoutes.get, { params: { runId } }, { signal }));
      } catch (error) {
        if (this._gone.signal.aborted) return;
        this._flush();
        if (isFinal(asProblem(error))) throw error;
        this.setState({ lost: true });
      }
      if (!this.state.lost && this.state.run !== undefined && hasEnded(this.state.run.state)) return;
      await wait(AGAIN_MS, signal).catch(() => undefined);
    }
  }

  /** What stands beside it: its schedule, and how long good runs take. */
  private async _lookAround(run: Run): Promise<void> {
    const { background } = this._options;
    const { signal } = this._gone;
    const { scheduleId } = run;
    const [schedule, good] = await Promise.allSettled([
      background.call(scheduleRoutes.get, { params: { scheduleId } }, { signal }),
      background.call(runRoutes.list, { query: { schedule: scheduleId, state: 'SUCCEEDED', limit: GOOD } }, { signal })
    ]);
    const others = good.status === 'fulfilled' ? good.value.runs.filter(each => each.id !== run.id) : [];
    this.setState({
      ...(schedule.status === 'fulfilled' && { schedule: schedule.value }),
      median: median(goodDurations(others))
    });
  }

  private _begin(): void {
    this._course = emptyCourse;
    this._isReplayed = false;
    this._outputs.clear();
  }

  private _take(event: RunEvent): void {
    if (!this._isReplayed) {
      this._isReplayed = true;
      this._outputAdded.emit(undefined);
    }
    if (event.type === 'run') this._apply(event.run);
    else if (event.type === 'started' && this._course.attempt !== undefined) this._restart(event);
    else if (event.type === 'output') this._add(event.index, event.output);
    else this._change(withEvent(this._course, event));
  }

  /** The next attempt begins within the same stream. */
  private _restart(event: RunEvent): void {
    this._outputs.clear();
    this._outputAdded.emit(undefined);
    this._change(withEvent(emptyCourse, event));
  }

  private _add(index: number, output: IOutput): void {
    const known = this._outputs.get(index);
    if (known) known.push(output);
    else this._outputs.set(index, [output]);
    this._outputAdded.emit({ index, output });
    const course = withOutput(this._course, index, output);
    if (course !== this._course) this._change(course);
  }

  /** Events come in bursts: a run of a thousand cells is told within a moment. */
  private _change(course: ICourse): void {
    this._course = course;
    if (this._isDue) return;
    this._isDue = true;
    this._options.later(() => this._flush());
  }

  private _flush(): void {
    this._isDue = false;
    if (this.state.course !== this._course) this.setState({ course: this._course });
  }

  private _apply(run: Run): void {
    const { run: known } = this.state;
    if (known && isOlder(run, known)) return;
    this.setState({ run, ...(hasEnded(run.state) && { cancelling: false }) });
  }

  private _fail(error: unknown): void {
    const problem = asProblem(error);
    this.setState({ error: problem, ...(this.state.phase !== 'ready' && { phase: 'failed' as const }) });
  }

  private readonly _options: IRunOptions;
  private readonly _gone = new AbortController();
  private readonly _outputs = new Map<number, IOutput[]>();
  private readonly _outputAdded = new Signal<this, { index: number; output: IOutput } | undefined>(this);
  private _course: ICourse = emptyCourse;
  private _isDue = false;
  private _isReplayed = false;
  private _isFollowing = false;
}

/** Asking again does not help. */
function isFinal(problem: ProblemError): boolean {
  return ['not-found', 'gone', 'forbidden', 'unauthenticated', 'invalid'].includes(problem.code);
}
