import { createClient } from '../../../contract/client.js';
import type { Answer, Call, Client, Transport } from '../../../contract/client.js';
import { ProblemError } from '../../../contract/problem.js';
import type { StreamEvent } from '../../../contract/route.js';
import { RECENT_RUNS, ScheduleSpec } from '../../../contract/schedule/index.js';
import type {
  Run,
  RunDiff,
  RunEvent,
  Schedule,
  ScheduleNews,
  ScheduleSummary
} from '../../../contract/schedule/index.js';
import { fakeId } from '../../support/fakeLakeside.js';

const MINUTE = 60_000;
/** The first due time of the runs that tests make. */
export const START = Date.UTC(2026, 10, 2, 7, 30);

/** A schedule as the server tells it. */
export function scheduleOf(number: number, more: Partial<Schedule> = {}, spec: object = {}): Schedule {
  return {
    id: fakeId(number),
    owner: 'ada',
    spec: ScheduleSpec.parse({
      name: `Schedule ${number}`,
      notebook: { path: `work/n${number}.ipynb` },
      when: { cron: '30 7 * * *', zone: 'Europe/Paris' },
      ...spec
    }),
    root: '/home/ada',
    state: 'active',
    revision: 1,
    createdAt: new Date(START).toISOString(),
    updatedAt: new Date(START).toISOString(),
    nextDue: new Date(START + 90 * 24 * 60 * MINUTE).toISOString(),
    ...more
  };
}

/** A run of a schedule; without more it succeeded after so many minutes as its number. */
export function runOf(schedule: number, number: number, more: Partial<Run> = {}): Run {
  const dueAt = new Date(START + number * 24 * 60 * MINUTE).toISOString();
  const endedAt = new Date(Date.parse(dueAt) + number * MINUTE).toISOString();
  const state = more.state ?? 'SUCCEEDED';
  const isOver = state !== 'RUNNING' && state !== 'QUEUED';
  return {
    id: fakeId(10_000 * schedule + number),
    scheduleId: fakeId(schedule),
    owner: 'ada',
    trigger: 'schedule',
    dueAt,
    intervalStart: new Date(Date.parse(dueAt) - 24 * 60 * MINUTE).toISOString(),
    state,
    attempts:
      state === 'QUEUED'
        ? []
        : [
            {
              number: 1,
              state,
              startedAt: dueAt,
              ...(isOver && { endedAt }),
              output: `runs/${schedule}/${number}/`
            }
          ],
    createdAt: dueAt,
    ...(isOver && { endedAt }),
    ...more
  };
}

/** Something that is pushed to whoever listens, from its beginning or from now on. */
class Stream<T> {
  /** What was pushed so far. */
  readonly past: T[] = [];
  /** How often somebody connected. */
  connections = 0;

  push(...items: T[]): void {
    this.past.push(...items);
    this._wake();
  }

  /** There is nothing more to tell: connections end after the last item. */
  finish(): void {
    this._isFinished = true;
    this._wake();
  }

  /** Ends the connections there are. */
  end(): void {
    this._ends += 1;
    this._wake();
  }

  async *listen(from: number, signal: AbortSignal | undefined): AsyncGenerator<StreamEvent<T>> {
    this.connections += 1;
    const ends = this._ends;
    for (let next = from; ;) {
      signal?.throwIfAborted();
      const item = this.past[next];
      if (item !== undefined) yield { id: ++next, data: JSON.parse(JSON.stringify(item)) as T };
      else if (this._ends > ends || this._isFinished) return;
      else await this._news(signal);
    }
  }

  private _news(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      this._waiting.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  private _wake(): void {
    for (const resolve of this._waiting.splice(0)) resolve();
  }

  private readonly _waiting: (() => void)[] = [];
  private _ends = 0;
  private _isFinished = false;
}

/** Schedules in memory behind the real typed client: what is given and answered is checked against the contract. */
export class FakeSchedules implements Transport {
  readonly client: Client = createClient(this);
  schedules: Schedule[] = [];
  /** In any order. */
  runs: Run[] = [];
  readonly news = new Stream<ScheduleNews>();
  readonly events = new Map<string, Stream<RunEvent>>();
  readonly claimed = new Set<string>();
  /** Cells of outputs, by run. */
  readonly outputs = new Map<string, unknown[]>();
  diff: Omit<RunDiff, 'run'> | undefined;
  page = '<h1>Page</h1>';
  /** Every call, by route id and address, in order. */
  readonly calls: { id: string; url: string; body: unknown }[] = [];
  /** Makes the next call of a route fail, once each. */
  readonly failures: { id: string; error: Error }[] = [];

  async send(call: Call): Promise<Answer> {
    const { id } = call.route;
    this.calls.push({ id, url: call.url, body: call.body });
    await Promise.resolve();
    call.signal?.throwIfAborted();
    const failure = this.failures.findIndex(each => each.id === id);
    if (failure >= 0) throw this.failures.splice(failure, 1)[0]!.error;
    return this._answer(call);
  }

  /** How often a route was called. */
  count(id: string): number {
    return this.calls.filter(call => call.id === id).length;
  }

  /** The body of the last call of a route. */
  lastBody(id: string): unknown {
    return this.calls.filter(call => call.id === id).at(-1)?.body;
  }

  /** The events of a run. */
  eventsOf(runId: string): Stream<RunEvent> {
    const stream = this.events.get(runId) ?? new Stream<RunEvent>();
    this.events.set(runId, stream);
    return stream;
  }

  /** Puts a run where it is, and tells the news. */
  tell(run: Run): void {
    this.runs = [...this.runs.filter(each => each.id !== run.id), run];
    this.news.push({ type: 'run', run });
  }

  private _answer(call: Call): Answer {
    const params = (call.params ?? {}) as Record<string, string>;
    const query = call.query as Record<string, string | number | undefined>;
    const { scheduleId = '', runId = '' } = params;
    switch (call.route.id) {
      case 'schedule.list':
        return json({ schedules: this._summaries(query['deleted'] === 'true') });
      case 'schedule.get':
        return json(this._schedule(scheduleId));
      case 'schedule.setState':
        return json(this._turn(scheduleId, (call.body as { state: Schedule['state'] }).state));
      case 'schedule.runNow':
        return json(this._make(scheduleId, { trigger: 'manual' }));
      case 'schedule.backfill':
        return json({ runs: [this._make(scheduleId, { trigger: 'backfill' })] });
      case 'schedule.news':
        return { kind: 'events', events: this.news.listen(call.lastEventId ?? this.news.past.length, call.signal) };
      case 'schedule.claimToast': {
        const mine = !this.claimed.has(params['toastId']!);
        this.claimed.add(params['toastId']!);
        return json({ mine });
      }
      case 'runs.list':
        return json(this._page(query));
      case 'runs.get':
        return json(this._run(runId));
      case 'runs.cancel':
        return json(this._end(runId));
      case 'runs.again':
        return json(this._make(this._run(runId).scheduleId, { trigger: 'again' }));
      case 'runs.events':
        return { kind: 'events', events: this.eventsOf(runId).listen(0, call.signal) };
      case 'runs.diff':
        return json({ run: this._run(runId), ...this.diff });
      case 'runs.cell':
        return bytes(JSON.stringify(this.outputs.get(runId)?.[Number(params['number'])]), 'application/json');
      case 'runs.page':
        return bytes(this.page, 'text/html');
      default:
        throw new Error(`The fake has no ${call.route.id}.`);
    }
  }

  private _summaries(deleted: boolean): ScheduleSummary[] {
    const wanted = this.schedules.filter(({ state }) => (state === 'deleted') === deleted);
    return wanted.map(schedule => ({ schedule, recent: this._runsOf(schedule.id).slice(0, RECENT_RUNS) }));
  }

  private _runsOf(scheduleId: string): Run[] {
    return this.runs.filter(run => run.scheduleId === scheduleId).sort((one, other) => (one.id < other.id ? 1 : -1));
  }

  private _page(query: Record<string, string | number | undefined>): { runs: Run[]; next?: string } {
    const { schedule, state, after, limit } = query;
    const all = (schedule === undefined ? this.runs : this._runsOf(String(schedule))).filter(
      run => (state === undefined || run.state === state) && (after === undefined || run.id < String(after))
    );
    const runs = all.slice(0, Number(limit));
    const next = all.length > runs.length ? runs.at(-1)?.id : undefined;
    return { runs, ...(next !== undefined && { next }) };
  }

  private _schedule(id: string): Schedule {
    const found = this.schedules.find(schedule => schedule.id === id);
    if (found === undefined) throw new ProblemError('not-found', 'There is no such schedule.');
    return found;
  }

  private _run(id: string): Run {
    const found = this.runs.find(run => run.id === id);
    if (found === undefined) throw new ProblemError('not-found', 'There is no such run.');
    return found;
  }

  private _turn(id: string, state: Schedule['state']): Schedule {
    const schedule = { ...this._schedule(id), state, revision: this._schedule(id).revision + 1 };
    if (state !== 'active') delete schedule.nextDue;
    this.schedules = this.schedules.map(each => (each.id === id ? schedule : each));
    return schedule;
  }

  private _make(scheduleId: string, more: Partial<Run>): Run {
    const number = Number(BigInt(this._schedule(scheduleId).id.slice(2)));
    const run = runOf(number, 9_000 + this.runs.length, { state: 'QUEUED', ...more });
    this.runs.push(run);
    return run;
  }

  private _end(id: string): Run {
    const run = runEnded(this._run(id), 'CANCELLED');
    this.runs = this.runs.map(each => (each.id === id ? run : each));
    return run;
  }
}

/** A run that came to its end. */
export function runEnded(run: Run, state: Run['state'], reason?: string): Run {
  const endedAt = new Date(Date.parse(run.dueAt) + 5 * MINUTE).toISOString();
  return {
    ...run,
    state,
    endedAt,
    attempts: run.attempts.map(attempt => ({ ...attempt, state, endedAt })),
    ...(reason !== undefined && { reason })
  };
}

function json(body: unknown): Answer {
  return { kind: 'json', body: JSON.parse(JSON.stringify(body)) as unknown };
}

function bytes(text: string, contentType: string): Answer {
  async function* stream() {
    await Promise.resolve();
    yield new TextEncoder().encode(text);
  }
  return { kind: 'bytes', bytes: { contentType, stream: stream() } };
}
