import * as z from 'zod';
import { Instant } from '../identifiers.js';
import { ScheduleGrant } from './grants.js';
import { CredentialTrouble } from './signIn.js';
import { KeyOrigin, ProfileColour, ProfileId, RoleId, SignInMethod } from './types.js';

/** Who a session stands for. */
export const Identity = z.object({
  name: z.string(),
  /** As the provider names it in full. */
  arn: z.string().optional(),
  account: z.string().optional()
});
export type Identity = z.infer<typeof Identity>;

/** A sign-in that succeeded, as far as the browser may know it: never a key. */
export const Session = z.object({
  /** Stays the same while keys are renewed. */
  id: z.string(),
  identity: Identity,
  role: RoleId.optional(),
  /** Absent for keys that need no sign-in. */
  since: Instant.optional(),
  /** When the keys end; absent where they do not. */
  expiresAt: Instant.optional(),
  /** Whether new keys can be had without the person, and until when where the provider says. */
  renewable: z.boolean(),
  renewableUntil: Instant.optional()
});
export type Session = z.infer<typeof Session>;

/** A profile of the configuration, and how it stands with it. */
export const Profile = z.object({
  id: ProfileId,
  label: z.string(),
  description: z.string(),
  /** The plug-in: `oidc`, `iam-mfa`, `static`, `database`. */
  kind: z.string(),
  /** What its keys open. */
  opens: z.enum(['aws', 'database']),
  colour: ProfileColour,
  /** Whether it is production: shown in red, and asked for on purpose. */
  production: z.boolean(),
  method: SignInMethod,
  state: z.enum(['signed-out', 'active', 'expired']),
  /** Absent while signed out. */
  session: Session.optional(),
  /** Whether new keys are fetched before the old end, where that is possible. */
  autoRefresh: z.boolean(),
  /** The sign-in on its way. */
  signIn: z.string().optional(),
  /** What went wrong last, until something goes well. */
  trouble: CredentialTrouble.optional()
});
export type Profile = z.infer<typeof Profile>;

/** All profiles, and what they stand on. */
export const CredentialsOverview = z.object({
  profiles: z.array(Profile),
  /** The one whose keys running kernels get. */
  active: ProfileId.optional(),
  /** How sessions are kept; absent while there is no profile. */
  store: z.object({ key: KeyOrigin, detail: z.string() }).optional(),
  /** The schedules whose runs may use a profile; absent where there is none. */
  grants: z.array(ScheduleGrant).optional(),
  /** Where kernels ask for keys; absent where nobody listens, as in a command. */
  endpoint: z.object({ url: z.string() }).optional(),
  /** The time here, against which the browser counts. */
  now: Instant
});
export type CredentialsOverview = z.infer<typeof CredentialsOverview>;

/** A role that a person may take. */
export const Role = z.object({
  id: RoleId,
  label: z.string(),
  /** What it may do. */
  description: z.string().optional(),
  arn: z.string().optional(),
  /** Whether the session has it now. */
  current: z.boolean()
});
export type Role = z.infer<typeof Role>;

/** What the doctor found, and what mends it. */
export const DoctorFinding = z.object({
  /** Which check: `shadowing-file`, `clock`. */
  id: z.string(),
  state: z.enum(['ok', 'warning', 'failed']),
  detail: z.string(),
  cure: z.string().optional(),
  /** What one click does about it. */
  fix: z
    .object({
      id: z.string(),
      label: z.string(),
      /** Variables that kernels which run already keep: whoever asks for the fix takes them out there. */
      unset: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).optional()
    })
    .optional()
});
export type DoctorFinding = z.infer<typeof DoctorFinding>;

/** All that the doctor looked at, in the order in which clients look for keys. */
export const DoctorReport = z.object({ findings: z.array(DoctorFinding) });
export type DoctorReport = z.infer<typeof DoctorReport>;

/** The process that keys were handed to. */
export const AuditedProcess = z.object({
  pid: z.number().int(),
  /** Its name, such as `python3.11`. */
  program: z.string(),
  /** The kernel it is or belongs to, where that could be found. */
  kernel: z.string().optional()
});
export type AuditedProcess = z.infer<typeof AuditedProcess>;

/** A change of session keys, or their first hand-out to a process. */
export const AuditEntry = z.object({
  number: z.number().int(),
  at: Instant,
  event: z.enum(['signed-in', 'renewed', 'role-taken', 'switched', 'handed-out', 'signed-out', 'permitted', 'revoked']),
  profile: z.string(),
  /** Which session, and how many times its keys had changed. */
  session: z.string().optional(),
  issue: z.number().int().optional(),
  role: z.string().optional(),
  /** The schedule that it is about, where it is about one: its keys are not those of the session. */
  schedule: z.string().optional(),
  /** Who asked for it; the system for what happens by itself. */
  by: z.string(),
  /** Of a hand-out; absent where it could not be found. */
  process: AuditedProcess.optional()
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** The newest entries, and whether the whole file is as it was written. */
export const AuditReport = z.object({
  /** The newest first. */
  entries: z.array(AuditEntry),
  total: z.number().int(),
  whole: z.boolean(),
  /** What is wrong with the file, and from which line on. */
  detail: z.string()
});
export type AuditReport = z.infer<typeof AuditReport>;
