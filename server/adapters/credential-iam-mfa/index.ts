import { ProblemError } from '../../../contract/problem.js';
import type { Identity } from '../../../contract/credentials/index.js';
import type { Secret } from '../../configuration/secret.js';
import type { AwsKeys, CredentialProvider, Grant, SignInTalk } from '../../credentials/ports.js';
import type { Clock } from '../../ports.js';
import { createSts, keysOf } from '../common/sts/client.js';
import { StsProblem } from '../common/sts/problems.js';
import { sessionName } from '../common/sts/settings.js';
import type { SigningKeys } from '../common/sts/sign.js';
import type { IamMfaSettings, RoleSettings } from './plugin.js';

/** Codes that may be tried in one sign-in. AWS locks a device that is guessed at. */
const TRIES = 3;

export interface IamMfaOptions {
  settings: IamMfaSettings;
  readSecret: (reference: Secret) => Promise<string>;
  clock: Clock;
  label: string;
  /** Where the settings stand. */
  where: string;
}

/** What is kept for renewals: the keys of the session, with which roles are taken. */
interface Base {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiresAt: number;
  identity: { name: string; arn?: string; account?: string };
}

/** A user of IAM with a second factor: `GetSessionToken` once, then `AssumeRole` without a new code to its end. */
export function createIamMfaProvider(options: IamMfaOptions): CredentialProvider {
  const { settings, readSecret, clock, label, where } = options;
  const sts = createSts({ endpoint: settings.endpoint, region: settings.region, label, clock });

  function roleOf(id: string): RoleSettings {
    const role = settings.roles.find(each => each.id === id);
    if (role !== undefined) return role;
    const there = settings.roles.map(each => each.id).join(', ') || 'none';
    throw new ProblemError('not-found', `${label} has no role "${id.slice(0, 100)}". There is: ${there}.`);
  }

  async function longLived(): Promise<SigningKeys> {
    const [accessKeyId, secretAccessKey] = await Promise.all([
      readSecret(settings.credentials.accessKeyId),
      readSecret(settings.credentials.secretAccessKey)
    ]);
    return { accessKeyId, secretAccessKey };
  }

  async function sessionOf(talk: SignInTalk): Promise<AwsKeys & { expiresAt: number }> {
    const keys = await longLived();
    let trouble: string | undefined;
    for (let triesLeft = TRIES; ; triesLeft--) {
      const { code } = await talk.ask({
        kind: 'code',
        digits: 6,
        device: deviceName(settings.device),
        trouble,
        triesLeft
      });
      talk.show({ kind: 'provider' });
      try {
        const fields = await sts.call(
          'GetSessionToken',
          { SerialNumber: settings.device, TokenCode: code, DurationSeconds: seconds(settings.hours) },
          { keys, signal: talk.signal }
        );
        return keysOf(fields, { label, clock });
      } catch (error) {
        if (!isWrongCode(error)) throw error;
        trouble = 'AWS did not accept that code. Each code counts once: wait for the next one.';
        if (triesLeft > 1) continue;
        throw new ProblemError(
          'credential-refused',
          `AWS did not accept ${TRIES} codes for ${label}. Check that your device shows the codes of this account and that its clock is right, then sign in again.`
        );
      }
    }
  }

  async function identityOf(keys: SigningKeys, signal: AbortSignal): Promise<Identity> {
    const fields = await sts.call('GetCallerIdentity', {}, { keys, signal });
    const arn = fields.get('Arn');
    const account = fields.get('Account');
    return { name: arn?.split('/').slice(1).join('/') || deviceName(settings.device), arn, account };
  }

  async function granted(base: Base, roleId: string | undefined, signal: AbortSignal): Promise<Grant> {
    const kept = { renewal: { ...base }, renewableUntil: base.expiresAt };
    if (roleId === undefined) {
      const { identity, ...keys } = base;
      return { keys: { kind: 'aws', ...keys }, identity, renews: false, ...kept };
    }
    const role = roleOf(roleId);
    const fields = await sts.call(
      'AssumeRole',
      {
        RoleArn: role.arn,
        RoleSessionName: sessionName(base.identity.name),
        DurationSeconds: seconds(role.hours),
        ...(role.externalId !== undefined && { ExternalId: role.externalId })
      },
      { keys: base, signal }
    );
    const keys = keysOf(fields, { label, clock });
    const identity = { ...base.identity, arn: fields.get('Arn') ?? role.arn };
    return { keys, identity, role: roleId, renews: true, ...kept };
  }

  return {
    method: 'code',
    opens: 'aws',
    async signIn({ role = settings.role }, talk) {
      // Before the person types a code for nothing.
      if (role !== undefined) roleOf(role);
      const { kind: _, sessionToken = '', ...keys } = await sessionOf(talk);
      const { arn, account, name } = await identityOf({ ...keys, sessionToken }, talk.signal);
      const identity = { name, ...(arn !== undefined && { arn }), ...(account !== undefined && { account }) };
      return granted({ ...keys, sessionToken, identity }, role, talk.signal);
    },
    async renew({ renewal, role: had }, { role }, { signal }) {
      const base = renewal as unknown as Base | undefined;
      if (base === undefined || base.expiresAt <= clock.now() || (role === undefined && had === undefined)) {
        throw new ProblemError('credential-signin', `${label} needs a new code for new keys. Sign in again.`);
      }
      return granted(base, role, signal);
    },
    roles: () =>
      Promise.resolve(
        settings.roles.map(({ id, label: called = id, description, arn }) => ({ id, label: called, description, arn }))
      ),
    async check({ signal }) {
      await identityOf(await longLived(), signal);
      return [{ state: 'ok', detail: `AWS knows the key that ${where} refers to.` }];
    }
  };
}

function isWrongCode(error: unknown): boolean {
  return error instanceof StsProblem && /multi-?factor|\bmfa\b/i.test(error.refusal.message);
}

function seconds(hours: number): string {
  return String(Math.round(hours * 3600));
}

/** `arn:aws:iam::123456789012:mfa/ada` is `ada`. */
function deviceName(serial: string): string {
  return serial.split('/').at(-1) ?? serial;
}
