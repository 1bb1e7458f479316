import * as z from 'zod';
import { Secret } from '../../../configuration/secret.js';

/** The settings of a bucket, as the section `library` has them. */
export const S3Settings = z.strictObject({
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/, 'must be the name of a bucket, without its address')
    .describe('The bucket. It must exist.'),
  prefix: z
    .string()
    .regex(
      /^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*\/?$/,
      'must be names of letters, digits, ".", "_", "-", with "/" between'
    )
    .max(256, 'must have at most 256 characters')
    .optional()
    .describe('Where in the bucket: everything lies below it. Absent: at the top.'),
  endpoint: z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .optional()
    .describe('Address of the server. Absent: Amazon S3.'),
  region: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe("Absent: us-east-1 with an endpoint, else what AWS's own settings say."),
  pathStyle: z
    .boolean()
    .optional()
    .describe('Whether the bucket is part of the path, not of the host name. Absent: true with an endpoint.'),
  credentials: z
    .strictObject({
      accessKeyId: z.union([z.string().min(1), Secret], 'must be the id of a key, or a reference to it'),
      secretAccessKey: Secret,
      sessionToken: Secret.optional()
    })
    .optional()
    .describe("The key, by reference. Absent: AWS's own order (environment, profile, web identity, instance).")
});
export type S3Settings = z.infer<typeof S3Settings>;
