/** What telling people of runs needs from outside. Types only. */
import type { NoticeKind, Published, Run, RunState, Schedule, Toast } from '../../../contract/schedule/index.js';

/** What somebody is told of a run: everything is decided when it is stored, so that a try again says the same. */
export interface Notice {
  kind: NoticeKind;
  /** One line, at most 200 characters. */
  title: string;
  /** One or two sentences: what happened and why. */
  text: string;
  /** What to do now; empty where there is nothing to do. */
  advice: string;
  owner: string;
  /** How a chat mentions the owner, as the configuration says; absent where it does not. */
  mention?: string;
  schedule: { id: string; name: string; notebook: string };
  run: {
    id: string;
    state: RunState;
    /** ISO 8601. */
    dueAt: string;
    /** The same in words, in the zone of the schedule. */
    due: string;
    attempts: number;
    /** Of the last attempt. */
    seconds?: number;
    /** Median of former good runs, in seconds. */
    usually?: number;
  };
  cell?: { number: number; firstLine: string };
  error?: { name: string; firstLine: string; lastLine: string };
  /** Data checks that did not hold, with the value there was. */
  checks: { expression: string; value: string }[];
  /** What cells said with `%notify`. */
  messages: string[];
  parameters: { name: string; value: string }[];
  /** Absolute addresses; none where the configuration does not say where people reach Lakeside. */
  links: { title: string; url: string }[];
}

/** A notice on its way: to a channel of the configuration, or to the owner. */
export interface Delivery {
  /** A ULID: the same for each try. Message ids derive from it. */
  id: string;
  /** Counts from 1. */
  attempt: number;
  /** When it was stored, ISO 8601. */
  at: string;
  notice: Notice;
  /** The address of the owner, where it goes to the owner and not to whom the channel's settings name. */
  to?: string;
}

/** A way to tell people. Its addresses come from the configuration alone. */
export interface NotificationChannel {
  /**
   * Hands a notice over. Returned means taken: it is never handed over again.
   *
   * @throws Undelivered
   */
  deliver(delivery: Delivery, signal: AbortSignal): Promise<void>;
  /**
   * Looks whether it could deliver, for the doctor, without sending anything; absent where that cannot be told.
   *
   * @returns a sentence of what was seen
   * @throws Undelivered
   */
  probe?(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** A channel of the configuration, as others see it. */
export interface ChannelEntry {
  name: string;
  /** What people call it. */
  title: string;
  /** Whether it reaches the owner alone, at an address of the owner's. */
  isPersonal: boolean;
}

/** What the configuration says of channels and people. */
export interface Channels {
  list(): readonly ChannelEntry[];
  /** The channel by which the owner gets mail, and the owner's address there; undefined where nobody said. */
  mailOf(owner: string): { channel: string; address: string } | undefined;
  mentionOf(owner: string): string | undefined;
  /** @throws Undelivered where there is none of this name, or where its secret is missing */
  open(name: string): Promise<NotificationChannel>;
  close(): Promise<void>;
}

/** A notice that is to be stored, for one of those who are told. */
export interface NewNotice {
  id: string;
  /** `jupyterlab`, the name of a channel, or `owner:` and the name of a channel that takes the owner's address. */
  target: string;
  notice: Notice;
}

/** The end of a run, noted in the transaction in which the run ended. */
export interface RunEnd {
  /** Counts all ends of a home. */
  number: number;
  run: Run;
  schedule: Schedule;
  /** How many attempts the run had then: a run that is done again ends again. */
  round: number;
  /** How it ended. */
  state: RunState;
}

/** A notice that this process hands over. */
export interface ClaimedNotice extends Delivery {
  target: string;
}

/**
 * Ends of runs and notices in `state.db`. Methods are short and synchronous; what they store is durable when they
 * return. Of one (run, round, kind, target) there is never more than one notice.
 */
export interface Outbox {
  /** Ends for which nothing was decided yet, the oldest first. */
  ends(limit: number): RunEnd[];
  /** How the schedule ended before this end, counting what went well or wrong alone. */
  before(end: RunEnd): RunState | undefined;
  /** Whether a run of the schedule that was due later has succeeded. */
  isOutdone(run: Run): boolean;
  /** Whether this is the last run of its schedule that was missed. */
  isLastMissed(run: Run): boolean;
  /** The id under which the output of an end is published: the one that was stored first. */
  publication(end: RunEnd, id: string): string;
  /** Stores what was decided about an end. False, and nothing stored, where somebody else decided. */
  settle(end: RunEnd, notices: readonly NewNotice[], published: Published | undefined): boolean;
  /** Runs that have not ended and whose schedule says when that is late, and that nobody was told of. */
  unended(): { run: Run; schedule: Schedule }[];
  /** Stores notices about a run that has not ended; those that exist stay. */
  tell(run: Run, notices: readonly NewNotice[]): void;
  /** Takes notices that wait and whose time has come; each is this worker's until `until`. */
  claim(worker: string, now: number, until: number, limit: number): ClaimedNotice[];
  /** Notes that a notice was handed over. False where it is not this worker's any more. */
  sent(id: string, worker: string): boolean;
  /** Puts a notice off. */
  later(id: string, worker: string, notBefore: number, reason: string): void;
  /** Gives a notice up. With `instead` the owner is told at the screen. */
  giveUp(id: string, worker: string, reason: string, instead: NewNotice | undefined): void;
  /** What waits to be shown to somebody at the screen and was stored after `since`, the oldest first. */
  toasts(owner: string, since: number): Toast[];
  /** Takes a notice to show it. True for the first who asks, of all processes. */
  claimToast(owner: string, id: string): boolean;
}
