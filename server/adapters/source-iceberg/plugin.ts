import { definePlugin } from '../../plugins/plugin.js';
import { IcebergSettings } from './settings.js';

/** `kind: iceberg`: a catalogue that speaks Iceberg's REST protocol: Polaris, Nessie, Lakekeeper, Unity, Glue. */
export const icebergSourcePlugin = definePlugin({
  kind: 'table-source',
  id: 'iceberg',
  config: IcebergSettings,
  create: async (settings, surroundings) => (await import('./index.js')).createIcebergSource(settings, surroundings)
});
