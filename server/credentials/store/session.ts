import * as z from 'zod';
import { Identity } from '../../../contract/credentials/index.js';
import type { Grant } from '../ports.js';

const AwsKeys = z.object({
  kind: z.literal('aws'),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string().optional(),
  expiresAt: z.number().optional()
});
const DatabaseKeys = z.object({
  kind: z.literal('database'),
  user: z.string().optional(),
  password: z.string(),
  expiresAt: z.number().optional()
});

/** A session as it is kept: one text, one file, so that nobody ever sees the keys of two. */
export const StoredSession = z.object({
  version: z.literal(1),
  profile: z.string(),
  /** Of the settings it was made with. */
  fingerprint: z.string(),
  id: z.string(),
  /** How many times its keys changed. */
  issue: z.number().int(),
  /** When the person signed in, and when these keys came. Milliseconds since 1970. */
  since: z.number(),
  changedAt: z.number(),
  grant: z.object({
    keys: z.discriminatedUnion('kind', [AwsKeys, DatabaseKeys]),
    identity: Identity,
    role: z.string().optional(),
    renews: z.boolean().optional(),
    renewal: z.json().optional(),
    renewableUntil: z.number().optional()
  })
});
export type StoredSession = Omit<z.infer<typeof StoredSession>, 'grant'> & { grant: Grant };

/** All that is secret in a grant. */
export function secretsOf({ keys, renewal }: Grant): string[] {
  const own = keys.kind === 'aws' ? [keys.secretAccessKey, keys.sessionToken] : [keys.password];
  return [...own, ...texts(renewal)].filter((text): text is string => text !== undefined && text !== '');
}

/** The texts of a renewal under names that say that they are secret. */
function texts(value: unknown, name = ''): string[] {
  if (typeof value === 'string') return /secret|token|password|verifier/i.test(name) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => texts(each, Array.isArray(value) ? name : key));
}
