import * as z from 'zod';
import { Instant, Ulid } from '../identifiers.js';
import { Run } from './records.js';

/** What somebody is told of. */
export const NoticeKind = z.enum(['failure', 'recovery', 'late', 'success', 'notify']);
export type NoticeKind = z.infer<typeof NoticeKind>;

/** A notice for the person at the screen. The tab that claims it shows it; so it is shown once. */
export const Toast = z.object({
  id: Ulid,
  kind: NoticeKind,
  title: z.string(),
  /** One or two sentences. */
  text: z.string(),
  scheduleId: Ulid,
  runId: Ulid,
  at: Instant
});
export type Toast = z.infer<typeof Toast>;

/** What happened to the schedules of the caller. On `changed` the schedule is to be asked for again. */
export const ScheduleNews = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), run: Run }),
  z.object({ type: z.literal('changed'), scheduleId: Ulid }),
  z.object({ type: z.literal('toast'), toast: Toast })
]);
export type ScheduleNews = z.infer<typeof ScheduleNews>;

/** An output of a cell as a notebook holds it, or `clear`. Large ones are left out, with `leftOut` in words. */
const CellOutput = z.looseObject({ output_type: z.string() });

/** Something that happened in an attempt. `index` counts all cells of the output notebook from 0. */
export const RunEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), run: Run }),
  z.object({
    type: z.literal('started'),
    attempt: z.number().int(),
    cells: z.number().int(),
    /** What became of the run that it goes on from, as a sentence. */
    resumed: z.string().optional(),
    /** The values it runs with, macros filled in. */
    parameters: z.record(z.string(), z.unknown()).optional()
  }),
  z.object({
    type: z.literal('cell'),
    index: z.number().int(),
    /** Of the cells of code, counted from 1. */
    cell: z.number().int(),
    of: z.number().int(),
    state: z.enum(['running', 'done', 'failed']),
    seconds: z.number().optional(),
    /** The first lines of its source. */
    source: z.string().optional()
  }),
  z.object({ type: z.literal('output'), index: z.number().int(), output: CellOutput }),
  z.object({ type: z.literal('memory'), resident: z.number(), peak: z.number() }),
  z.object({ type: z.literal('log'), level: z.string(), text: z.string(), at: z.string() })
]);
export type RunEvent = z.infer<typeof RunEvent>;
