import { ProblemError } from '../../../contract/problem.js';
import type { Secret } from '../../configuration/secret.js';
import type { CredentialProvider, Grant, SignInTalk } from '../../credentials/ports.js';
import type { Clock } from '../../ports.js';
import type { DatabaseSettings } from './plugin.js';

const HOUR = 3_600_000;

export interface DatabaseOptions {
  settings: DatabaseSettings;
  readSecret: (reference: Secret) => Promise<string>;
  clock: Clock;
  label: string;
}

/** User and password of a database: by reference, or typed once and kept encrypted. Connects to nothing itself. */
export function createDatabaseProvider({ settings, readSecret, clock, label }: DatabaseOptions): CredentialProvider {
  const { user: known, password: reference, keepFor } = settings;

  async function referred(secret: Secret): Promise<Grant> {
    const password = await readSecret(secret);
    return { keys: { kind: 'database', user: known, password }, identity: { name: known ?? label } };
  }

  async function typed(talk: SignInTalk): Promise<Grant> {
    const { user = known, password } = await talk.ask({ kind: 'password', user: known, triesLeft: 1 });
    if (known !== undefined && user !== known) {
      throw new ProblemError(
        'credential-refused',
        `${label} is set up for ${known} alone. Sign in with the password of ${known}, or ask whoever set it up for a profile of your own.`
      );
    }
    const expiresAt = keepFor === undefined ? undefined : clock.now() + keepFor * HOUR;
    return { keys: { kind: 'database', user, password, expiresAt }, identity: { name: user ?? label } };
  }

  return {
    method: reference === undefined ? 'password' : 'none',
    opens: 'database',
    ...(reference !== undefined && { ambient: () => referred(reference) }),
    signIn: (_request, talk) => (reference === undefined ? typed(talk) : referred(reference)),
    async check() {
      if (reference === undefined) return [{ state: 'ok', detail: 'The password is asked for at sign-in.' }];
      await referred(reference);
      return [{ state: 'ok', detail: 'The password is where the configuration says.' }];
    }
  };
}
