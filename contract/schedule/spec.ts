import * as z from 'zod';
import { label, ProfileId } from '../identifiers.js';
import { faultOfNotebook, faultOfOutput } from './places.js';
import { CalendarDay, Cron, Duration, MemorySize, ParameterName, ParameterValue, TimeZone } from './values.js';

/** A text that has no fault, as a sentence says it. */
const without = (faultOf: (text: string) => string | undefined) => (context: z.core.ParsePayload<string>) => {
  const message = faultOf(context.value);
  if (message !== undefined) context.issues.push({ code: 'custom', message, input: context.value });
};

/**
 * A path below the folder that the server shows, `/` between its parts; `share://<id>` or `share://<id>@<version>` for
 * a notebook of the Library; `s3://<bucket>/<key>` for one in a bucket of the configuration.
 */
const NotebookPath = z.string().min(1, 'must not be empty').max(4096).check(without(faultOfNotebook));

/** Which notebook runs. `follow`: as it is when the run starts. `pin`: as it was when the schedule was saved. */
export const ScheduledNotebook = z.strictObject({
  path: NotebookPath,
  mode: z.enum(['follow', 'pin'], 'must be follow or pin').default('follow')
});
export type ScheduledNotebook = z.infer<typeof ScheduledNotebook>;

/** When it is due. */
export const When = z
  .strictObject({
    cron: Cron,
    zone: TimeZone.default('UTC'),
    /** First and last day, both included, in the zone. */
    start: CalendarDay.optional(),
    end: CalendarDay.optional()
  })
  .refine(({ start, end }) => start === undefined || end === undefined || start <= end, {
    path: ['end'],
    message: 'must not be before start'
  });
export type When = z.infer<typeof When>;

/** What it runs in. */
export const Environment = z.strictObject({
  /** Name of a kernel; the notebook's own where absent. */
  kernel: label(200).optional(),
  /** Largest memory of the run; the backend's own limit where absent. */
  memory: MemorySize.optional()
});
export type Environment = z.infer<typeof Environment>;

/** What happens when runs meet, are missed, fail or take long. */
export const Policy = z.strictObject({
  /** While a run of it goes on: `skip` the new one, let it wait (`queue`), end the older one (`replace`), or both (`allow`). */
  overlap: z.enum(['skip', 'queue', 'replace', 'allow'], 'must be skip, queue, replace or allow').default('skip'),
  /** Due times at which nothing was there to run: `none` is caught up, the `last` one, or `all` up to `maxCatchUp`. */
  catchUp: z.enum(['none', 'last', 'all'], 'must be none, last or all').default('none'),
  maxCatchUp: z.number().int().min(1).max(100).default(10),
  /** How often a run that failed for a passing reason is tried again. */
  retries: z.number().int().min(0).max(10).default(0),
  /** Before the first retry; each further one waits twice as long. */
  retryDelay: Duration.default('1m'),
  /** Whether a time-out counts as a passing reason. */
  retryTimeouts: z.boolean().default(false),
  /** Longest time of a run, and of one cell. */
  timeout: Duration.default('6h'),
  cellTimeout: Duration.optional(),
  /** After this time without an end a run is late, which people can be told. */
  lateAfter: Duration.optional()
});
export type Policy = z.infer<typeof Policy>;

/** Names of notification channels of the configuration; `owner` is the schedule's owner, wherever reachable. */
const Channels = z.array(label(100)).max(20);

/** Who is told of what. */
export const Notify = z.strictObject({
  failure: Channels.default([]),
  recovery: Channels.default([]),
  late: Channels.default([]),
  success: Channels.default([])
});
export type Notify = z.infer<typeof Notify>;

/** What becomes of a good run: its output is shared to the Library or a wiki. */
export const Publish = z.strictObject({
  target: label(100).default('library'),
  hideCode: z.boolean().default(false)
});
export type Publish = z.infer<typeof Publish>;

/** Which runs are kept: at least the newest `runs`, and all of the last `days`. */
export const Keep = z.strictObject({
  runs: z.number().int().min(1).max(10_000).default(100),
  days: z.number().int().min(1).max(3650).default(90)
});
export type Keep = z.infer<typeof Keep>;

/**
 * One notebook, when it runs and what then happens: the whole of what a person decides, the same on every backend.
 * Written by hand it may leave out all but name, notebook and when.
 */
export const ScheduleSpec = z.strictObject({
  /** Of this form of writing. */
  version: z.literal(1, 'must be 1').default(1),
  name: label(200),
  owner: label(200).optional(),
  description: z.string().max(2000).optional(),
  notebook: ScheduledNotebook,
  when: When,
  /** Values of the notebook's parameters; macros such as `{{ ds }}` stand for themselves. */
  parameters: z
    .record(ParameterName, ParameterValue)
    .refine(all => Object.keys(all).length <= 200, 'must be at most 200 parameters')
    .default({}),
  environment: Environment.prefault({}),
  /** Where it runs: `local`, or the name of a profile of the configuration. */
  where: label(100).default('local'),
  /**
   * The profile of the configuration whose keys its runs get, whoever is signed in elsewhere. Absent: none is named; runs
   * ask where kernels ask, for the profile that is active then.
   */
  credentials: ProfileId.optional(),
  policy: Policy.prefault({}),
  notify: Notify.prefault({}),
  publish: Publish.optional(),
  /** Folder of a run's output, a template of macros; may be in a bucket of the configuration: `s3://<bucket>/<key>/`. */
  output: z
    .string()
    .min(1, 'must not be empty')
    .max(1000)
    .check(without(faultOfOutput))
    .default('runs/{{ schedule_id }}/{{ run_id }}/'),
  keep: Keep.prefault({}),
  tags: z.array(label(60)).max(20).default([])
});
export type ScheduleSpec = z.infer<typeof ScheduleSpec>;
