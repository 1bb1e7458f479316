import { isAbsolute } from 'node:path';
import * as z from 'zod';
import { S3Settings } from '../common/s3/settings.js';

/** The settings of files: a folder of this machine, or a bucket. */
export const FilesSettings = z
  .strictObject({
    path: z
      .string()
      .refine(isAbsolute, 'must be an absolute path')
      .optional()
      .describe('A folder. Parquet, CSV and Iceberg below it are tables.'),
    bucket: S3Settings.optional().describe('A bucket, or a part of one, in place of a folder.')
  })
  .refine(({ path, bucket }) => (path === undefined) !== (bucket === undefined), {
    error: 'must have either path or bucket'
  });
export type FilesSettings = z.infer<typeof FilesSettings>;
