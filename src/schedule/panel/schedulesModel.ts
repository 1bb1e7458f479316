import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import type { Run, Schedule } from '../../../contract/schedule/records.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import { byName, withRun, withRunInPage, withSchedule } from './changes.js';

/** The older runs of one schedule, loaded page by page. */
export interface IHistory {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** There are older ones than those. */
  readonly next?: string;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error?: ProblemError;
}

/** The schedules that were deleted and can be restored. */
export interface IDeleted {
  readonly phase: 'closed' | 'loading' | 'ready' | 'failed';
  readonly schedules: readonly ScheduleSummary[];
  readonly error?: ProblemError;
}

/** How the list of schedules stands. */
export interface ISchedulesState {
  readonly phase: 'loading' | 'ready' | 'failed';
  /** Why the last call failed. With schedules it means: what is shown may be out of date. */
  readonly error?: ProblemError;
  /** By name. */
  readonly schedules: readonly ScheduleSummary[];
  readonly filter: string;
  /** Those whose runs are shown. */
  readonly open: ReadonlySet<string>;
  readonly histories: ReadonlyMap<string, IHistory>;
  readonly deleted: IDeleted;
  /** Those that something is done to right now. */
  readonly busy: ReadonlySet<string>;
}

/** What the list needs. */
export interface ISchedulesOptions {
  /** For what the person asks for. */
  client: Client;
  /** For what nobody asked for: it keeps no idle server alive. */
  background: Client;
  newId: () => string;
  /** Runs something a moment later; what comes meanwhile is handled with it. */
  later: (run: () => void) => void;
}

/** So many changed schedules are asked for one by one; for more the whole list is asked for. */
const ONE_BY_ONE = 4;
const PAGE = 50;

/** The schedules of the person with their runs, kept current by the news. */
export class SchedulesModel extends StateModel<ISchedulesState> {
  constructor(options: ISchedulesOptions) {
    super({
      phase: 'loading',
      schedules: [],
      filter: '',
      open: new Set(),
      histories: new Map(),
      deleted: { phase: 'closed', schedules: [] },
      busy: new Set()
    });
    this._options = options;
  }

  /** Loads the list. What is shown stays until the answer is there. */
  async refresh(client = this._options.client): Promise<void> {
    this._isLoaded = true;
    const call = ++this._call;
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    try {
      const { schedules } = await client.call(scheduleRoutes.list, { query: {} });
      if (call !== this._call) return;
      this.setState({ phase: 'ready', error: undefined, schedules: schedules.toSorted(byName) });
      if (this.state.deleted.phase !== 'closed') void this.loadDeleted();
      this._renewHistories(client);
    } catch (error) {
      if (call !== this._call) return;
      this.setState({ error: asProblem(error), ...(this.state.phase !== 'ready' && { phase: 'failed' as const }) });
    }
  }

  /** Loads the list again where it was loaded before. */
  async refreshIfLoaded(): Promise<void> {
    if (this._isLoaded) await this.refresh(this._options.background);
  }

  setFilter(filter: string): void {
    this.setState({ filter });
  }

  /** Shows or hides the runs of a schedule. */
  setOpen(scheduleId: string, isOpen: boolean): void {
    const open = new Set(this.state.open);
    if (isOpen) open.add(scheduleId);
    else open.delete(scheduleId);
    this.setState({ open });
    if (isOpen && !this.state.histories.has(scheduleId)) void this.more(scheduleId);
  }

  /** Loads the next older runs of a schedule. */
  async more(scheduleId: string): Promise<void> {
    const known = this.state.histories.get(scheduleId);
    if (known?.phase === 'loading' || (known?.phase === 'ready' && known.next === undefined)) return;
    const runs = known?.runs ?? [];
    this._setHistory(scheduleId, { ...known, runs, phase: 'loading', error: undefined });
    try {
      const query = { schedule: scheduleId, limit: PAGE, ...(known?.next && { after: known.next }) };
      const page = await this._options.client.call(runRoutes.list, { query });
      // Runs may have come while it was asked for.
      const now = this.state.histories.get(scheduleId)?.runs ?? [];
      const ids = new Set(now.map(run => run.id));
      this._setHistory(scheduleId, {
        runs: [...now, ...page.runs.filter(run => !ids.has(run.id))],
        ...(page.next !== undefined && { next: page.next }),
        phase: 'ready'
      });
    } catch (error) {
      this._setHistory(scheduleId, { ...known, runs, phase: 'failed', error: asProblem(error) });
    }
  }

  /** Opens or closes the section of what was deleted. */
  async setDeletedOpen(isOpen: boolean): Promise<void> {
    if (isOpen) await this.loadDeleted();
    else this.setState({ deleted: { phase: 'closed', schedules: [] } });
  }

  /** Loads what was deleted. */
  async loadDeleted(): Promise<void> {
    const { deleted } = this.state;
    if (deleted.phase !== 'ready') this.setState({ deleted: { phase: 'loading', schedules: [] } });
    try {
      const { schedules } = await this._options.client.call(scheduleRoutes.list, { query: { deleted: 'true' } });
      if (this.state.deleted.phase === 'closed') return;
      this.setState({ deleted: { phase: 'ready', schedules: schedules.toSorted(byName) } });
    } catch (error) {
      this.setState({ deleted: { phase: 'failed', schedules: [], error: asProblem(error) } });
    }
  }

  /** Runs a schedule now. @throws ProblemError */
  async runNow(scheduleId: string): Promise<Run> {
    const run = await this._busyWith(scheduleId, () =>
      this._options.client.call(scheduleRoutes.runNow, {
        params: { scheduleId },
        body: { opId: this._options.newId() }
      })
    );
    this._take([run]);
    return run;
  }

  /** Pauses, resumes, deletes or restores. @throws ProblemError */
  async turn(scheduleId: string, state: 'active' | 'paused' | 'deleted'): Promise<Schedule> {
    const schedule = await this._busyWith(scheduleId, () =>
      this._options.client.call(scheduleRoutes.setState, { params: { scheduleId }, body: { state } })
    );
    this._put(schedule);
    return schedule;
  }

  /** Runs a schedule for days of the past. @throws ProblemError @returns the runs it makes */
  async backfill(scheduleId: string, from: string, to: string): Promise<readonly Run[]> {
    const { runs } = await this._busyWith(scheduleId, () =>
      this._options.client.call(scheduleRoutes.backfill, { params: { scheduleId }, body: { from, to } })
    );
    this._take(runs);
    return runs;
  }

  /** Ends a run. @throws ProblemError */
  async cancel(runId: string): Promise<Run> {
    const run = await this._options.client.call(runRoutes.cancel, { params: { runId } });
    this._take([run]);
    return run;
  }

  /** Takes in what happened. */
  hear(news: ScheduleNews): void {
    if (news.type === 'toast' || !this._isLoaded) return;
    if (this._heard.length === 0) this._options.later(() => this._digest());
    this._heard.push(news);
  }

  private _digest(): void {
    const heard = this._heard.splice(0);
    const stale = new Set(heard.flatMap(news => (news.type === 'changed' ? [news.scheduleId] : [])));
    const runs = heard.flatMap(news => (news.type === 'run' ? [news.run] : []));
    for (const run of runs) {
      const due = this.state.schedules.find(({ schedule }) => schedule.id === run.scheduleId)?.schedule.nextDue;
      // Its time came: the next one is another.
      if (due !== undefined && due <= run.dueAt) stale.add(run.scheduleId);
    }
    this._take(runs);
    if (stale.size > ONE_BY_ONE) void this.refreshIfLoaded();
    else for (const scheduleId of stale) void this._ask(scheduleId);
  }

  private async _ask(scheduleId: string): Promise<void> {
    try {
      const known = this.state.schedules.some(({ schedule }) => schedule.id === scheduleId);
      // One that was restored brings runs of its own.
      if (!known) {
        await this.refreshIfLoaded();
        return;
      }
      const schedule = await this._options.background.call(scheduleRoutes.get, { params: { scheduleId } });
      this._put(schedule);
    } catch (error) {
      this.setState({ error: asProblem(error) });
    }
  }

  /** Puts a schedule where its state wants it. */
  private _put(schedule: Schedule): void {
    const { deleted } = this.state;
    const before = [...this.state.schedules, ...deleted.schedules].find(each => each.schedule.id === schedule.id);
    // What it was told later counts.
    if (before && before.schedule.revision > schedule.revision) return;
    const summary = { schedule, recent: before?.recent ?? [] };
    this.setState({
      schedules: withSchedule(this.state.schedules, summary, ['active', 'paused']),
      ...(deleted.phase === 'ready' && {
        deleted: { ...deleted, schedules: withSchedule(deleted.schedules, summary, ['deleted']) }
      })
    });
  }

  private _take(runs: readonly Run[]): void {
    if (runs.length === 0) return;
    const bySchedule = Map.groupBy(runs, run => run.scheduleId);
    const schedules = this.state.schedules.map(summary =>
      (bySchedule.get(summary.schedule.id) ?? []).reduce(withRun, summary)
    );
    const histories = new Map(this.state.histories);
    for (const [id, history] of histories) {
      const all = (bySchedule.get(id) ?? []).reduce(withRunInPage, history.runs);
      if (all !== history.runs) histories.set(id, { ...history, runs: all });
    }
    this.setState({ schedules, histories });
  }

  private async _busyWith<T>(scheduleId: string, work: () => Promise<T>): Promise<T> {
    this.setState({ busy: new Set([...this.state.busy, scheduleId]) });
    try {
      return await work();
    } finally {
      this.setState({ busy: new Set([...this.state.busy].filter(id => id !== scheduleId)) });
    }
  }

  /** Loads the runs anew of what is open and has newer ones than are shown: there was no news for a while. */
  private _renewHistories(client: Client): void {
    for (const { schedule, recent } of this.state.schedules) {
      const history = this.state.histories.get(schedule.id);
      const newest = recent[0]?.id ?? '';
      if (history?.phase === 'ready' && newest > (history.runs[0]?.id ?? '')) void this._renew(schedule.id, client);
    }
  }

  private async _renew(scheduleId: string, client: Client): Promise<void> {
    try {
      const { runs, next } = await client.call(runRoutes.list, { query: { schedule: scheduleId, limit: PAGE } });
      this._setHistory(scheduleId, { runs, ...(next !== undefined && { next }), phase: 'ready' });
    } catch (error) {
      this.setState({ error: asProblem(error) });
    }
  }

  private _setHistory(scheduleId: string, history: IHistory): void {
    this.setState({ histories: new Map(this.state.histories).set(scheduleId, history) });
  }

  private readonly _options: ISchedulesOptions;
  private readonly _heard: Exclude<ScheduleNews, { type: 'toast' }>[] = [];
  private _isLoaded = false;
  private _call = 0;
}
