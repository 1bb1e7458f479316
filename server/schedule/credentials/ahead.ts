import type { Schedule } from '../../../contract/schedule/index.js';
import type { Clock, Ids, Log } from '../../ports.js';
import { noticeOf } from '../notify/content.js';
import type { Teller } from '../notify/content.js';
import type { Channels, NewNotice, Outbox } from '../notify/ports.js';
import { OWNER, targetsOf } from '../notify/targets.js';
import { atTime } from '../notify/words.js';
import type { ScheduleStore } from '../ports.js';
import type { RunCredentials } from './ports.js';

/** How often it is looked, and how long before a run its owner is told that it would not start. Milliseconds. */
const LOOK = 60_000;
const AHEAD = 24 * 3_600_000;

export interface AheadOptions {
  credentials: Pick<RunCredentials, 'outlook'>;
  store: Pick<ScheduleStore, 'living' | 'runs'>;
  outbox: Pick<Outbox, 'tell'>;
  channels: Channels;
  teller: Teller;
  clock: Pick<Clock, 'now' | 'monotonic'>;
  ids: Ids;
  log: Log;
}

/**
 * Tells owners that the next run of a schedule would get no keys, once for each run that it had: a notice belongs to a
 * run, so a schedule that never ran says so in the list of credentials alone.
 *
 * @returns to be called often; it looks once a minute, and not at all where no schedule names a profile
 */
export function createAhead(options: AheadOptions): () => Promise<void> {
  const { credentials, store, outbox, channels, teller, clock, ids, log } = options;
  let last = -Infinity;

  /** Why the next run would not start, as a sentence. */
  async function troubleOf({ id, spec, nextDue }: Schedule): Promise<string | undefined> {
    const { credentials: profile, when } = spec;
    if (profile === undefined || nextDue === undefined) return undefined;
    const { trouble, until, endsSoon } = await credentials.outlook({ schedule: id, profile });
    const due = Date.parse(nextDue);
    if (trouble !== undefined) return due - clock.now() <= AHEAD ? trouble : undefined;
    if (until === undefined || !endsSoon || until >= due) return undefined;
    const end = atTime(new Date(until).toISOString(), when.zone);
    return `Its keys of ${profile} can be renewed until ${end} only: sign in again before its next run.`;
  }

  async function look(schedule: Schedule): Promise<void> {
    const { id, spec, owner, nextDue } = schedule;
    const [run] = store.runs({ scheduleId: id, limit: 1 });
    const trouble = await troubleOf(schedule);
    if (trouble === undefined || run === undefined || nextDue === undefined) return;
    const notify = { ...spec.notify, failure: [OWNER, ...spec.notify.failure] };
    const notice = noticeOf(
      {
        kind: 'notify',
        schedule,
        run: { ...run, dueAt: nextDue, attempts: [] },
        state: 'QUEUED',
        round: 0,
        report: undefined,
        usually: undefined,
        published: undefined,
        ahead: `The run of ${atTime(nextDue, spec.when.zone)} would not start. ${trouble}`
      },
      teller
    );
    const targets = targetsOf('failure', notify, owner, channels);
    outbox.tell(
      run,
      targets.map((target): NewNotice => ({ id: ids.next(), target, notice }))
    );
  }

  return async () => {
    const now = clock.monotonic();
    if (now - last < LOOK) return;
    last = now;
    for (const schedule of store.living()) {
      if (schedule.state !== 'active' || schedule.spec.credentials === undefined) continue;
      await look(schedule).catch((error: unknown) =>
        log.warn({ err: error, schedule: schedule.id }, 'nobody could tell whether the next run gets keys')
      );
    }
  };
}
