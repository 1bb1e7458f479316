import * as z from 'zod';
import { Instant, Ulid } from '../identifiers.js';
import { ProfileId, RoleId } from './types.js';

/** Why something went wrong, as people read it. Never holds a secret. */
export const CredentialTrouble = z.object({ message: z.string(), code: z.string() });
export type CredentialTrouble = z.infer<typeof CredentialTrouble>;

/** What a sign-in waits for now. */
export const SignInStep = z.discriminatedUnion('kind', [
  /** For the provider. */
  z.object({ kind: z.literal('provider') }),
  /** For the digits of a second factor. */
  z.object({
    kind: z.literal('code'),
    digits: z.number().int(),
    /** Which device makes them, as the provider calls it. */
    device: z.string(),
    /** What was wrong with the code before this one. */
    trouble: z.string().optional(),
    /** How many more codes may be tried. */
    triesLeft: z.number().int()
  }),
  /** For the person to confirm a code at the provider, on any device. */
  z.object({
    kind: z.literal('device'),
    userCode: z.string(),
    verificationUri: z.string(),
    /** The same with the code in it. */
    verificationUriComplete: z.string().optional(),
    endsAt: Instant
  }),
  /** For a page of the provider, in this browser. */
  z.object({ kind: z.literal('browser'), url: z.string(), endsAt: Instant }),
  /** For a password, which is kept encrypted. */
  z.object({
    kind: z.literal('password'),
    /** For whom; absent where the person says that too. */
    user: z.string().optional(),
    trouble: z.string().optional(),
    triesLeft: z.number().int()
  })
]);
export type SignInStep = z.infer<typeof SignInStep>;

/**
 * A sign-in on its way. `waiting` goes on to another step, or to one of the others, which are final. It lives as long
 * as the process that carries it; whatever its end, keys from before stay in force until new ones are there.
 */
export const SignIn = z.object({
  id: Ulid,
  profile: ProfileId,
  role: RoleId.optional(),
  state: z.enum(['waiting', 'succeeded', 'failed', 'cancelled']),
  /** While it waits. */
  step: SignInStep.optional(),
  /** Why it failed. */
  trouble: CredentialTrouble.optional(),
  startedAt: Instant
});
export type SignIn = z.infer<typeof SignIn>;

/** What a person gives to a sign-in that asks. */
export const SignInAnswer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('code'),
    code: z.string().regex(/^\d{6,8}$/, 'must be the six digits that your device shows')
  }),
  z.strictObject({
    kind: z.literal('password'),
    user: z.string().min(1).max(200).optional(),
    password: z.string().min(1, 'must not be empty').max(10_000)
  })
]);
export type SignInAnswer = z.infer<typeof SignInAnswer>;
