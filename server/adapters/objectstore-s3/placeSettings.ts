import * as z from 'zod';
import { S3Settings } from './settings.js';

const { bucket, prefix, endpoint, region, pathStyle, credentials } = S3Settings.shape;

const PlaceBucket = z.strictObject({
  bucket,
  prefix: prefix.describe('Where in the bucket: nothing else of it is reached. Absent: all of it.'),
  access: z
    .enum(['read', 'write'], 'must be read or write')
    .default('read')
    .describe('read: notebooks are taken from it. write: outputs are put there, too.')
});

/** The settings of `places.s3`: a server, and which of its buckets schedules may name. */
export const S3PlaceSettings = z.strictObject({
  endpoint,
  region,
  pathStyle,
  credentials,
  buckets: z
    .array(PlaceBucket)
    .min(1, 'must name a bucket at least')
    .max(100)
    .describe('The buckets, or parts of buckets, that schedules and "lakeside run" may name, and no others.')
});
export type S3PlaceSettings = z.infer<typeof S3PlaceSettings>;
