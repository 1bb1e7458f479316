import { definePlugin } from '../../plugins/plugin.js';
import { S3PlaceSettings } from './placeSettings.js';

/** `places.s3`: buckets from which schedules take notebooks, and to which their outputs go. */
export const s3PlacesPlugin = definePlugin({
  kind: 'run-places',
  id: 's3',
  config: S3PlaceSettings,
  create: async (settings, surroundings) => (await import('./places.js')).createS3Places(settings, surroundings),
  check: async (settings, surroundings) => (await import('./placesCheck.js')).checkPlaces(settings, surroundings)
});
