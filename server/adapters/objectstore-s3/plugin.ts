import { definePlugin } from '../../plugins/plugin.js';
import { S3Settings } from './settings.js';

/** `kind: s3`: a bucket of Amazon S3, or of a server that speaks its language. */
export const s3Plugin = definePlugin({
  kind: 'object-store',
  id: 's3',
  config: S3Settings,
  create: async (settings, surroundings) => (await import('./index.js')).createS3ObjectStore(settings, surroundings),
  check: async (settings, surroundings) => (await import('./check.js')).checkBucket(settings, surroundings)
});
