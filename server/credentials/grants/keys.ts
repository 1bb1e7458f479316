import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { LONGEST } from '../handOut.js';
import type { HandOut } from '../handOut.js';
import type { Grant } from '../ports.js';
import type { ConfiguredProfile } from '../profiles.js';
import { isDue, isRenewable } from '../renewal.js';
import { AMBIENT } from '../sessions.js';
import type { Sessions } from '../sessions.js';
import { secretsOf } from '../store/session.js';
import type { StoredSession } from '../store/session.js';
import type { StoredGrant } from './store.js';

/** Longest time a client of the endpoint waits, in milliseconds: it gives up after a second. */
const PATIENCE = 800;

/** What a grant stands on: a session that can give its keys. */
export interface Footing {
  profile: ConfiguredProfile;
  session: StoredSession;
}

/** Keys of grants, in memory alone: they are had anew from the session of the profile whenever they are wanted. */
export interface GrantKeys {
  /**
   * The session that a grant stands on.
   *
   * @throws ProblemError `credential-signin` with the sentence for its owner
   */
  footing(grant: StoredGrant): Promise<Footing>;
  /** Keys that live, however long that takes. @throws ProblemError what the provider says */
  ready(grant: StoredGrant): Promise<HandOut>;
  /** Keys for a client that waits, in time. */
  handOut(grant: StoredGrant): Promise<HandOut>;
  forget(id: string): void;
}

interface Had {
  /** The session they were had with. */
  session: string;
  issue: number;
  at: number;
  grant: Grant;
}

export function createGrantKeys(options: {
  sessions: Sessions;
  clock: Clock;
  /** Told of every secret before anybody gets it. */
  register: (secret: string) => void;
}): GrantKeys {
  const { sessions, clock, register } = options;
  const had = new Map<string, Had>();
  const renewals = new Map<string, Promise<Had>>();

  async function footing({ profile: id, person }: StoredGrant): Promise<Footing> {
    const profile = (await sessions.profiles()).find(each => each.id === id);
    if (profile === undefined) {
      throw new ProblemError(
        'credential-signin',
        `There is no profile "${id}" any more. Save the schedule with another one.`
      );
    }
    const session = await sessions.current(profile);
    if (session === undefined) throw again(profile, `Nobody is signed in to ${profile.label}`);
    if (session.id === AMBIENT) return { profile, session };
    const { name } = session.grant.identity;
    if (name !== person) {
      throw again(profile, `${name} is signed in to ${profile.label}, and ${person ?? 'somebody else'} saved it`);
    }
    if (!isRenewable(session, clock.now())) {
      throw again(profile, `The session of ${profile.label} cannot be renewed any more`);
    }
    return { profile, session };
  }

  function renewed(grant: StoredGrant, { profile, session }: Footing): Promise<Had> {
    const running = renewals.get(grant.id);
    if (running !== undefined) return running;
    const renewal = sessions.beside(profile, grant.role).then(
      newer => {
        for (const secret of secretsOf(newer)) register(secret);
        const issue = (had.get(grant.id)?.issue ?? 0) + 1;
        const fresh = { session: session.id, issue, at: clock.now(), grant: newer };
        had.set(grant.id, fresh);
        return fresh;
      },
      (error: unknown) => {
        sessions.note(profile.id, error);
        if (!(error instanceof ProblemError) || error.code !== 'credential-signin') throw error;
        throw again(profile, error.message.replace(/\.( Sign in again\.)?$/, ''));
      }
    );
    renewals.set(grant.id, renewal);
    const forget = (): void => void renewals.delete(grant.id);
    renewal.then(forget, forget);
    return renewal;
  }

  function outOf(grant: StoredGrant, { profile, session }: Footing, { issue, at, grant: keyed }: Had): HandOut {
    const { keys } = keyed;
    if (keys.kind !== 'aws') throw new ProblemError('credential-signin', `${profile.label} opens a database, not AWS.`);
    const soonest = Math.min(keys.expiresAt ?? Infinity, clock.now() + LONGEST);
    return {
      profile: profile.id,
      schedule: grant.schedule,
      // As a session it goes by the id of the grant.
      session: { ...session, id: grant.id, issue, changedAt: at, grant: keyed },
      keys,
      expiresAt: Math.floor(soonest / 1000) * 1000
    };
  }

  async function given(grant: StoredGrant, inTime: (renewal: Promise<Had>) => Promise<Had>): Promise<HandOut> {
    const on = await footing(grant);
    const { session } = on;
    if (session.id === AMBIENT) {
      return outOf(grant, on, { session: AMBIENT, issue: 0, at: session.changedAt, grant: session.grant });
    }
    const there = had.get(grant.id);
    if (there?.session !== session.id || (there.grant.keys.expiresAt ?? Infinity) <= clock.now()) {
      return outOf(grant, on, await inTime(renewed(grant, on)));
    }
    if (isDue({ ...session, changedAt: there.at, grant: there.grant }, clock.now())) {
      renewed(grant, on).catch(() => undefined);
    }
    return outOf(grant, on, there);
  }

  async function soon(label: string, renewal: Promise<Had>): Promise<Had> {
    renewal.catch(() => undefined);
    const given = new AbortController();
    const late = clock.sleep(PATIENCE, given.signal).then(() => {
      throw new ProblemError('credential-busy', `The keys of ${label} are being renewed. Ask again.`);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([renewal, late]);
    } finally {
      given.abort();
    }
  }

  return {
    footing,
    ready: grant => given(grant, renewal => renewal),
    handOut: grant => given(grant, renewal => soon(grant.profile, renewal)),
    forget: id => void had.delete(id)
  };
}

/** Only the owner can help. */
function again({ id, label }: ConfiguredProfile, why: string): ProblemError {
  return new ProblemError(
    'credential-signin',
    `${why}: the owner must sign in again. Open Credentials in JupyterLab and sign in to ${label}, or run: lakeside credentials login ${id}.`
  );
}
