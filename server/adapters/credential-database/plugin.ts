import * as z from 'zod';
import { OwnSecret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';

/** `kind: database`. */
export const DatabaseSettings = z.strictObject({
  user: z.string().min(1).max(200).optional().describe('Who signs in. Absent: the person says so with the password.'),
  password: OwnSecret.optional().describe(
    'The password or token, by reference. Absent: the person types it once, and it is kept encrypted.'
  ),
  for: z.string().min(1).max(200).optional().describe('What it opens, as people call it: warehouse.example.org.'),
  keepFor: z
    .number('must be a number of hours')
    .min(0.01, 'must be at least 0.01')
    .max(8760, 'must be at most 8760')
    .optional()
    .describe('Hours after which a typed password is asked for anew. Absent: kept until sign-out.')
});
export type DatabaseSettings = z.infer<typeof DatabaseSettings>;

/** `kind: database`: user and password, or a token, of a database. */
export const databaseCredentialPlugin = definePlugin({
  kind: 'credential-provider',
  id: 'database',
  config: DatabaseSettings,
  async create(settings, { readSecret, clock, label = 'database' }) {
    return (await import('./index.js')).createDatabaseProvider({ settings, readSecret, clock, label });
  }
});
