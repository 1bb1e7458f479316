import type {
  AuditReport,
  CredentialsOverview,
  Profile,
  Role,
  ScheduleGrant,
  SignIn,
  SignInAnswer
} from '../../contract/credentials/index.js';
import type { StreamEvent } from '../../contract/route.js';
import type { Caller, Clock } from '../ports.js';
import type { AuditLog } from './audit/log.js';
import type { Grants } from './grants/grants.js';
import type { HandOuts } from './handOut.js';
import type { ConfiguredProfile } from './profiles.js';
import { isRenewable } from './renewal.js';
import type { Sessions } from './sessions.js';
import type { SignIns } from './signIns.js';
import type { ChoiceStore } from './store/choices.js';
import type { StoreKey } from './store/key.js';
import type { StoredSession } from './store/session.js';

/** How often news look at what other processes of the home did, in milliseconds. */
const LOOK = 1_000;
/** Longest time a provider may take to tell its roles, in milliseconds. */
const ROLES = 10_000;

/** Profiles and their sessions, for one person. Nothing it tells is secret. */
export interface CredentialService {
  overview(caller: Caller): Promise<CredentialsOverview>;
  news(caller: Caller, signal: AbortSignal): AsyncIterable<StreamEvent<CredentialsOverview>>;
  /** @throws ProblemError `not-found` for a profile that is not there */
  signIn(caller: Caller, id: string, wanted: SignInRequest): Promise<SignIn>;
  signInState(caller: Caller, id: string): SignIn;
  /** @throws ProblemError `not-found`; `conflict` where it waits for something else */
  answer(caller: Caller, id: string, answer: SignInAnswer): Promise<SignIn>;
  cancelSignIn(caller: Caller, id: string): void;
  /** @throws ProblemError what the provider says */
  refresh(caller: Caller, id: string): Promise<Profile>;
  roles(caller: Caller, id: string, signal: AbortSignal): Promise<Role[]>;
  takeRole(caller: Caller, id: string, role: string | undefined): Promise<Profile>;
  autoRefresh(caller: Caller, id: string, on: boolean): Promise<Profile>;
  switch(caller: Caller, id: string): Promise<CredentialsOverview>;
  signOut(caller: Caller, id: string): Promise<Profile>;
  grants(caller: Caller): Promise<ScheduleGrant[]>;
  /** @throws ProblemError `not-found` */
  revoke(caller: Caller, id: string): Promise<void>;
  audit(caller: Caller, limit: number): Promise<AuditReport>;
}

export interface SignInRequest {
  signInId: string;
  role?: string | undefined;
  activate: boolean;
}

export interface CredentialServiceOptions {
  sessions: Sessions;
  signIns: SignIns;
  handOuts: HandOuts;
  /** Which schedules may use profiles. */
  grants: Pick<Grants, 'told' | 'revoke'>;
  choices: ChoiceStore;
  audit: AuditLog;
  key: () => Promise<StoreKey>;
  /** Where kernels ask; undefined where nobody listens. */
  endpoint: () => string | undefined;
  clock: Clock;
  /** Resolves with the next change in this process. */
  nextChange: () => Promise<void>;
}

export function createCredentialService(options: CredentialServiceOptions): CredentialService {
  const { sessions, signIns, handOuts, grants, choices, audit, clock, nextChange } = options;

  async function told(profile: ConfiguredProfile): Promise<Profile> {
    const { fingerprint: _, region: _region, ...shown } = profile;
    let trouble = sessions.trouble(profile.id);
    const unlucky = (error: unknown): undefined => void (trouble = sessions.words(error));
    const provider = await sessions.provider(profile).catch(unlucky);
    const session = provider && (await sessions.current(profile).catch(unlucky));
    const expiresAt = session?.grant.keys.expiresAt;
    const isOver = expiresAt !== undefined && expiresAt <= clock.now();
    const signIn = signIns.of(profile.id);
    return {
      ...shown,
      opens: provider?.opens ?? 'aws',
      method: provider?.method ?? 'none',
      state: session === undefined ? 'signed-out' : isOver ? 'expired' : 'active',
      ...(session !== undefined && { session: toldSession(session, clock.now()) }),
      autoRefresh: !choices.read().byHand.includes(profile.id),
      ...(signIn !== undefined && { signIn: signIn.id }),
      ...(trouble !== undefined && { trouble })
    };
  }

  async function overview(): Promise<CredentialsOverview> {
    const profiles = await sessions.profiles();
    const all = await Promise.all(profiles.map(told));
    const key = all.length === 0 ? undefined : await options.key().catch(() => undefined);
    const active = await handOuts.active();
    const permitted = all.length === 0 ? [] : await grants.told();
    const url = options.endpoint();
    return {
      profiles: all,
      ...(active !== undefined && { active: active.id }),
      ...(key !== undefined && { store: { key: key.origin, detail: key.detail } }),
      ...(permitted.length > 0 && { grants: permitted }),
      ...(url !== undefined && { endpoint: { url } }),
      now: new Date(clock.now()).toISOString()
    };
  }

  async function activate(caller: Caller, profile: ConfiguredProfile): Promise<void> {
    const before = await handOuts.active();
    await choices.change(all => ({ ...all, active: profile.id }));
    if (before?.id !== profile.id) await audit.add({ event: 'switched', profile: profile.id, by: caller.name });
  }

  return {
    overview,
    async *news(_caller, signal) {
      let last = '';
      for (let id = 1; !signal.aborted;) {
        const changed = nextChange();
        const data = await overview();
        const text = JSON.stringify({ ...data, now: '' });
        if (text !== last) yield { id: id++, data };
        last = text;
        const enough = new AbortController();
        const either = AbortSignal.any([signal, enough.signal]);
        await Promise.race([changed, clock.sleep(LOOK, either).catch(() => undefined)]);
        enough.abort();
      }
    },
    async signIn(caller, id, { signInId, role, activate: makeActive }) {
      const profile = await sessions.profile(id);
      const succeeded = async (): Promise<void> => {
        // A database has nothing for kernels that ask for keys of AWS.
        const { opens } = await sessions.provider(profile);
        if (makeActive && opens === 'aws') await activate(caller, profile);
      };
      return signIns.start(caller, profile, { signInId, role, succeeded });
    },
    signInState: (_caller, id) => signIns.get(id),
    answer: (_caller, id, answer) => signIns.answer(id, answer),
    cancelSignIn: (_caller, id) => signIns.cancel(id),
    async refresh(caller, id) {
      const profile = await sessions.profile(id);
      await sessions.renew(profile, caller.name);
      return told(profile);
    },
    async roles(_caller, id, signal) {
      const profile = await sessions.profile(id);
      const provider = await sessions.provider(profile);
      const session = await sessions.current(profile).catch(() => undefined);
      const call = { signal: AbortSignal.any([signal, AbortSignal.timeout(ROLES)]) };
      const roles = (await provider.roles?.(session?.grant, call)) ?? [];
      return roles.map(role => ({ ...role, current: role.id === session?.grant.role }));
    },
    async takeRole(caller, id, role) {
      const profile = await sessions.profile(id);
      await sessions.takeRole(profile, role, caller.name);
      return told(profile);
    },
    async autoRefresh(_caller, id, on) {
      const profile = await sessions.profile(id);
      await choices.change(all => {
        const others = all.byHand.filter(each => each !== id);
        return { ...all, byHand: on ? others : [...others, id] };
      });
      return told(profile);
    },
    async switch(caller, id) {
      await activate(caller, await sessions.profile(id));
      return overview();
    },
    async signOut(caller, id) {
      const profile = await sessions.profile(id);
      const running = signIns.of(id);
      if (running !== undefined) signIns.cancel(running.id);
      await sessions.end(profile, caller.name);
      return told(profile);
    },
    grants: () => grants.told(),
    revoke: (caller, id) => grants.revoke(id, caller.name),
    audit: (_caller, limit) => audit.report(limit)
  };
}

function toldSession(session: StoredSession, now: number): NonNullable<Profile['session']> {
  const { id, since, grant } = session;
  const time = (at: number): string => new Date(at).toISOString();
  const { expiresAt } = grant.keys;
  return {
    id,
    identity: grant.identity,
    ...(grant.role !== undefined && { role: grant.role }),
    ...(since > 0 && { since: time(since) }),
    ...(expiresAt !== undefined && { expiresAt: time(expiresAt) }),
    renewable: isRenewable(session, now),
    ...(grant.renewableUntil !== undefined && { renewableUntil: time(grant.renewableUntil) })
  };
}
