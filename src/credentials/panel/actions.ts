import type { TranslationBundle } from '@jupyterlab/translation';
import type { ScheduleGrant } from '../../../contract/credentials/grants.js';
import type { CredentialsOverview, DoctorFinding, Profile } from '../../../contract/credentials/records.js';
import type { CredentialsModel } from '../credentialsModel.js';
import { takenOutWords } from './kernels.js';
import type { ITakenOut } from './kernels.js';

/** What the doctor offers to do. */
export type Fix = NonNullable<DoctorFinding['fix']>;

/** What the panel can do. Failures are said. */
export interface IPanelActions {
  signIn: (profile: Profile) => void;
  renew: (profile: Profile) => void;
  switchTo: (profile: Profile) => void;
  signOut: (profile: Profile) => void;
  setAutoRefresh: (profile: Profile, on: boolean) => void;
  takeRole: (profile: Profile, role: string | null) => void;
  revoke: (grant: ScheduleGrant) => void;
  /** @throws ProblemError where it could not be done, for the doctor to say */
  mend: (fix: Fix) => Promise<void>;
}

/** What it is made of. */
export interface IActionsOptions {
  model: CredentialsModel;
  trans: TranslationBundle;
  signIn: (profileId: string, role?: string) => void;
  /** Takes variables out of the kernels that run. */
  takeOut: (names: readonly string[]) => Promise<ITakenOut>;
  done: (message: string) => void;
  failed: (message: string, error: unknown) => void;
}

/** Puts together what the panel can do, each with what is said about it. */
export function createActions({ model, trans, signIn, takeOut, done, failed }: IActionsOptions): IPanelActions {
  const attempt = (sentence: string, work: Promise<void>, message?: string) =>
    void work.then(
      () => message !== undefined && done(message),
      (error: unknown) => failed(sentence, error)
    );
  return {
    signIn: ({ id }) => signIn(id),
    renew: ({ id, label }) =>
      attempt(trans.__('%1 has no new keys.', label), model.renew(id), trans.__('%1 has new keys.', label)),
    switchTo: ({ id, label }) =>
      attempt(
        trans.__('Kernels do not use %1.', label),
        model.switchTo(id),
        trans.__('Running kernels use %1 from their next call on.', label)
      ),
    signOut: ({ id, label }) => {
      const said = trans.__('Signed out of %1. Its keys are wiped from this server.', label);
      const stopped = schedulesOf(model.state.overview, id).map(({ name }) => name);
      attempt(
        trans.__('You are still signed in to %1.', label),
        model.signOut(id),
        stopped.length === 0
          ? said
          : `${said} ${trans.__('Schedules that do not run until you sign in again: %1.', stopped.join(', '))}`
      );
    },
    revoke: grant =>
      attempt(
        trans.__('%1 may still use %2.', grant.name, grant.profile),
        model.revoke(grant),
        trans.__('%1 may not use %2 any more.', grant.name, grant.profile)
      ),
    setAutoRefresh: ({ id, label }, on) =>
      attempt(trans.__('Auto-refresh of %1 was not changed.', label), model.setAutoRefresh(id, on)),
    takeRole: (profile, role) => {
      // Without a session the role is taken by the sign-in.
      if (profile.state !== 'active') {
        signIn(profile.id, role ?? undefined);
        return;
      }
      const sentence = trans.__('The role was not taken.');
      const message =
        role === null
          ? trans.__('You have no role in %1 any more.', profile.label)
          : trans.__('You have the role %1 in %2.', role, profile.label);
      attempt(sentence, model.takeRole(profile.id, role), message);
    },
    async mend({ id, unset }) {
      await model.fix(id);
      if (unset !== undefined) done(takenOutWords(await takeOut(unset), trans));
    }
  };
}

/** The schedules whose runs may use a profile. */
export function schedulesOf(overview: CredentialsOverview | undefined, profile: string): ScheduleGrant[] {
  return (overview?.grants ?? []).filter(grant => grant.profile === profile);
}
