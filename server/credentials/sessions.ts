import type { AuditEntry, CredentialTrouble } from '../../contract/credentials/index.js';
import { ProblemError } from '../../contract/problem.js';
import type { Clock, Ids, Log } from '../ports.js';
import type { AuditLog } from './audit/log.js';
import type { CredentialProvider, Exclusive, Grant } from './ports.js';
import type { ConfiguredProfile, Profiles } from './profiles.js';
import { isRenewable } from './renewal.js';
import type { ChoiceStore } from './store/choices.js';
import type { StoredSession } from './store/session.js';
import type { SessionStore } from './store/store.js';

/** Longest time a provider may take to renew, in milliseconds. */
const RENEWAL = 12_000;

/** The id of sessions without a sign-in. */
export const AMBIENT = 'ambient';

/** The sessions of all profiles: who has which, new ones, newer keys, and their end. */
export interface Sessions {
  /** @throws ProblemError `not-found` naming those there are */
  profile(id: string): Promise<ConfiguredProfile>;
  profiles(): Promise<ConfiguredProfile[]>;
  provider(profile: ConfiguredProfile): Promise<CredentialProvider>;
  /**
   * The session of a profile, ended or not; undefined where nobody is signed in.
   *
   * @throws ProblemError where it cannot be had: `credential-signin`, what is wrong with a reference
   */
  current(profile: ConfiguredProfile): Promise<StoredSession | undefined>;
  /** Puts a new session in the place of any. */
  install(profile: ConfiguredProfile, grant: Grant, by: string): Promise<StoredSession>;
  /**
   * Newer keys for the same role, one request at a time.
   *
   * @param seen - the session that is found too old: where another process renewed it meanwhile, that counts
   * @throws ProblemError what the provider says
   */
  renew(profile: ConfiguredProfile, by: string, seen?: StoredSession): Promise<StoredSession>;
  /** Keys for another role, or for none. */
  takeRole(profile: ConfiguredProfile, role: string | undefined, by: string): Promise<StoredSession>;
  /**
   * Keys of a role that are not those of the session, which stays as it is. What renews them is kept in the session
   * alone: a provider may take each refresh token once.
   *
   * @throws ProblemError what the provider says; `credential-signin` where nobody is signed in
   */
  beside(profile: ConfiguredProfile, role: string | undefined): Promise<Grant>;
  end(profile: ConfiguredProfile, by: string): Promise<void>;
  /** What went wrong last with a profile, until something goes well. */
  trouble(id: string): CredentialTrouble | undefined;
  note(id: string, error: unknown): void;
  /** What went wrong, for people. */
  words(error: unknown): CredentialTrouble;
}

export interface SessionsOptions {
  profiles: Profiles;
  store: SessionStore;
  choices: ChoiceStore;
  audit: AuditLog;
  exclusive: Exclusive;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** A text without secrets. */
  redact: (text: string) => string;
  /** Told after each change. */
  changed: () => void;
}

export function createSessions(options: SessionsOptions): Sessions {
  const { profiles, store, choices, audit, exclusive, clock, ids, log, redact, changed } = options;
  const providers = new Map<string, { fingerprint: string; provider: Promise<CredentialProvider> }>();
  const renewals = new Map<string, Promise<StoredSession>>();
  const troubles = new Map<string, CredentialTrouble>();

  function provider({ id, fingerprint }: ConfiguredProfile): Promise<CredentialProvider> {
    const known = providers.get(id);
    if (known?.fingerprint === fingerprint) return known.provider;
    const made = profiles.make(id);
    providers.set(id, { fingerprint, provider: made });
    made.catch(() => {
      if (providers.get(id)?.provider === made) providers.delete(id);
    });
    return made;
  }

  async function current(profile: ConfiguredProfile): Promise<StoredSession | undefined> {
    const from = await provider(profile);
    if (from.ambient !== undefined) {
      if (choices.read().signedOut.includes(profile.id)) return undefined;
      const { id, fingerprint } = profile;
      const grant = await from.ambient();
      return { version: 1, profile: id, fingerprint, id: AMBIENT, issue: 0, since: 0, changedAt: 0, grant };
    }
    const kept = await store.read(profile.id);
    // Keys that were got with other settings may be of another account.
    return kept?.fingerprint === profile.fingerprint ? kept : undefined;
  }

  async function record(event: AuditEntry['event'], session: StoredSession, by: string): Promise<void> {
    const { profile, id, issue, grant } = session;
    await audit.add({ event, profile, session: id, issue, by, ...(grant.role !== undefined && { role: grant.role }) });
  }

  async function renewed(
    profile: ConfiguredProfile,
    seen: StoredSession,
    by: string,
    wanted: { role: string | undefined; event: 'renewed' | 'role-taken' }
  ): Promise<StoredSession> {
    const from = await provider(profile);
    if (from.renew === undefined || seen.grant.renewal === undefined) {
      throw byHandOnly(profile);
    }
    const renewal = from.renew.bind(from);
    const after = await exclusive.run(`renew-${profile.id}`, async () => {
      const before = await current(profile);
      if (before === undefined) throw signedOut(profile);
      // Another process was faster.
      const isNewer = before.id !== seen.id || before.issue !== seen.issue;
      if (isNewer && (wanted.event === 'renewed' || before.grant.role === wanted.role)) return before;
      const call = { signal: AbortSignal.timeout(RENEWAL) };
      const grant = await renewal(before.grant, { role: wanted.role }, call);
      const next = { ...before, issue: before.issue + 1, changedAt: clock.now(), grant };
      if (await store.write(next, before)) {
        await record(wanted.event, next, by);
        return next;
      }
      // Somebody signed in or out meanwhile: that counts.
      const there = await current(profile);
      if (there === undefined) throw signedOut(profile);
      return there;
    });
    troubles.delete(profile.id);
    changed();
    return after;
  }

  async function beside(profile: ConfiguredProfile, role: string | undefined): Promise<Grant> {
    const from = await provider(profile);
    return exclusive.run(`renew-${profile.id}`, async () => {
      const before = await mustHave(profile);
      if (from.renew === undefined || !isRenewable(before, clock.now())) throw byHandOnly(profile);
      const call = { signal: AbortSignal.timeout(RENEWAL) };
      const grant = await from.renew(before.grant, { role }, call);
      const { renewal, renewableUntil, renews } = grant;
      const { renewableUntil: _, ...kept } = before.grant;
      const next = { ...kept, renewal, renews, ...(renewableUntil !== undefined && { renewableUntil }) };
      // The issue stays, for the keys do. Nothing is handed out before what renews them the next time is durable.
      if (await store.write({ ...before, grant: next }, before)) return grant;
      throw new ProblemError(
        'credential-busy',
        `Somebody signed in to ${profile.label} or out of it just now. Try again in a moment.`
      );
    });
  }

  async function mustHave(profile: ConfiguredProfile): Promise<StoredSession> {
    const session = await current(profile);
    if (session === undefined) throw signedOut(profile);
    return session;
  }

  function words(error: unknown): CredentialTrouble {
    if (error instanceof ProblemError) return { message: redact(error.message), code: error.code };
    log.error({ err: error }, 'a profile failed');
    return { message: 'Lakeside made a mistake. Its log says more. Try again.', code: 'internal' };
  }

  return {
    profiles: () => profiles.list(),
    async profile(id) {
      const all = await profiles.list();
      const found = all.find(each => each.id === id);
      if (found !== undefined) return found;
      const there = all.length === 0 ? 'There is none' : `There is: ${all.map(each => each.id).join(', ')}`;
      throw new ProblemError('not-found', `There is no profile "${id.slice(0, 100)}". ${there}.`);
    },
    provider,
    current,
    async install(profile, grant, by) {
      const { id, fingerprint } = profile;
      const isAmbient = (await provider(profile)).ambient !== undefined;
      const now = clock.now();
      const common = { version: 1 as const, profile: id, fingerprint, issue: 1, since: now, changedAt: now, grant };
      const session = { ...common, id: isAmbient ? AMBIENT : ids.next() };
      if (!isAmbient) await store.write(session);
      else await choices.change(all => ({ ...all, signedOut: all.signedOut.filter(each => each !== id) }));
      await record('signed-in', session, by);
      troubles.delete(id);
      changed();
      return session;
    },
    renew(profile, by, given) {
      const running = renewals.get(profile.id);
      if (running !== undefined) return running;
      const renewal = (given === undefined ? mustHave(profile) : Promise.resolve(given)).then(seen =>
        renewed(profile, seen, by, { role: seen.grant.role, event: 'renewed' })
      );
      renewals.set(profile.id, renewal);
      const forget = (): void => void renewals.delete(profile.id);
      renewal.then(forget, forget);
      return renewal;
    },
    async takeRole(profile, role, by) {
      await renewals.get(profile.id)?.catch(() => undefined);
      return renewed(profile, await mustHave(profile), by, { role, event: 'role-taken' });
    },
    beside,
    async end(profile, by) {
      const from = await provider(profile);
      const session = await current(profile).catch(() => undefined);
      if (from.ambient === undefined) await store.wipe(profile.id);
      else await choices.change(all => ({ ...all, signedOut: [...new Set([...all.signedOut, profile.id])] }));
      troubles.delete(profile.id);
      changed();
      if (session === undefined) return;
      await record('signed-out', session, by);
      // The keys here are gone; that the provider hears of it is not waited for.
      const call = { signal: AbortSignal.timeout(RENEWAL) };
      from
        .end?.(session.grant, call)
        .catch((error: unknown) =>
          log.warn({ err: error, profile: profile.id }, 'the provider was not told of a sign-out')
        );
    },
    trouble: id => troubles.get(id),
    note(id, error) {
      troubles.set(id, words(error));
      changed();
    },
    words
  };
}

function byHandOnly({ label }: ConfiguredProfile): ProblemError {
  return new ProblemError('credential-signin', `${label} gives new keys at a sign-in only. Sign in again.`);
}

/**
 * Nobody is signed in to a profile: what a person reads below a cell that failed.
 *
 * @param then - what they do once they signed in
 */
export function signedOut({ id, label }: ConfiguredProfile, then = 'run the cell again'): ProblemError {
  return new ProblemError(
    'credential-signin',
    `Nobody is signed in to ${label}. Open Credentials in JupyterLab, or run: lakeside credentials login ${id}. Then ${then}.`
  );
}
