import * as z from 'zod';
import { Ulid } from '../identifiers.js';
import { defineRoute, events, json } from '../route.js';
import { RunProfile, ScheduleForm, Times } from './form.js';
import { ScheduleNews } from './news.js';
import { RecentRun, Run, Schedule } from './records.js';
import { ScheduleSpec } from './spec.js';
import { CalendarDay, Cron, ParameterName, ParameterValue, TimeZone } from './values.js';

const ScheduleParams = z.object({ scheduleId: Ulid });

/** A schedule in a list, with what became of its last runs. */
export const ScheduleSummary = z.object({
  schedule: Schedule,
  /** The newest runs, the newest first. */
  recent: z.array(RecentRun)
});
export type ScheduleSummary = z.infer<typeof ScheduleSummary>;

/** The most runs of a schedule that a list shows. */
export const RECENT_RUNS = 14;

export const scheduleRoutes = {
  form: defineRoute({
    id: 'schedule.form',
    method: 'GET',
    path: '/schedules/form',
    summary: 'All that a dialog needs to schedule a notebook: a schedule to begin with, and what its fields may be.',
    query: z.object({ path: z.string().min(1).max(4096) }),
    response: json(ScheduleForm),
    errors: ['file-not-found', 'file-unreadable', 'path-refused', 'not-a-notebook', 'storage-full', 'storage-read-only']
  }),
  profiles: defineRoute({
    id: 'schedule.profiles',
    method: 'GET',
    path: '/schedules/profiles',
    summary: 'The profiles that a schedule may name, and whether its runs would get keys.',
    response: json(z.object({ profiles: z.array(RunProfile) })),
    errors: []
  }),
  times: defineRoute({
    id: 'schedule.times',
    method: 'GET',
    path: '/schedules/times',
    summary: 'When a cron expression is due, in words, and its next five times.',
    query: z.object({
      cron: Cron,
      zone: TimeZone.default('UTC'),
      start: CalendarDay.optional(),
      end: CalendarDay.optional()
    }),
    response: json(Times),
    errors: []
  }),
  news: defineRoute({
    id: 'schedule.news',
    method: 'GET',
    path: '/schedules/news',
    summary: 'What happens to the schedules of the caller from now on, or after `Last-Event-ID`.',
    response: events(ScheduleNews),
    errors: []
  }),
  claimToast: defineRoute({
    id: 'schedule.claimToast',
    method: 'POST',
    path: '/toasts/:toastId/claim',
    summary: 'Takes a notice to show it. Only the first who asks is told `true`.',
    params: z.object({ toastId: Ulid }),
    response: json(z.object({ mine: z.boolean() })),
    errors: []
  }),
  test: defineRoute({
    id: 'schedule.test',
    method: 'POST',
    path: '/schedules/test',
    summary: 'Runs a schedule once that is not saved. The same `opId` again gives the same run.',
    body: z.strictObject({ opId: Ulid, spec: ScheduleSpec }),
    response: json(Run, { status: 201, location: ({ id }) => `/runs/${id}` }),
    errors: ['file-not-found', 'file-unreadable', 'path-refused', 'not-a-notebook', 'storage-full', 'storage-read-only']
  }),
  list: defineRoute({
    id: 'schedule.list',
    method: 'GET',
    path: '/schedules',
    summary:
      'The schedules of the caller by name, each with its last runs; with `deleted=true` those that can be restored.',
    query: z.object({ deleted: z.stringbool().default(false) }),
    response: json(z.object({ schedules: z.array(ScheduleSummary) })),
    errors: []
  }),
  get: defineRoute({
    id: 'schedule.get',
    method: 'GET',
    path: '/schedules/:scheduleId',
    summary: 'One schedule.',
    params: ScheduleParams,
    response: json(Schedule),
    errors: ['not-found']
  }),
  create: defineRoute({
    id: 'schedule.create',
    method: 'POST',
    path: '/schedules',
    summary: 'Makes a schedule. The same `opId` again gives the same schedule.',
    body: z.strictObject({ opId: Ulid, spec: ScheduleSpec, paused: z.boolean().default(false) }),
    response: json(Schedule, { status: 201, location: ({ id }) => `/schedules/${id}` }),
    errors: [
      'file-not-found',
      'file-unreadable',
      'path-refused',
      'not-a-notebook',
      'conflict',
      'storage-full',
      'storage-read-only'
    ]
  }),
  update: defineRoute({
    id: 'schedule.update',
    method: 'PUT',
    path: '/schedules/:scheduleId',
    summary: 'Changes a schedule, given the revision that was seen. Runs that exist keep what they are.',
    params: ScheduleParams,
    body: z.strictObject({ revision: z.number().int().min(1), spec: ScheduleSpec }),
    response: json(Schedule),
    errors: [
      'not-found',
      'conflict',
      'file-not-found',
      'file-unreadable',
      'path-refused',
      'not-a-notebook',
      'storage-full',
      'storage-read-only'
    ]
  }),
  setState: defineRoute({
    id: 'schedule.setState',
    method: 'POST',
    path: '/schedules/:scheduleId/state',
    summary: 'Pauses, resumes, deletes or restores a schedule. Times that pass meanwhile are not made up for.',
    params: ScheduleParams,
    body: z.strictObject({ state: z.enum(['active', 'paused', 'deleted']) }),
    response: json(Schedule),
    errors: ['not-found', 'conflict']
  }),
  runNow: defineRoute({
    id: 'schedule.runNow',
    method: 'POST',
    path: '/schedules/:scheduleId/runs',
    summary: 'Runs a schedule now, with its parameters or others. The same `opId` again gives the same run.',
    params: ScheduleParams,
    body: z.strictObject({ opId: Ulid, parameters: z.record(ParameterName, ParameterValue).default({}) }),
    response: json(Run, { status: 201, location: ({ id }) => `/runs/${id}` }),
    errors: ['not-found', 'gone']
  }),
  backfill: defineRoute({
    id: 'schedule.backfill',
    method: 'POST',
    path: '/schedules/:scheduleId/backfill',
    summary: 'Runs a schedule for the due times of some days of the past. Those that succeeded or are under way stay.',
    params: ScheduleParams,
    body: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
    response: json(z.object({ runs: z.array(Run) })),
    errors: ['not-found', 'gone']
  })
};
