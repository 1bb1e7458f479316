import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt, Run, RunState, Schedule } from '../../../contract/schedule/index.js';
import type { FailPoint } from '../../../server/ports.js';
import { createAfterRuns } from '../../../server/schedule/after/afterRuns.js';
import type { AheadOptions } from '../../../server/schedule/credentials/ahead.js';
import { noCredentials } from '../../../server/schedule/credentials/ports.js';
import { createDeliveries } from '../../../server/schedule/notify/delivery.js';
import type { Channels, Delivery } from '../../../server/schedule/notify/ports.js';
import { createToasts } from '../../../server/schedule/notify/toasts.js';
import { createPublishing } from '../../../server/schedule/publish/publishing.js';
import type { PublishOrder, Publisher } from '../../../server/schedule/publish/ports.js';
import { Undelivered } from '../../../server/schedule/notify/undelivered.js';
import { scratch } from '../scratch.js';
import { scheduleHome } from './home.js';

export const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** What `run.json` holds, as far as a test cares. */
export type Written = Record<string, unknown>;

/**
 * A home with ended runs on a real database, channels that write down what they get, and a publisher that does the
 * same. Processes can be started on it, and die.
 */
export function afterHome(start = '2026-11-23T07:30:00Z') {
  const base = scheduleHome(start);
  const folder = scratch('lakeside-outputs');
  const received: { channel: string; delivery: Delivery }[] = [];
  const orders: PublishOrder[] = [];
  /** What a channel does before it takes a notice. */
  const acts = new Map<string, (delivery: Delivery) => void | Promise<void>>();
  let publisher: Publisher['publish'] = order =>
    Promise.resolve({ title: 'Delays', page: `library/notebooks/${order.run.id}`, versionNumber: 2 });

  const channels: Channels = {
    list: () => [
      { name: 'mail', title: 'Mail', isPersonal: true },
      { name: 'chat', title: 'Team chat', isPersonal: false },
      { name: 'hook', title: 'Operations', isPersonal: false }
    ],
    mailOf: owner => (owner === 'ada' ? { channel: 'mail', address: 'ada@example.org' } : undefined),
    mentionOf: owner => (owner === 'ada' ? '<@U1>' : undefined),
    open: name => {
      if (!['mail', 'chat', 'hook'].includes(name)) return Promise.reject(new Undelivered(`No ${name}.`, false));
      return Promise.resolve({
        deliver: async delivery => {
          await acts.get(name)?.(delivery);
          received.push({ channel: name, delivery });
        },
        close: () => Promise.resolve()
      });
    },
    close: () => Promise.resolve()
  };

  const fileOf = (place: string, name: string): string => join(folder, place.replaceAll('/', '_'), name);

  function process(
    instance: string,
    failPoint: FailPoint = () => undefined,
    credentials: AheadOptions['credentials'] = noCredentials
  ) {
    const { outbox, schedules } = base.openAll();
    const toasts = createToasts({ outbox, clock: base.clock });
    const parts = {
      outbox,
      clock: base.clock,
      ids: base.ids,
      log: silent,
      failPoint,
      instance,
      channels,
      random: () => 0.5
    };
    const deliveries = createDeliveries(parts);
    const files = {
      result: (_root: string, place: string, name: string) =>
        Promise.resolve(existsSync(fileOf(place, name)) ? fileOf(place, name) : undefined)
    };
    const publishing = createPublishing({
      ...parts,
      files,
      publisher: {
        publish: (order, signal) => {
          orders.push(order);
          return publisher(order, signal);
        }
      }
    });
    const afterRuns = createAfterRuns({
      ...parts,
      credentials,
      store: schedules,
      files,
      deliveries,
      publishing,
      teller: {
        publicUrl: 'https://lab.example.org/lakeside/',
        redact: text => text.replaceAll('hunter2hunter2', '[secret]')
      }
    });
    return {
      instance,
      outbox,
      toasts,
      stop: () => afterRuns.stop(),
      turn: () => afterRuns.turn(),
      /** Turns until nothing goes on any more. */
      async settle(turns = 12): Promise<void> {
        for (let turn = 0; turn < turns; turn++) {
          afterRuns.turn();
          await idle();
        }
      }
    };
  }

  return {
    ...base,
    channels,
    received,
    orders,
    acts,
    process,
    publishWith: (publish: Publisher['publish']) => void (publisher = publish),
    /** Lets time pass without due times becoming runs. */
    pass: (seconds: number) => base.clock.move(seconds * 1000),
    begin,
    end,
    /** A run from its birth to its end. */
    ran: (schedule: Schedule, state: RunState, written?: Written, more?: Partial<Run>): Run =>
      end(begin(schedule, more), state, written),
    told: (): string[] => received.map(({ channel, delivery }) => `${channel} ${delivery.notice.kind}`)
  };

  /** A run that has begun. */
  function begin(schedule: Schedule, more: Partial<Run> = {}): Run {
    const at = new Date(base.clock.now()).toISOString();
    const id = base.ids.next();
    const run: Run = {
      id,
      scheduleId: schedule.id,
      owner: schedule.owner,
      trigger: 'manual',
      dueAt: at,
      intervalStart: at,
      state: 'QUEUED',
      attempts: [],
      createdAt: at,
      ...more
    };
    base.store.add([run]);
    const attempt: Attempt = { number: 1, state: 'RUNNING', startedAt: at, output: `runs/${id}` };
    base.store.begin(run.id, attempt, 'runner');
    return base.store.run(run.id) ?? run;
  }

  function end(run: Run, state: RunState, written?: Written): Run {
    base.clock.move(12_000);
    const endedAt = new Date(base.clock.now()).toISOString();
    const reason = state === 'SUCCEEDED' ? undefined : 'Cell 2 failed: ValueError: no rows.';
    const attempts = run.attempts.map((attempt): Attempt => ({
      ...attempt,
      state,
      endedAt,
      ...(reason !== undefined && { reason })
    }));
    const last = run.attempts.at(-1);
    if (last?.output !== undefined) {
      mkdirSync(fileOf(last.output, ''), { recursive: true });
      writeFileSync(fileOf(last.output, 'run.json'), written === undefined ? '' : JSON.stringify(written));
      writeFileSync(fileOf(last.output, 'output.ipynb'), '{}');
    }
    base.store.change({ ...run, state, attempts, endedAt, ...(reason !== undefined && { reason }) }, 'runner');
    return base.store.run(run.id) ?? run;
  }
}

/** Lets what was begun go on until it waits: files are read on other threads. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise(resolve => setImmediate(resolve));
    await new Promise(resolve => setTimeout(resolve, 1));
  }
}
