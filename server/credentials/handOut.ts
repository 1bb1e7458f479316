import { ProblemError } from '../../contract/problem.js';
import { nearest } from '../nearest.js';
import type { Clock, Log } from '../ports.js';
import type { AwsKeys, DatabaseKeys, Keys } from './ports.js';
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

/** Keys that somebody gets, and from which session they are. */
export interface HandedOut {
  profile: string;
  session: StoredSession;
  keys: Keys;
  /** The schedule whose grant they are of. */
  schedule?: string;
}

/** Keys of AWS for a client, and until when it may use them without asking. */
export interface HandOut extends HandedOut {
  keys: AwsKeys;
  /** Milliseconds since 1970, a whole second. Never later than the keys end. */
  expiresAt: number;
}

/** What a database takes. */
export interface SecretHandOut extends HandedOut {
  keys: DatabaseKeys;
}

export interface HandOuts {
  /**
   * Keys of AWS.
   *
   * @param name - of a profile, or `active`
   * @throws ProblemError `credential-signin` at once where only a person can help, with the sentence they read
   */
  aws(name: string): Promise<HandOut>;
  /**
   * The same for a profile that the configuration refers to.
   *
   * @param then - what a person does once they signed in
   * @throws ProblemError `invalid` where there is no such profile, or it opens a database
   */
  awsOf(name: string, then?: string): Promise<HandOut>;
  /**
   * User and password of a database, or a token.
   *
   * @param then - what a person does once they signed in
   * @throws ProblemError `credential-signin`; `invalid` where there is no such profile, or it opens something else
   */
  secret(name: string, then?: string): Promise<SecretHandOut>;
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

  /** A profile by the name that a reference gives. */
  async function referred(name: string): Promise<ConfiguredProfile> {
    const all = await sessions.profiles();
    const found = all.find(({ id }) => id === name);
    if (found !== undefined) return found;
    const ids = all.map(({ id }) => id);
    const near = nearest(name.slice(0, 100), ids);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    const there = ids.length === 0 ? 'There is none' : `There is: ${ids.join(', ')}`;
    throw new ProblemError(
      'invalid',
      `The configuration refers to a profile "${name.slice(0, 100)}" of credentials, which its section profiles has not.${hint} ${there}.`
    );
  }

  async function valid(profile: ConfiguredProfile, then?: string): Promise<StoredSession> {
    const session = await sessions.current(profile);
    if (session === undefined) throw signedOut(profile, then);
    const { expiresAt } = session.grant.keys;
    const mayRenew = isRenewable(session, clock.now()) && !choices.read().byHand.includes(profile.id);
    if (expiresAt === undefined || expiresAt > clock.now()) {
      if (mayRenew && isDue(session, clock.now())) {
        sessions.renew(profile, 'system', session).catch((error: unknown) => sessions.note(profile.id, error));
      }
      return session;
    }
    if (!mayRenew) throw ended(profile, expiresAt, then);
    return renewedInTime(profile, session);
  }

  /** Undefined where the session opens something else. */
  function awsOut({ id }: ConfiguredProfile, session: StoredSession): HandOut | undefined {
    const { keys } = session.grant;
    if (keys.kind !== 'aws') return undefined;
    const soonest = Math.min(keys.expiresAt ?? Infinity, clock.now() + LONGEST);
    return { profile: id, session, keys, expiresAt: Math.floor(soonest / 1000) * 1000 };
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
    async secret(name, then) {
      const profile = await referred(name);
      const session = await valid(profile, then);
      const { keys } = session.grant;
      if (keys.kind === 'database') return { profile: profile.id, session, keys };
      throw new ProblemError(
        'invalid',
        `${profile.label} opens AWS, and gives no password. Refer to a profile of the kind database instead of ${profile.id}.`
      );
    },
    async aws(name) {
      const profile = await named(name);
      const out = awsOut(profile, await valid(profile));
      if (out !== undefined) return out;
      throw new ProblemError(
        'credential-signin',
        `${profile.label} opens a database, not AWS. Switch to another profile in Credentials, then run the cell again.`
      );
    },
    async awsOf(name, then) {
      const profile = await referred(name);
      const out = awsOut(profile, await valid(profile, then));
      if (out !== undefined) return out;
      throw new ProblemError(
        'invalid',
        `${profile.label} opens a database, and has no keys of AWS. Refer to a profile of another kind instead of ${profile.id}.`
      );
    }
  };
}

function ended({ label }: ConfiguredProfile, at: number, then = 'run the cell again'): ProblemError {
  const time = new Date(at).toISOString().slice(11, 16);
  return new ProblemError(
    'credential-signin',
    `The session of ${label} ended at ${time} UTC. Open Credentials in JupyterLab and sign in again, then ${then}.`
  );
}
