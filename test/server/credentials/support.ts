import { join } from 'node:path';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIamMfaProvider } from '../../../server/adapters/credential-iam-mfa/index.js';
import { IamMfaSettings } from '../../../server/adapters/credential-iam-mfa/plugin.js';
import { createManualClock } from '../../../server/adapters/memory/clock.js';
import type { ManualClock } from '../../../server/adapters/memory/clock.js';
import { createMemoryExclusive } from '../../../server/adapters/memory/exclusive.js';
import { createMemoryLog } from '../../../server/adapters/memory/log.js';
import { composeIds } from '../../../server/composeIds.js';
import type { Secret } from '../../../server/configuration/secret.js';
import { createAuditLog } from '../../../server/credentials/audit/log.js';
import { createGrants } from '../../../server/credentials/grants/grants.js';
import { createGrantKeys } from '../../../server/credentials/grants/keys.js';
import { createGrantStore } from '../../../server/credentials/grants/store.js';
import { createHandOuts } from '../../../server/credentials/handOut.js';
import type { CredentialProvider, Exclusive, Grant, SignInTalk } from '../../../server/credentials/ports.js';
import type { ConfiguredProfile, Profiles } from '../../../server/credentials/profiles.js';
import { createRenewal } from '../../../server/credentials/renewal.js';
import { createCredentialService } from '../../../server/credentials/service.js';
import { createSessions } from '../../../server/credentials/sessions.js';
import { createSignIns } from '../../../server/credentials/signIns.js';
import { createChoices } from '../../../server/credentials/store/choices.js';
import { findKey } from '../../../server/credentials/store/key.js';
import { createSessionStore } from '../../../server/credentials/store/store.js';
import type { Caller, Clock, FailPoint } from '../../../server/ports.js';
import { DEVICE, ROLES, USER } from '../../support/credentials/stsTwin.js';
import type { StsTwin } from '../../support/credentials/stsTwin.js';
import { scratch } from '../../support/scratch.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const START = Date.UTC(2026, 10, 22, 9, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A profile of the configuration. */
export function profileOf(id: string, more: Partial<ConfiguredProfile> = {}): ConfiguredProfile {
  return { id, label: id, description: '', kind: 'test', colour: 'green', production: false, fingerprint: id, ...more };
}

/** The provider of the twin's user, with both roles. */
export function mfaProvider(twin: StsTwin, clock: Clock, more: object = {}): CredentialProvider {
  const secrets: Record<string, string> = { ID: USER.accessKeyId, SECRET: twin.secretAccessKey };
  const settings = IamMfaSettings.parse({
    endpoint: twin.url,
    credentials: { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'SECRET' } },
    device: DEVICE,
    roles: [
      { id: 'reader', arn: ROLES.reader, description: 'Reads all buckets.' },
      { id: 'admin', arn: ROLES.admin, hours: 0.25 }
    ],
    ...more
  });
  const readSecret = (secret: Secret): Promise<string> =>
    Promise.resolve('env' in secret ? (secrets[secret.env] ?? '') : '');
  return createIamMfaProvider({ settings, readSecret, clock, label: 'dev', where: 'profiles.dev' });
}

/** A provider that gives keys of the test at each sign-in and renewal, numbered. */
export interface MadeProvider extends CredentialProvider {
  given: number;
  renewals: number;
  /** How long its keys live, in milliseconds. */
  life: number;
  fail: Error | undefined;
  /** Held until it is resolved, where there is one. */
  hold: Promise<void> | undefined;
}

export function madeProvider(clock: Clock, name = 'made', more: Partial<CredentialProvider> = {}): MadeProvider {
  async function grant(role: string | undefined): Promise<Grant> {
    await made.hold;
    if (made.fail !== undefined) throw made.fail;
    const mark = `${name}-${++made.given}`;
    return {
      keys: {
        kind: 'aws',
        accessKeyId: `ASIA-${mark}`,
        secretAccessKey: `secret-of-${mark}`,
        sessionToken: `token-of-${mark}`,
        expiresAt: clock.now() + made.life
      },
      identity: { name },
      role,
      renews: true,
      renewal: { refreshToken: `refresh-of-${mark}` }
    };
  }
  const made: MadeProvider = {
    given: 0,
    renewals: 0,
    life: HOUR,
    fail: undefined,
    hold: undefined,
    method: 'none',
    opens: 'aws',
    signIn: ({ role }: { role?: string | undefined }, _talk: SignInTalk) => grant(role),
    renew: (_grant, { role }) => {
      made.renewals++;
      return grant(role);
    },
    roles: () => Promise.resolve([{ id: 'reader', label: 'Reader' }]),
    check: () => Promise.resolve([]),
    ...more
  };
  return made;
}

/** Dates that stand still until they are moved; waits are real. */
export function testClock(): Clock & { move(milliseconds: number): void; setDate(now: number): void } {
  const dates = createManualClock(START);
  return {
    ...systemClock,
    now: () => dates.now(),
    move: milliseconds => dates.move(milliseconds),
    setDate: now => dates.setDate(now)
  };
}

export interface BenchOptions {
  directory?: string;
  clock?: Clock;
  exclusive?: Exclusive;
  failPoint?: FailPoint;
  profiles?: ConfiguredProfile[];
}

/** Everything over given providers, in a scratch folder. */
export function bench(providers: Record<string, CredentialProvider>, options: BenchOptions = {}) {
  const {
    directory = join(scratch('lakeside-credentials'), 'credentials'),
    clock = testClock(),
    exclusive = createMemoryExclusive(),
    failPoint = () => undefined
  } = options;
  const log = createMemoryLog();
  const all = options.profiles ?? Object.keys(providers).map(id => profileOf(id));
  const profiles: Profiles = {
    list: () => Promise.resolve(all),
    make(id) {
      const provider = providers[id];
      return provider === undefined ? Promise.reject(new Error(`no ${id}`)) : Promise.resolve(provider);
    }
  };
  const secrets: string[] = [];
  const register = (secret: string): void => void secrets.push(secret);
  const redact = (text: string): string =>
    secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
  const store = createSessionStore({
    directory,
    findKey: () => findKey({ directory, given: undefined, keyring: undefined, register, log }),
    exclusive,
    register,
    failPoint
  });
  const choices = createChoices(directory, exclusive);
  const audit = createAuditLog({ directory, exclusive, clock, log });
  let next = Promise.withResolvers<undefined>();
  const changed = (): void => {
    next.resolve(undefined);
    next = Promise.withResolvers();
  };
  const ids = composeIds();
  const sessions = createSessions({ profiles, store, choices, audit, exclusive, clock, ids, log, redact, changed });
  const signIns = createSignIns({ sessions, clock, changed });
  const handOuts = createHandOuts({ sessions, choices, clock, log });
  const grants = createGrants({
    sessions,
    store: createGrantStore({ directory, key: () => store.key(), log }),
    keys: createGrantKeys({ sessions, clock, register }),
    audit,
    exclusive,
    clock,
    ids,
    changed
  });
  const service = createCredentialService({
    sessions,
    signIns,
    handOuts,
    grants,
    choices,
    audit,
    key: () => store.key(),
    endpoint: () => undefined,
    clock,
    nextChange: async () => next.promise
  });
  const renewal = createRenewal({ sessions, choices, clock, log });
  const signIn = (id: string, more: { role?: string; activate?: boolean } = {}) =>
    service.signIn(ada, id, { signInId: ids.next(), activate: true, ...more });
  return {
    directory,
    clock,
    log,
    store,
    choices,
    audit,
    sessions,
    signIns,
    handOuts,
    grants,
    service,
    renewal,
    ids,
    signIn
  };
}

export type { ManualClock };
