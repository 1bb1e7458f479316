import type { Published, Run, Schedule } from '../../../contract/schedule/index.js';
import { secondsOf } from '../../../contract/schedule/values.js';
import type { Clock, FailPoint, Ids, Log } from '../../ports.js';
import { createAhead } from '../credentials/ahead.js';
import type { AheadOptions } from '../credentials/ahead.js';
import { noCredentials } from '../credentials/ports.js';
import { noticeOf, secondsBetween } from '../notify/content.js';
import type { Story, Teller } from '../notify/content.js';
import type { Deliveries } from '../notify/delivery.js';
import type { Channels, NewNotice, Outbox, RunEnd } from '../notify/ports.js';
import { readReport } from '../notify/report.js';
import type { Report } from '../notify/report.js';
import { targetsOf } from '../notify/targets.js';
import { median } from '../notify/words.js';
import type { ScheduleFiles, ScheduleStore } from '../ports.js';
import type { Publishing } from '../publish/publishing.js';
import { kindsOf } from './kinds.js';

/** Ends that are looked after at once; publishing takes its time. */
const PARALLEL = 8;
/** How often late runs are looked for. Milliseconds. */
const LATE = 2000;
/** Former runs of which the usual time is made. */
const FORMER = 30;

export interface AfterRunsOptions {
  outbox: Outbox;
  store: Pick<ScheduleStore, 'runs' | 'living'>;
  /** What schedules stand on that name a profile; absent: there are none. */
  credentials?: AheadOptions['credentials'] | undefined;
  files: Pick<ScheduleFiles, 'result'>;
  channels: Channels;
  deliveries: Deliveries;
  publishing: Publishing;
  teller: Omit<Teller, 'mentionOf'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
}

/** What follows runs: outputs are published, people are told. Only the holder of the scheduler's lease sees to it. */
export interface AfterRuns {
  /** Looks at once what there is to do, and begins it. */
  turn(): void;
  /** Ends; what is under way is gone on with by the next process. */
  stop(): Promise<void>;
}

export function createAfterRuns(options: AfterRunsOptions): AfterRuns {
  const { outbox, store, files, channels, deliveries, publishing, clock, ids, log, failPoint } = options;
  const { credentials = noCredentials } = options;
  const teller: Teller = { ...options.teller, mentionOf: owner => channels.mentionOf(owner) };
  const ahead = createAhead({ ...options, credentials, teller });
  const stopped = new AbortController();
  const active = new Map<number, Promise<void>>();
  let lateAt = -Infinity;

  async function lookAfter(end: RunEnd): Promise<void> {
    const published = isSilent(end) ? undefined : await publishing(end, stopped.signal);
    const notices = isSilent(end) ? [] : await noticesOf(end, published);
    stopped.signal.throwIfAborted();
    await failPoint('notify:deciding');
    outbox.settle(end, notices, published);
    await failPoint('notify:decided');
    deliveries.turn();
  }

  async function noticesOf(end: RunEnd, published: Published | undefined): Promise<NewNotice[]> {
    const { run, schedule, state, round } = end;
    const report = await reportOf(end);
    const kinds = kindsOf({
      state,
      before: outbox.before(end),
      isPublishFailed: published?.state === 'failed',
      hasMessages: (report?.notifications.length ?? 0) > 0,
      isLastMissed: state === 'MISSED' && outbox.isLastMissed(run)
    });
    const story = { schedule, run, state, round, report, usually: usually(run), published };
    // An end is told to nobody twice: the weightiest of its kinds counts.
    const told = new Set<string>();
    return kinds.flatMap(kind => {
      const targets = targetsOf(kind, schedule.spec.notify, run.owner, channels).filter(
        target => kind === 'notify' || !told.has(target)
      );
      if (kind !== 'notify') for (const target of targets) told.add(target);
      return toldTo(targets, { ...story, kind });
    });
  }

  function toldTo(targets: readonly string[], story: Story): NewNotice[] {
    if (targets.length === 0) return [];
    const notice = noticeOf(story, teller);
    return targets.map(target => ({ id: ids.next(), target, notice }));
  }

  async function reportOf({ run, schedule, round }: RunEnd): Promise<Report | undefined> {
    const place = run.attempts[round - 1]?.output;
    const file = place === undefined ? undefined : await files.result(schedule.root, place, 'run.json');
    return file === undefined ? undefined : readReport(file);
  }

  function usually(run: Run): number | undefined {
    const former = store.runs({ scheduleId: run.scheduleId, states: ['SUCCEEDED'], limit: FORMER });
    return median(
      former.flatMap(({ id, attempts }) => {
        const last = attempts.at(-1);
        const seconds = id === run.id ? undefined : secondsBetween(last?.startedAt, last?.endedAt);
        return seconds === undefined ? [] : [seconds];
      })
    );
  }

  /** Runs that have not ended when their schedule says that is late. */
  function tellLate(): void {
    const now = clock.monotonic();
    if (now - lateAt < LATE) return;
    lateAt = now;
    for (const { run, schedule } of outbox.unended()) {
      if (!isLate(run, schedule, clock.now())) continue;
      const targets = targetsOf('late', schedule.spec.notify, run.owner, channels);
      const round = run.attempts.length;
      const story = { kind: 'late' as const, schedule, run, round, state: run.state };
      outbox.tell(run, toldTo(targets, { ...story, report: undefined, usually: usually(run), published: undefined }));
    }
  }

  return {
    turn() {
      if (stopped.signal.aborted) return;
      tellLate();
      void ahead().catch((error: unknown) => {
        if (!stopped.signal.aborted) log.error({ err: error }, 'what is ahead of schedules could not be told');
      });
      for (const end of outbox.ends(2 * PARALLEL)) {
        if (active.size >= PARALLEL) break;
        if (active.has(end.number)) continue;
        const work = lookAfter(end)
          .catch((error: unknown) => {
            if (!stopped.signal.aborted) log.error({ err: error, run: end.run.id }, 'what follows a run stumbled');
          })
          .finally(() => active.delete(end.number));
        active.set(end.number, work);
      }
      deliveries.turn();
    },
    async stop() {
      stopped.abort();
      await Promise.all(active.values());
      await deliveries.stop();
    }
  };
}

/** Tests are watched by whoever makes them; what was deleted is wanted by nobody. */
function isSilent({ run, schedule }: RunEnd): boolean {
  return run.trigger === 'test' || schedule.state === 'test' || schedule.state === 'deleted';
}

/** Backfills are about the past, so they are never late. What was made up for counts from when that was decided. */
function isLate({ trigger, createdAt, dueAt }: Run, { spec }: Schedule, now: number): boolean {
  const { lateAfter } = spec.policy;
  if (lateAfter === undefined || trigger === 'backfill' || trigger === 'test') return false;
  const from = trigger === 'schedule' ? dueAt : createdAt;
  return now >= Date.parse(from) + secondsOf(lateAfter) * 1000;
}
