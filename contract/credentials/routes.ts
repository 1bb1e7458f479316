import * as z from 'zod';
import { Ulid } from '../identifiers.js';
import { defineRoute, empty, events, json } from '../route.js';
import { ScheduleGrant } from './grants.js';
import { AuditReport, CredentialsOverview, DoctorReport, Profile, Role } from './records.js';
import { SignIn, SignInAnswer } from './signIn.js';
import { ProfileId, RoleId } from './types.js';

const ProfileParams = z.object({ profileId: ProfileId });
const SignInParams = z.object({ signInId: Ulid });

/** What every question to a provider may end with. */
const providerProblems = [
  'not-found',
  'credential-signin',
  'credential-refused',
  'credential-busy',
  'credential-failed',
  'credential-unreachable'
] as const;

export const credentialRoutes = {
  overview: defineRoute({
    id: 'credentials.overview',
    method: 'GET',
    path: '/credentials',
    summary: 'All profiles with their sessions: who, how long, never a key. Asks no provider.',
    audience: 'kernel',
    response: json(CredentialsOverview),
    errors: []
  }),
  news: defineRoute({
    id: 'credentials.news',
    method: 'GET',
    path: '/credentials/news',
    summary: 'The overview now, and again whenever it changes. Needs no replay: each event is the whole.',
    response: events(CredentialsOverview),
    errors: []
  }),
  signIn: defineRoute({
    id: 'credentials.signIn',
    method: 'POST',
    path: '/credentials/profiles/:profileId/sign-in',
    summary: 'Begins a sign-in, or joins the one on its way. Answers at once; keys in force stay until new ones come.',
    params: ProfileParams,
    body: z.strictObject({
      /** Made by the client: the same id again is the same sign-in. */
      signInId: Ulid,
      role: RoleId.optional(),
      /** Whether kernels get its keys from then on. */
      activate: z.boolean().default(true)
    }),
    response: json(SignIn, { status: 202, location: ({ id }) => `/credentials/sign-ins/${id}` }),
    errors: ['not-found', 'conflict']
  }),
  signInState: defineRoute({
    id: 'credentials.signInState',
    method: 'GET',
    path: '/credentials/sign-ins/:signInId',
    summary: 'A sign-in: what it waits for, or how it ended.',
    params: SignInParams,
    response: json(SignIn),
    errors: ['not-found']
  }),
  answer: defineRoute({
    id: 'credentials.answer',
    method: 'POST',
    path: '/credentials/sign-ins/:signInId/answer',
    summary: 'Gives a sign-in the code or password that it waits for; tells how it went on.',
    params: SignInParams,
    body: z.strictObject({ answer: SignInAnswer }),
    response: json(SignIn),
    errors: ['not-found', 'conflict']
  }),
  cancelSignIn: defineRoute({
    id: 'credentials.cancelSignIn',
    method: 'DELETE',
    path: '/credentials/sign-ins/:signInId',
    summary: 'Ends a sign-in on its way.',
    params: SignInParams,
    response: empty,
    errors: ['not-found']
  }),
  refresh: defineRoute({
    id: 'credentials.refresh',
    method: 'POST',
    path: '/credentials/profiles/:profileId/refresh',
    summary: 'Fetches new keys without the person, where the session allows it.',
    params: ProfileParams,
    body: z.strictObject({ confirm: z.literal(true) }),
    response: json(Profile),
    errors: providerProblems
  }),
  roles: defineRoute({
    id: 'credentials.roles',
    method: 'GET',
    path: '/credentials/profiles/:profileId/roles',
    summary: 'The roles that a person may take, and what each may do.',
    params: ProfileParams,
    response: json(z.object({ roles: z.array(Role) })),
    errors: providerProblems
  }),
  takeRole: defineRoute({
    id: 'credentials.takeRole',
    method: 'PUT',
    path: '/credentials/profiles/:profileId/role',
    summary: 'Takes another role with the session there is.',
    params: ProfileParams,
    body: z.strictObject({ role: RoleId.nullable() }),
    response: json(Profile),
    errors: providerProblems
  }),
  autoRefresh: defineRoute({
    id: 'credentials.autoRefresh',
    method: 'PUT',
    path: '/credentials/profiles/:profileId/auto-refresh',
    summary: 'Whether new keys are fetched before the old end.',
    params: ProfileParams,
    body: z.strictObject({ on: z.boolean() }),
    response: json(Profile),
    errors: ['not-found']
  }),
  switch: defineRoute({
    id: 'credentials.switch',
    method: 'PUT',
    path: '/credentials/active',
    summary: 'Chooses the profile whose keys running kernels get with their next call.',
    body: z.strictObject({ profile: ProfileId }),
    response: json(CredentialsOverview),
    errors: ['not-found']
  }),
  signOut: defineRoute({
    id: 'credentials.signOut',
    method: 'DELETE',
    path: '/credentials/profiles/:profileId/session',
    summary: 'Wipes the session from this machine. Keys that were handed out live to their end.',
    params: ProfileParams,
    response: json(Profile),
    errors: ['not-found']
  }),
  grants: defineRoute({
    id: 'credentials.grants',
    method: 'GET',
    path: '/credentials/grants',
    summary: 'The schedules whose runs may use a profile without the person.',
    response: json(z.object({ grants: z.array(ScheduleGrant) })),
    errors: []
  }),
  revoke: defineRoute({
    id: 'credentials.revoke',
    method: 'DELETE',
    path: '/credentials/grants/:grantId',
    summary: 'Takes the permission from a schedule at once. Keys that a run has live to their end.',
    params: z.object({ grantId: Ulid }),
    response: empty,
    errors: ['not-found']
  }),
  doctor: defineRoute({
    id: 'credentials.doctor',
    method: 'GET',
    path: '/credentials/doctor',
    summary: 'Looks along the way on which a new kernel finds its keys: what is in it, and what mends it.',
    response: json(DoctorReport),
    errors: []
  }),
  fix: defineRoute({
    id: 'credentials.fix',
    method: 'POST',
    path: '/credentials/doctor/fixes',
    summary: 'Does what a finding of the doctor offers, and looks again.',
    body: z.strictObject({ fix: z.string().min(1).max(60) }),
    response: json(DoctorReport),
    errors: ['conflict']
  }),
  audit: defineRoute({
    id: 'credentials.audit',
    method: 'GET',
    path: '/credentials/audit',
    summary: 'Who got which session when, the newest first, and whether the file is as it was written.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }),
    response: json(AuditReport),
    errors: []
  })
};
