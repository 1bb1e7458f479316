import { definePlugin } from '../../plugins/plugin.js';
import { FilesSettings } from './settings.js';

/** `kind: files`: Parquet, CSV and Iceberg in a folder or in a bucket. */
export const filesSourcePlugin = definePlugin({
  kind: 'table-source',
  id: 'files',
  config: FilesSettings,
  create: async (settings, surroundings) => (await import('./index.js')).createFilesSource(settings, surroundings)
});
