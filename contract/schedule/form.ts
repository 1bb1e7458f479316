import * as z from 'zod';
import { Instant } from '../identifiers.js';
import { ScheduleSpec } from './spec.js';
import { ParameterName, ParameterValue } from './values.js';

/** What a field of a form holds. `secret` is never shown and is given by reference: `{"$env": "NAME"}`. */
export const ParameterType = z.enum(['int', 'float', 'bool', 'str', 'date', 'list', 'dict', 'choice', 'secret', 'any']);
export type ParameterType = z.infer<typeof ParameterType>;

/** One parameter of a notebook, as its `parameters` cell declares it. */
export const Parameter = z.object({
  name: ParameterName,
  type: ParameterType,
  /** What it stands for where nothing is given; absent where it cannot be told without running the cell. */
  default: ParameterValue.optional(),
  /** The comment behind it. */
  help: z.string().optional(),
  /** What a `choice` can be. */
  choices: z.array(ParameterValue).optional()
});
export type Parameter = z.infer<typeof Parameter>;

/** What a backend can do. The dialog greys what it cannot. */
export const Backend = z.object({
  /** As `where` names it. */
  name: z.string(),
  title: z.string(),
  /** What it promises and what not, as a sentence. */
  promise: z.string(),
  can: z.object({
    overlap: z.array(z.enum(['skip', 'queue', 'replace', 'allow'])),
    catchUp: z.array(z.enum(['none', 'last', 'all'])),
    backfill: z.boolean(),
    kernel: z.boolean(),
    memory: z.boolean(),
    resume: z.boolean(),
    publish: z.boolean()
  })
});
export type Backend = z.infer<typeof Backend>;

/** A name that a field may have, with words for people. */
const Choice = z.object({ name: z.string(), title: z.string() });

/** A profile that a schedule may name. Never a key. */
export const RunProfile = z.object({
  name: z.string(),
  title: z.string(),
  /** Why runs would get no keys now, and what helps, as a sentence; absent where they would. */
  trouble: z.string().optional(),
  /** Whether a sign-in helps. */
  needsSignIn: z.boolean(),
  /** Until when keys can be had without the person, where the provider says. */
  until: Instant.optional()
});
export type RunProfile = z.infer<typeof RunProfile>;

/** All that the dialog needs for a notebook: a schedule to begin with, and what its fields may be. */
export const ScheduleForm = z.object({
  spec: ScheduleSpec,
  parameters: z.array(Parameter),
  /** Why the parameters could not be told, as a sentence. */
  parametersProblem: z.string().optional(),
  kernels: z.array(Choice),
  backends: z.array(Backend),
  /** Where news can be sent: `owner`, and the channels of the configuration. */
  channels: z.array(Choice),
  /** Where a good run can be published: the Library and wikis. */
  targets: z.array(Choice)
});
export type ScheduleForm = z.infer<typeof ScheduleForm>;

/** One time at which a schedule will be due. */
export const DueTime = z.object({
  at: Instant,
  /** The clock of the zone then, `2026-11-23T07:30`. */
  civil: z.string(),
  /** The offset of the zone then, `+01:00`. */
  offset: z.string(),
  /** Why it is special, as a sentence: a clock that is set forward or back. */
  note: z.string().optional()
});
export type DueTime = z.infer<typeof DueTime>;

/** What a `when` means. */
export const Times = z.object({
  /** In plain words: "Every weekday at 07:30, Europe/Paris". */
  words: z.string(),
  /** The next times, at most five. */
  next: z.array(DueTime)
});
export type Times = z.infer<typeof Times>;
