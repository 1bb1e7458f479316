import * as z from 'zod';
import { RoleId } from '../../../../contract/credentials/types.js';

const isThisMachine = ({ hostname }: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Whether secrets may travel to an address: over https, or within this machine. */
export function isSafe(address: string | URL): boolean {
  const url = new URL(address);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url));
}

/** An address of the configuration to which secrets travel. */
export const SafeAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
  .refine(isSafe, 'must begin with https://: keys travel to it');

/** What all who speak with a security token service have in their settings. */
export const stsShape = {
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'must be the name of a region, such as eu-west-1')
    .default('us-east-1'),
  endpoint: SafeAddress.optional().describe("Of the security token service. Absent: AWS's own of the region.")
};

/** What every role has that may be taken, whoever takes it. `hours` is for each to add. */
export const roleShape = {
  id: RoleId.describe('Its name here.'),
  arn: z.string().min(20, 'must be the ARN of a role').max(2048),
  label: z.string().min(1).max(60).optional().describe('What people call it. Absent: its name.'),
  description: z.string().max(300).optional().describe('What it may do, in a sentence.')
};

/** Who took a role, as logs of the account will show it. */
export function sessionName(name: string): string {
  return `lakeside-${name.replace(/[^\w+=,.@-]/g, '-')}`.slice(0, 64);
}
