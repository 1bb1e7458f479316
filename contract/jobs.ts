import * as z from 'zod';
import { Instant, Ulid } from './identifiers.js';
import { Problem } from './problem.js';
import { defineRoute, empty, events, json } from './route.js';

/** Where a job stands. The last three are final. */
export const JobState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

/** One step of a job, with how far it is. `total` 0 means that nobody can say. */
export const JobStep = z.object({
  /** Stable name: `read`, `render`, `upload`, `page`, `verify`. */
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'skipped']),
  done: z.number().int().min(0),
  total: z.number().int().min(0),
  /** What is happening, in words: "figure 12 of 23 · 41 KB". */
  detail: z.string().optional()
});
export type JobStep = z.infer<typeof JobStep>;

/** Long work as a resource. Its id is the `opId` its caller made, so asking twice starts it once. */
export const Job = z.object({
  id: Ulid,
  kind: z.string(),
  state: JobState,
  owner: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
  steps: z.array(JobStep),
  /** What it made, by kind (`ShareResult` for `share`); only when it succeeded. */
  result: z.unknown().optional(),
  /** Why it failed; only when it did. */
  problem: Problem.optional()
});
export type Job = z.infer<typeof Job>;

/** Something that happened to a job: one step moved on, or its state changed (then the whole job is given). */
export const JobEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step'), step: JobStep }),
  z.object({ type: z.literal('state'), job: Job })
]);
export type JobEvent = z.infer<typeof JobEvent>;

const JobParams = z.object({ jobId: Ulid });

export const jobRoutes = {
  list: defineRoute({
    id: 'jobs.list',
    method: 'GET',
    path: '/jobs',
    summary: 'The jobs of the caller, newest first; with `active=true` only those under way.',
    query: z.object({
      active: z.stringbool().default(false),
      limit: z.coerce.number().int().min(1).max(200).default(50)
    }),
    response: json(z.object({ jobs: z.array(Job) })),
    errors: []
  }),
  get: defineRoute({
    id: 'jobs.get',
    method: 'GET',
    path: '/jobs/:jobId',
    summary: 'One job.',
    params: JobParams,
    response: json(Job),
    errors: ['not-found']
  }),
  events: defineRoute({
    id: 'jobs.events',
    method: 'GET',
    path: '/jobs/:jobId/events',
    summary: 'The events of a job, from the beginning or after `Last-Event-ID`, until it ends.',
    params: JobParams,
    query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
    response: events(JobEvent),
    errors: ['not-found']
  }),
  cancel: defineRoute({
    id: 'jobs.cancel',
    method: 'DELETE',
    path: '/jobs/:jobId',
    summary: 'Cancels a job. What it had already made durable stays; an ended job is left as it is.',
    params: JobParams,
    response: empty,
    errors: ['not-found']
  })
};
