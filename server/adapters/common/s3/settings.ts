import * as z from 'zod';
import { ProfileId } from '../../../../contract/credentials/types.js';
import { Secret } from '../../../configuration/secret.js';

const Credentials = z
  .strictObject({
    profile: ProfileId.optional().describe('The profile of credentials whose keys are used. Instead of all else here.'),
    accessKeyId: z.union([z.string().min(1), Secret], 'must be the id of a key, or a reference to it').optional(),
    secretAccessKey: Secret.optional(),
    sessionToken: Secret.optional()
  })
  .check(({ value: { profile, ...key }, issues }) => {
    const names = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;
    for (const name of names) {
      const isThere = key[name] !== undefined;
      const message =
        profile !== undefined && isThere
          ? 'must not be there beside profile'
          : profile === undefined && !isThere && name !== 'sessionToken'
            ? 'is missing'
            : undefined;
      if (message !== undefined) issues.push({ code: 'custom', path: [name], message, input: key[name] });
    }
  });

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
  credentials: Credentials.optional().describe(
    "The key, by reference. Absent: AWS's own order (environment, profile, web identity, instance)."
  )
});
export type S3Settings = z.infer<typeof S3Settings>;
