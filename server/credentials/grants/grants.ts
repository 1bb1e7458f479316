import type { AuditEntry, ScheduleGrant } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Ids } from '../../ports.js';
import type { AuditLog } from '../audit/log.js';
import type { HandOut } from '../handOut.js';
import type { Exclusive } from '../ports.js';
import type { ConfiguredProfile } from '../profiles.js';
import { isRenewable } from '../renewal.js';
import { AMBIENT } from '../sessions.js';
import type { Sessions } from '../sessions.js';
import type { StoredSession } from '../store/session.js';
import type { GrantKeys } from './keys.js';
import type { GrantStore, StoredGrant } from './store.js';

/** So long a schedule may take from being permitted to being stored. Milliseconds. */
const FRESH = 3_600_000;
const DAY = 24 * 3_600_000;

/** A schedule that wants to use a profile. */
export interface Wish {
  schedule: string;
  /** What it is called. */
  name: string;
  profile: string;
}

/** How a profile stands for schedules. */
export interface Standing {
  profile: ConfiguredProfile;
  /** Why runs could not use it now, and what helps; absent where they could. */
  trouble?: string;
  /** Whether a sign-in is what helps. */
  needsSignIn: boolean;
  /** Until when keys can be renewed, in milliseconds since 1970, where the provider says. */
  until?: number;
}

/** What is known of the keys of a schedule. */
export interface Outlook {
  /** Why a run that is due now would not start, and what helps. */
  trouble?: string;
  /** Until when keys can be renewed, in milliseconds since 1970. */
  until?: number;
  /** Whether that is within a day, and within half of the time there was when keys came last. */
  endsSoon: boolean;
}

/** Which schedules may use which profiles while nobody is there. */
export interface Grants {
  /** The profiles that schedules may name: those whose keys are of AWS. */
  standings(): Promise<Standing[]>;
  /**
   * Permits a schedule to use a profile. The keys are had once, so that what would fail at night fails now. Where it is
   * permitted already, it stays so.
   *
   * @throws ProblemError `invalid` with the sentence for the person who saves
   */
  permit(wish: Wish, by: string): Promise<void>;
  /** Takes back what a schedule was permitted. */
  withdraw(schedule: string, by: string): Promise<void>;
  /** Takes back what is an hour old and that nobody wants. */
  sweep(isWanted: (schedule: string) => boolean): Promise<void>;
  /** @throws ProblemError `not-found` */
  revoke(id: string, by: string): Promise<void>;
  told(): Promise<ScheduleGrant[]>;
  /** What a run would find now; asks no provider. */
  outlook(wish: Pick<Wish, 'schedule' | 'profile'>): Promise<Outlook>;
  /**
   * Looks whether a run that is due would get keys.
   *
   * @returns the id of the grant
   * @throws ProblemError `credential-signin` where only the owner can help; what the provider says
   */
  ready(wish: Pick<Wish, 'schedule' | 'profile'>): Promise<string>;
  /** Keys of a grant, for a client of the endpoint. */
  handOut(id: string): Promise<HandOut>;
}

export interface GrantsOptions {
  sessions: Sessions;
  store: GrantStore;
  keys: GrantKeys;
  audit: AuditLog;
  exclusive: Exclusive;
  clock: Clock;
  ids: Ids;
  /** Told after each change. */
  changed: () => void;
}

export function createGrants(options: GrantsOptions): Grants {
  const { sessions, store, keys, audit, exclusive, clock, ids, changed } = options;

  async function record(event: AuditEntry['event'], grant: StoredGrant, by: string): Promise<void> {
    const { profile, id, role, schedule } = grant;
    await audit.add({ event, profile, session: id, schedule, by, ...(role !== undefined && { role }) });
  }

  async function of(schedule: string): Promise<StoredGrant[]> {
    return (await store.all()).filter(grant => grant.schedule === schedule);
  }

  async function end(grant: StoredGrant, by: string): Promise<void> {
    if (!(await store.remove(grant.id))) return;
    keys.forget(grant.id);
    await record('revoked', grant, by);
    changed();
  }

  /** The session of a profile as schedules see it. */
  async function standing(profile: ConfiguredProfile): Promise<Standing & { session?: StoredSession }> {
    try {
      const session = await sessions.current(profile);
      if (session === undefined) {
        return { profile, needsSignIn: true, trouble: `Nobody is signed in to ${profile.label}. Sign in first.` };
      }
      if (session.id === AMBIENT) return { profile, session, needsSignIn: false };
      const { renewableUntil: until } = session.grant;
      if (!isRenewable(session, clock.now())) {
        const cure = until !== undefined && until <= clock.now() ? 'Sign in again' : 'Name another profile or role';
        const trouble = `${profile.label} gives new keys only while somebody is there. ${cure}, or leave it out.`;
        return { profile, session, needsSignIn: true, trouble };
      }
      return { profile, session, needsSignIn: false, ...(until !== undefined && { until }) };
    } catch (error) {
      return { profile, needsSignIn: true, trouble: sessions.words(error).message };
    }
  }

  async function opensAws(profile: ConfiguredProfile): Promise<boolean> {
    // Settings that are not right are told where the profile is looked at.
    return (await sessions.provider(profile).catch(() => undefined))?.opens !== 'database';
  }

  async function allowed(): Promise<ConfiguredProfile[]> {
    const all = await sessions.profiles();
    const aws = await Promise.all(all.map(opensAws));
    return all.filter((_, at) => aws[at]);
  }

  async function wanted(id: string): Promise<ConfiguredProfile> {
    const all = await allowed();
    const found = all.find(each => each.id === id);
    if (found !== undefined) return found;
    const cure = all.length === 0 ? 'Leave it out.' : `Write one of: ${all.map(each => each.id).join(', ')}.`;
    throw new ProblemError(
      'invalid',
      `credentials names "${id}", which is no profile with keys of AWS that is configured here. ${cure}`
    );
  }

  /** Whether a grant is what somebody who saves now would get. */
  function isSame(grant: StoredGrant, { profile }: Wish, session: StoredSession): boolean {
    return grant.profile === profile && (session.id === AMBIENT || grant.person === session.grant.identity.name);
  }

  async function told(grant: StoredGrant): Promise<ScheduleGrant> {
    const { id, schedule, name, profile, role, since } = grant;
    const common = {
      id,
      schedule,
      name,
      profile,
      ...(role !== undefined && { role }),
      since: new Date(since).toISOString()
    };
    try {
      const { session } = await keys.footing(grant);
      const { renewableUntil: until } = session.grant;
      const end = until === undefined ? {} : { until: new Date(until).toISOString() };
      return { ...common, state: 'ready', ...end };
    } catch (error) {
      return { ...common, state: 'stopped', trouble: sessions.words(error).message };
    }
  }

  return {
    standings: async () => Promise.all((await allowed()).map(standing)),
    permit: (wish, by) =>
      exclusive.run('grants', async () => {
        const profile = await wanted(wish.profile);
        const { session, trouble } = await standing(profile);
        if (session === undefined || trouble !== undefined) throw new ProblemError('invalid', trouble ?? '');
        const former = await of(wish.schedule);
        const same = former.find(grant => isSame(grant, wish, session));
        if (same !== undefined) {
          if (same.name !== wish.name) await store.put({ ...same, name: wish.name });
        } else {
          const grant = grantOf(wish, session, { id: ids.next(), since: clock.now() });
          await keys.ready(grant).catch((error: unknown) => {
            // A provider that does not answer now may well do so when it is due.
            if (error instanceof ProblemError && error.status >= 500) return;
            throw new ProblemError('invalid', sessions.words(error).message, { cause: error });
          });
          await store.put(grant);
          await record('permitted', grant, by);
        }
        for (const other of former) if (other !== same) await end(other, by);
        changed();
      }),
    async withdraw(schedule, by) {
      // Most schedules name no profile: nothing is made for them, no lock either.
      if ((await of(schedule)).length === 0) return;
      await exclusive.run('grants', async () => {
        for (const grant of await of(schedule)) await end(grant, by);
      });
    },
    async sweep(isWanted) {
      const isLeft = ({ schedule, since }: StoredGrant): boolean => !isWanted(schedule) && clock.now() - since > FRESH;
      if (!(await store.all()).some(isLeft)) return;
      await exclusive.run('grants', async () => {
        for (const grant of (await store.all()).filter(isLeft)) await end(grant, 'system');
      });
    },
    revoke: (id, by) =>
      exclusive.run('grants', async () => {
        const grant = await store.get(id);
        if (grant === undefined) throw new ProblemError('not-found', 'This permission is no more. See the list.');
        await end(grant, by);
      }),
    async outlook({ schedule, profile }) {
      const grant = (await of(schedule)).find(each => each.profile === profile);
      try {
        if (grant === undefined) throw gone(profile);
        const { session } = await keys.footing(grant);
        const { renewableUntil: until } = session.grant;
        if (until === undefined) return { endsSoon: false };
        return { until, endsSoon: until - clock.now() <= Math.min(DAY, (until - session.changedAt) / 2) };
      } catch (error) {
        return { endsSoon: false, trouble: sessions.words(error).message };
      }
    },
    told: async () => Promise.all((await store.all()).map(told)),
    async ready({ schedule, profile }) {
      const grant = (await of(schedule)).find(each => each.profile === profile);
      if (grant === undefined) throw gone(profile);
      await keys.ready(grant);
      return grant.id;
    },
    async handOut(id) {
      const grant = await store.get(id);
      if (grant !== undefined) return keys.handOut(grant);
      throw new ProblemError(
        'credential-signin',
        'This schedule may not use the profile any more: somebody revoked that, or changed the schedule.'
      );
    }
  };
}

function grantOf(wish: Wish, session: StoredSession, made: { id: string; since: number }): StoredGrant {
  const { role, identity } = session.grant;
  return {
    version: 1,
    ...made,
    ...wish,
    ...(role !== undefined && { role }),
    ...(session.id !== AMBIENT && { person: identity.name })
  };
}

function gone(profile: string): ProblemError {
  return new ProblemError(
    'credential-signin',
    `Nobody permits this schedule to use ${profile} any more: the owner must sign in again and save the schedule.`
  );
}
