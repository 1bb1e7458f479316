import { ProblemError } from '../../contract/problem.js';
import type { Clock, Log } from '../ports.js';
import type { AwsKeys, Keys } from './ports.js';
import type { ConfiguredProfile } from './profiles.js';
import { isDue, isRenewable } from './renewal.js';
import { signedOut } from './sessions.js';
import type { Sessions } from './sessions.js';
import type { ChoiceStore } from './store/choices.js';
import type { StoredSession } from './store/session.js';

/** No client keeps keys longer without asking again, in milliseconds. Below it botocore fails where an answer fails. */
export const LONGEST = 15 * 60_000;
/** Longest wait for keys that are being renewed: clients give up after a second. */
const PATIENCE = 800;

/** Keys for a client, and until when it may use them without asking. */
export interface HandOut {
  profile: string;
  session: StoredSession;
  keys: AwsKeys;
  /** The schedule whose grant they are of. */
  schedule?: string;
  /** Milliseconds since 1970, a whole second. Never later than the keys end. */
  expiresAt: number;
}

export interface HandOuts {
  /**
   * Keys of AWS.
   *
   * @param name - of a profile, or `active`
   * @throws ProblemError `credential-signin` at once where only a person can help, with the sentence they read
   */
  aws(name: string): Promise<HandOut>;
  /** Keys of any kind, for the other features. */
  keys(name: string): Promise<Keys>;
  /** The profile that `active` stands for. */
  active(): Promise<ConfiguredProfile | undefined>;
}

export function createHandOuts(options: {
  sessions: Sessions;
  choices: ChoiceStore;
  clock: Clock;
  log: Log;
}): HandOuts {
  const { sessions, choices, clock, log } = options;

  async function active(): Promise<ConfiguredProfile | undefined> {
    const all = await sessions.profiles();
    const chosen = choices.read().active;
    return all.find(({ id }) => id === chosen) ?? (all.length === 1 ? all[0] : undefined);
  }

  async function named(name: string): Promise<ConfiguredProfile> {
    if (name !== 'active') return sessions.profile(name);
    const profile = await active();
    if (profile !== undefined) return profile;
    throw new ProblemError(
      'credential-signin',
      'No profile is chosen. Open Credentials in JupyterLab and sign in, or run: lakeside credentials switch PROFILE. Then run the cell again.'
    );
  }

  async function valid(profile: ConfiguredProfile): Promise<StoredSession> {
    const session = await sessions.current(profile);
    if (session === undefined) throw signedOut(profile);
    const { expiresAt } = session.grant.keys;
    const mayRenew = isRenewable(session, clock.now()) && !choices.read().byHand.includes(profile.id);
    if (expiresAt === undefined || expiresAt > clock.now()) {
      if (mayRenew && isDue(session, clock.now())) {
        sessions.renew(profile, 'system', session).catch((error: unknown) => sessions.note(profile.id, error));
      }
      return session;
    }
    if (!mayRenew) throw ended(profile, expiresAt);
    return renewedInTime(profile, session);
  }

  async function renewedInTime(profile: ConfiguredProfile, seen: StoredSession): Promise<StoredSession> {
    const given = new AbortController();
    const renewal = sessions.renew(profile, 'system', seen);
    renewal.catch((error: unknown) => sessions.note(profile.id, error));
    const late = clock.sleep(PATIENCE, given.signal).then(() => {
      log.info({ profile: profile.id }, 'a client was not kept waiting for keys that are being renewed');
      throw new ProblemError('credential-busy', `The keys of ${profile.label} are being renewed. Run the cell again.`);
    });
    try {
      return await Promise.race([renewal, late]);
    } finally {
      late.catch(() => undefined);
      given.abort();
    }
  }

  return {
    active,
    keys: async name => (await valid(await named(name))).grant.keys,
    async aws(name) {
      const profile = await named(name);
      const session = await valid(profile);
      const { keys } = session.grant;
      if (keys.kind !== 'aws') {
        throw new ProblemError(
          'credential-signin',
          `${profile.label} opens a database, not AWS. Switch to another profile in Credentials, then run the cell again.`
        );
      }
      const soonest = Math.min(keys.expiresAt ?? Infinity, clock.now() + LONGEST);
      return { profile: profile.id, session, keys, expiresAt: Math.floor(soonest / 1000) * 1000 };
    }
  };
}

function ended({ label }: ConfiguredProfile, at: number): ProblemError {
  const time = new Date(at).toISOString().slice(11, 16);
  return new ProblemError(
    'credential-signin',
    `The session of ${label} ended at ${time} UTC. Open Credentials in JupyterLab and sign in again, then run the cell again.`
  );
}
