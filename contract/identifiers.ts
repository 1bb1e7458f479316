import * as z from 'zod';

/** A ULID: 26 characters of Crockford's base 32, upper case, sortable by time. Ids are never user text. */
export const Ulid = z
  .string()
  .regex(
    /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/,
    'must be a ULID: 26 characters, digits and capital letters without I, L, O, U'
  );
export type Ulid = z.infer<typeof Ulid>;

/** A SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
export type Sha256 = z.infer<typeof Sha256>;

/** A point in time, ISO 8601 in UTC with milliseconds. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

// Bidirectional overrides and control characters let a name pretend to be another one.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const deceptive = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** A short text a person typed: trimmed, one line, no control or direction-changing characters. */
export function label(max: number): z.ZodType<string> {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max, `must have at most ${max} characters`)
    .refine(text => !deceptive.test(text), 'must not hold control or text-direction characters')
    .refine(text => text.isWellFormed(), 'must be well-formed Unicode');
}

/** The name of a profile: in the configuration, on buttons, in addresses. `active` stands for the one in use. */
export const ProfileId = z
  .string()
  .regex(
    /^(?!active$)[a-z0-9][a-z0-9-]{0,39}$/,
    'must be a name of small letters, digits and hyphens, and not "active"'
  );
export type ProfileId = z.infer<typeof ProfileId>;
