import * as z from 'zod';
import { OwnSecret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';

/** `kind: static`. */
export const StaticSettings = z.strictObject({
  accessKeyId: OwnSecret.describe('The id of the key, by reference.'),
  secretAccessKey: OwnSecret.describe('The secret of the key, by reference.'),
  sessionToken: OwnSecret.optional().describe('Of session keys that somebody else renews, by reference.')
});
export type StaticSettings = z.infer<typeof StaticSettings>;

/** `kind: static`: keys that lie in variables or files already. */
export const staticCredentialPlugin = definePlugin({
  kind: 'credential-provider',
  id: 'static',
  config: StaticSettings,
  async create(settings, { readSecret, label = 'static', settings: where }) {
    return (await import('./index.js')).createStaticProvider({ settings, readSecret, label, where });
  }
});
