import * as z from 'zod';
import { RoleId } from '../../../contract/credentials/types.js';
import { OwnSecret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { roleShape, stsShape } from '../common/sts/settings.js';

/** Of a role that a session may take. */
export const RoleSettings = z.strictObject({
  ...roleShape,
  externalId: z.string().min(2).max(1224).optional(),
  hours: z
    .number('must be a number of hours')
    .min(0.25, 'must be at least 0.25')
    .max(12, 'must be at most 12')
    .default(1)
    .describe('How long its keys live; AWS has a limit for each role.')
});
export type RoleSettings = z.infer<typeof RoleSettings>;

/** `kind: iam-mfa`. */
export const IamMfaSettings = z.strictObject({
  ...stsShape,
  credentials: z
    .strictObject({
      accessKeyId: OwnSecret.describe('The id of the long-lived key of the user, by reference.'),
      secretAccessKey: OwnSecret.describe('Its secret, by reference.')
    })
    .describe('The long-lived key of the IAM user, which may do nothing without the second factor.'),
  device: z
    .string()
    .min(9, 'must be the serial number or the ARN of the device')
    .max(256)
    .describe('The second factor: its ARN, or its serial number where it is a thing.'),
  hours: z
    .number('must be a number of hours')
    .min(0.25, 'must be at least 0.25')
    .max(36, 'must be at most 36')
    .default(12)
    .describe('How long a session lasts.'),
  roles: z.array(RoleSettings).max(100).default([]).describe('Roles that the session may take.'),
  role: RoleId.optional().describe('The role that is taken at sign-in. Absent: none.')
});
export type IamMfaSettings = z.infer<typeof IamMfaSettings>;

/** `kind: iam-mfa`: a user of IAM with a second factor, and roles to take from there. */
export const iamMfaPlugin = definePlugin({
  kind: 'credential-provider',
  id: 'iam-mfa',
  config: IamMfaSettings,
  async create(settings, { readSecret, clock, label = 'iam-mfa', settings: where }) {
    return (await import('./index.js')).createIamMfaProvider({ settings, readSecret, clock, label, where });
  }
});
