import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createOidcProvider } from '../../../server/adapters/credential-oidc/index.js';
import { OidcSettings } from '../../../server/adapters/credential-oidc/plugin.js';
import type { SignInStep } from '../../../contract/credentials/index.js';
import type { AwsKeys, CredentialProvider, Grant, SignInTalk } from '../../../server/credentials/ports.js';
import type { Clock } from '../../../server/ports.js';
import { CLIENT } from '../../support/credentials/oidcServer.js';
import { ROLES } from '../../support/credentials/stsTwin.js';

/** A clock whose waits are 200 times shorter: providers ask for seconds between questions. Notes what was waited. */
export function hastyClock(): Clock & { waits: number[]; ahead: number } {
  const clock = {
    ...systemClock,
    waits: [] as number[],
    ahead: 0,
    now: () => systemClock.now() + clock.ahead,
    sleep(milliseconds: number, signal?: AbortSignal) {
      clock.waits.push(milliseconds);
      return systemClock.sleep(milliseconds / 200, signal);
    }
  };
  return clock;
}

/** The profile `dev`, whose tokens open both roles of the twin. */
export function oidcProfile(issuer: string, endpoint: string, clock: Clock, more: object = {}): CredentialProvider {
  const settings = OidcSettings.parse({
    issuer,
    clientId: CLIENT,
    endpoint,
    roles: [
      { id: 'reader', arn: ROLES.reader, description: 'Reads all buckets.' },
      { id: 'admin', arn: ROLES.admin, hours: 0.25 }
    ],
    ...more
  });
  const readSecret = (): Promise<string> => Promise.resolve('secret-of-the-client');
  return createOidcProvider({ settings, readSecret, clock, label: 'dev', where: 'profiles.dev' });
}

type Shown = Extract<SignInStep, { kind: 'device' | 'browser' }>;

/** Signs in; the person does what is shown, once. */
export async function signIn(
  provider: CredentialProvider,
  person: (step: Shown) => Promise<unknown>,
  { role, signal = new AbortController().signal }: { role?: string; signal?: AbortSignal } = {}
): Promise<{ grant: Grant; steps: SignInStep[] }> {
  const steps: SignInStep[] = [];
  let acting: Promise<unknown> = Promise.resolve();
  const talk: SignInTalk = {
    signal,
    ask: () => Promise.reject(new Error('nothing is asked here')),
    show(step) {
      steps.push(step);
      if (step.kind === 'device' || step.kind === 'browser') {
        acting = person(step);
        acting.catch(() => undefined);
      }
    }
  };
  const grant = await provider.signIn({ role }, talk);
  await acting;
  return { grant, steps };
}

export const call = { signal: new AbortController().signal };

export function awsKeys(grant: Grant | undefined): AwsKeys {
  if (grant?.keys.kind !== 'aws') throw new Error('not of AWS');
  return grant.keys;
}
