import * as z from 'zod';

export { ProfileId } from '../identifiers.js';

/** The name of a role within its profile. */
export const RoleId = z.string().min(1).max(200);
export type RoleId = z.infer<typeof RoleId>;

/** How a profile is shown. The browser has a tone of its theme for each. */
export const ProfileColour = z.enum(['green', 'blue', 'orange', 'red']);
export type ProfileColour = z.infer<typeof ProfileColour>;

/**
 * What a sign-in asks of a person: nothing, the six digits of a second factor, a code to confirm at the provider, a
 * page of the provider, a password.
 */
export const SignInMethod = z.enum(['none', 'code', 'device', 'browser', 'password']);
export type SignInMethod = z.infer<typeof SignInMethod>;

/** Where the key comes from with which sessions are encrypted on disk. */
export const KeyOrigin = z.enum(['hub', 'keyring', 'file']);
export type KeyOrigin = z.infer<typeof KeyOrigin>;
