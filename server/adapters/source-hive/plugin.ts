import { definePlugin } from '../../plugins/plugin.js';
import { HiveSettings } from './settings.js';

/** `kind: hive`: a Hive metastore, 2.3 or newer, without Kerberos. */
export const hiveSourcePlugin = definePlugin({
  kind: 'table-source',
  id: 'hive',
  config: HiveSettings,
  create: async (settings, surroundings) => (await import('./index.js')).createHiveSource(settings, surroundings)
});
