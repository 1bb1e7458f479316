import * as z from 'zod';
import { RoleId } from '../../../contract/credentials/types.js';
import { OwnSecret } from '../../configuration/secret.js';
import { definePlugin } from '../../plugins/plugin.js';
import { roleShape, SafeAddress, stsShape } from '../common/sts/settings.js';

/** Of a role that whoever is signed in may take. */
const RoleSettings = z.strictObject({
  ...roleShape,
  hours: z
    .number('must be a number of hours')
    .min(0.001, 'must be at least 0.001')
    .max(12, 'must be at most 12')
    .default(1)
    .describe('How long its keys live. AWS allows 0.25 at least, and has a limit for each role; others allow less.')
});
export type OidcRoleSettings = z.infer<typeof RoleSettings>;

const isLoopback = (address: string): boolean => {
  const { protocol, hostname, port, search, hash } = new URL(address);
  return protocol === 'http:' && /^(127\.0\.0\.1|localhost)$/.test(hostname) && port !== '' && search + hash === '';
};

/** `kind: oidc`. */
export const OidcSettings = z.strictObject({
  issuer: SafeAddress.describe('Of the identity provider, as its discovery document names it.'),
  clientId: z.string().min(1).max(500).describe('What Lakeside is called at the provider.'),
  clientSecret: OwnSecret.optional().describe('Of a confidential client, by reference. Absent: a public client.'),
  flow: z
    .enum(['device', 'code'], 'must be device or code')
    .default('device')
    .describe('device: a code is confirmed at the provider, on any device. code: a page of the provider, on a laptop.'),
  redirect: z
    .url({ protocol: /^http$/, error: 'must be an address that begins with http://127.0.0.1:' })
    .refine(isLoopback, 'must be http://127.0.0.1:PORT/PATH: it is answered by this machine')
    .default('http://127.0.0.1:17645/callback')
    .describe('Where the provider sends the browser back to in the flow code, as it is registered there.'),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'must be a scope, without spaces'))
    .max(50)
    .default(['openid', 'offline_access'])
    .describe('What the provider is asked for. offline_access lets keys be renewed without the person.'),
  askConsent: z
    .boolean()
    .default(true)
    .describe(
      'Whether the provider shows its page of consent where offline_access is asked for, as the standard says.'
    ),
  token: z
    .enum(['id', 'access'], 'must be id or access')
    .default('id')
    .describe('Which token the security token service gets. An access token must be a JWT.'),
  audience: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('The audience that this token must have. Absent: the client.'),
  resource: z.string().min(1).max(500).optional().describe('The API an access token is asked for (RFC 8707).'),
  ...stsShape,
  roles: z.array(RoleSettings).min(1, 'must name a role at least').max(100).describe('Roles that may be taken.'),
  role: RoleId.optional().describe('The role that is taken at sign-in. Absent: the first.')
});
export type OidcSettings = z.infer<typeof OidcSettings>;

/** `kind: oidc`: a sign-in at an identity provider, and roles of AWS that its tokens open. */
export const oidcPlugin = definePlugin({
  kind: 'credential-provider',
  id: 'oidc',
  config: OidcSettings,
  async create(settings, { readSecret, clock, label = 'oidc', settings: where }) {
    return (await import('./index.js')).createOidcProvider({ settings, readSecret, clock, label, where });
  }
});
