import * as z from 'zod';
import { Instant, Ulid } from '../identifiers.js';
import { ScheduleSpec } from './spec.js';
import { ParameterName, ParameterValue } from './values.js';

/** Where a run stands. All but the first two are final. */
export const RunState = z.enum([
  'QUEUED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'FAILED_CHECK',
  'TIMED_OUT',
  'CANCELLED',
  'MISSED',
  'SKIPPED',
  'LOST'
]);
export type RunState = z.infer<typeof RunState>;

/** Whether a run has come to its end. */
export function isEnded(state: RunState): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

/** What made a run: its time came, it was made up for, or a person asked (`again`: for what ran before; `test`: before saving). */
export const Trigger = z.enum(['schedule', 'catch-up', 'backfill', 'manual', 'again', 'test']);
export type Trigger = z.infer<typeof Trigger>;

/** One try of a run. Its output is never written again. */
export const Attempt = z.object({
  number: z.number().int().min(1),
  state: RunState,
  /** Why it is so, as a sentence; absent while it goes on and when it succeeded. */
  reason: z.string().optional(),
  startedAt: Instant,
  endedAt: Instant.optional(),
  /** Contents path or `s3://` address of the folder of its output, which gets `output.ipynb`, `run.json` and `events.ndjson`. */
  output: z.string().optional(),
  /** What exactly ran, where the notebook lies elsewhere: `share://<id>@<version id>`, `s3://<bucket>/<key>#sha256=<hex>`. */
  source: z.string().optional()
});
export type Attempt = z.infer<typeof Attempt>;

/** What became of publishing the output of a good run. */
export const Published = z.object({
  /** `skipped`: the page shows a run that was due later. */
  state: z.enum(['done', 'failed', 'skipped']),
  /** Why it is not on the page, as a sentence. */
  reason: z.string().optional(),
  /** What the page is called, and where it is: relative to Lakeside's base for the Library, absolute for a wiki. */
  title: z.string().optional(),
  page: z.string().optional(),
  versionNumber: z.number().int().optional()
});
export type Published = z.infer<typeof Published>;

/** One run. Each time at which a schedule is due has exactly one, whatever became of it. */
export const Run = z.object({
  id: Ulid,
  scheduleId: Ulid,
  owner: z.string(),
  trigger: Trigger,
  /** When it is due; for a manual run, when it was asked for. */
  dueAt: Instant,
  /** When its interval begins: the due time before. */
  intervalStart: Instant,
  state: RunState,
  reason: z.string().optional(),
  /** Not before this time: the next try of one that failed for a passing reason. */
  notBefore: Instant.optional(),
  /** How far it is, in cells of code. */
  progress: z.object({ cell: z.number().int().min(0), of: z.number().int().min(0) }).optional(),
  attempts: z.array(Attempt),
  /** Values that stand for those of the schedule in this run. */
  parameters: z.record(ParameterName, ParameterValue).optional(),
  /** The run whose failed cell it goes on from. */
  resumes: Ulid.optional(),
  /** Where its schedule publishes: whether that went well. Stored some time after the end. */
  published: Published.optional(),
  createdAt: Instant,
  endedAt: Instant.optional()
});
export type Run = z.infer<typeof Run>;

/** As much of a run as a list of thousands of schedules shows: how it ended, how long it took. */
export const RecentRun = Run.pick({ id: true, dueAt: true, state: true, progress: true, endedAt: true }).extend({
  attempts: z.array(Attempt.pick({ startedAt: true, endedAt: true }))
});
export type RecentRun = z.infer<typeof RecentRun>;

/** Whether a schedule's times count. A `test` was never saved and is in no list. */
export const ScheduleState = z.enum(['active', 'paused', 'deleted', 'test']);
export type ScheduleState = z.infer<typeof ScheduleState>;

/** A schedule as it is kept. */
export const Schedule = z.object({
  id: Ulid,
  owner: z.string(),
  spec: ScheduleSpec,
  /** The folder of this machine below which its paths lie. */
  root: z.string(),
  /** Name of the copy that it runs, where its notebook is pinned. */
  pinned: Ulid.optional(),
  /** What exactly that copy is of, where the notebook lies elsewhere, as in `Attempt`. */
  pinnedSource: z.string().optional(),
  state: ScheduleState,
  /** Counts its changes, from 1. */
  revision: z.number().int().min(1),
  createdAt: Instant,
  updatedAt: Instant,
  /** When it is due next; absent where it is not active or never due again. */
  nextDue: Instant.optional()
});
export type Schedule = z.infer<typeof Schedule>;
