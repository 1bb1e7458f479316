import * as oidc from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';
import type { CredentialProvider, Grant, Json, SignInTalk } from '../../credentials/ports.js';
import { createSts, keysOf } from '../common/sts/client.js';
import { sessionName } from '../common/sts/settings.js';
import { checkOidc } from './check.js';
import { openClient } from './client.js';
import type { OidcOptions } from './client.js';
import { byCode } from './code.js';
import { byDevice } from './device.js';
import type { OidcRoleSettings } from './plugin.js';
import { translated } from './problems.js';
import { ENOUGH } from './tokens.js';
import type { Tokens } from './tokens.js';

/** What is kept for renewals. Encrypted by the store, as all of a session is. */
interface Kept {
  refreshToken?: string;
  /** The token that opened the last role, and its end. */
  webToken: string;
  endsAt: number;
  subject: string;
  name: string;
  renewableUntil?: number;
}

/** A person of an identity provider, whose tokens open roles: `AssumeRoleWithWebIdentity`. */
export function createOidcProvider(options: OidcOptions): CredentialProvider {
  const { settings, clock, label } = options;
  const sts = createSts({ endpoint: settings.endpoint, region: settings.region, label, clock });
  // What came for a refresh token that counts no more, until roles were taken with it: a refusal of STS loses nothing.
  const fresh = new Map<string, Kept>();

  function roleOf(id: string | undefined): OidcRoleSettings {
    const [first] = settings.roles;
    const role = id === undefined ? first : settings.roles.find(each => each.id === id);
    if (role !== undefined) return role;
    const there = settings.roles.map(each => each.id).join(', ');
    throw new ProblemError('not-found', `${label} has no role "${(id ?? '').slice(0, 100)}". There is: ${there}.`);
  }

  async function granted(kept: Kept, role: OidcRoleSettings, signal: AbortSignal): Promise<Grant> {
    const fields = await sts.call(
      'AssumeRoleWithWebIdentity',
      {
        RoleArn: role.arn,
        RoleSessionName: sessionName(kept.name),
        WebIdentityToken: kept.webToken,
        DurationSeconds: String(Math.max(1, Math.round(role.hours * 3600)))
      },
      { signal }
    );
    const arn = fields.get('Arn') ?? role.arn;
    const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(arn)?.[1];
    const renews = kept.refreshToken !== undefined;
    const until = renews ? kept.renewableUntil : kept.endsAt;
    return {
      keys: keysOf(fields, { label, clock }),
      identity: { name: kept.name, arn, ...(account !== undefined && { account }) },
      role: role.id,
      renews,
      renewal: { ...kept } as unknown as Json,
      ...(until !== undefined && { renewableUntil: until })
    };
  }

  /** Newer tokens for a refresh token. The provider may want it only once. */
  async function renewed(kept: Kept, refreshToken: string, signal: AbortSignal): Promise<Kept> {
    const client = await openClient(options, signal);
    const before = { ...kept, token: kept.webToken };
    const newer = await client.tokens(() => oidc.refreshTokenGrant(client.config, refreshToken, client.parameters), {
      before
    });
    return keptOf({ ...newer, refreshToken: newer.refreshToken ?? refreshToken });
  }

  async function signIn(role: OidcRoleSettings, talk: SignInTalk): Promise<Grant> {
    talk.show({ kind: 'provider' });
    const client = await openClient(options, talk.signal);
    const isOffline = settings.scopes.includes('offline_access');
    const scope = {
      scope: settings.scopes.join(' '),
      ...(isOffline && settings.askConsent && { prompt: 'consent' })
    };
    const take = (tokens: Tokens): Promise<Grant> => granted(keptOf(tokens), role, talk.signal);
    if (settings.flow === 'code') {
      return byCode(client, scope, { redirect: settings.redirect, clock, talk }, take);
    }
    const tokens = await byDevice(client, scope, { clock, talk });
    talk.show({ kind: 'provider' });
    return take(tokens);
  }

  return {
    method: settings.flow === 'code' ? 'browser' : 'device',
    opens: 'aws',
    // Before the person goes anywhere for nothing.
    signIn: async ({ role }, talk) => signIn(roleOf(role ?? settings.role), talk),
    async renew({ renewal, role: had }, { role = had }, { signal }) {
      const there = renewal as unknown as Kept;
      const wanted = roleOf(role ?? settings.role);
      const known = there.refreshToken === undefined ? undefined : fresh.get(there.refreshToken);
      let kept = known ?? there;
      const isUsable = kept.endsAt - clock.now() > ENOUGH;
      if (kept.refreshToken !== undefined && (known === undefined || !isUsable)) {
        kept = await renewed(kept, kept.refreshToken, signal);
        if (there.refreshToken !== undefined) fresh.set(there.refreshToken, kept);
      } else if (!isUsable) {
        throw new ProblemError('credential-signin', `${label} gives new keys at a sign-in only. Sign in again.`);
      }
      const grant = await granted(kept, wanted, signal);
      if (there.refreshToken !== undefined) fresh.delete(there.refreshToken);
      return grant;
    },
    roles: () =>
      Promise.resolve(
        settings.roles.map(({ id, label: called = id, description, arn }) => ({ id, label: called, description, arn }))
      ),
    async end({ renewal }, { signal }) {
      const { refreshToken: had } = (renewal ?? {}) as unknown as Partial<Kept>;
      if (had === undefined) return;
      const { refreshToken = had } = fresh.get(had) ?? {};
      fresh.delete(had);
      const { config, metadata, names } = await openClient(options, signal);
      if (metadata.revocation_endpoint === undefined) return;
      const hint = { token_type_hint: 'refresh_token' };
      await oidc.tokenRevocation(config, refreshToken, hint).catch((error: unknown) => {
        throw translated(error, names);
      });
    },
    check: ({ signal }) => checkOidc(options, sts, signal)
  };
}

function keptOf({ token, endsAt, subject, name, refreshToken, renewableUntil }: Tokens): Kept {
  return {
    webToken: token,
    endsAt,
    subject,
    name,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(renewableUntil !== undefined && { renewableUntil })
  };
}
