import type { TranslationBundle } from '@jupyterlab/translation';
import type { Profile } from '../../../contract/credentials/records.js';
import type { CredentialsModel } from '../credentialsModel.js';

/** What the panel can do. Nothing of it throws: failures are said. */
export interface IPanelActions {
  signIn: (profile: Profile) => void;
  renew: (profile: Profile) => void;
  switchTo: (profile: Profile) => void;
  signOut: (profile: Profile) => void;
  setAutoRefresh: (profile: Profile, on: boolean) => void;
  takeRole: (profile: Profile, role: string | null) => void;
}

/** What it is made of. */
export interface IActionsOptions {
  model: CredentialsModel;
  trans: TranslationBundle;
  signIn: (profileId: string, role?: string) => void;
  done: (message: string) => void;
  failed: (message: string, error: unknown) => void;
}

/** Puts together what the panel can do, each with what is said about it. */
export function createActions({ model, trans, signIn, done, failed }: IActionsOptions): IPanelActions {
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
    signOut: ({ id, label }) =>
      attempt(
        trans.__('You are still signed in to %1.', label),
        model.signOut(id),
        trans.__('Signed out of %1. Its keys are wiped from this server.', label)
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
    }
  };
}
