import type { credentialRoutes } from '../../contract/credentials/index.js';
import type { Handlers } from '../handlers.js';
import type { CredentialDoctor } from './doctor/doctor.js';
import type { CredentialService } from './service.js';

/** Answers the routes of credentials. @param load - gives the service, likewise the doctor; made with the first question */
export function credentialHandlers(
  load: () => Promise<CredentialService>,
  loadDoctor: () => Promise<CredentialDoctor>
): Handlers<typeof credentialRoutes> {
  return {
    overview: async ({ caller }) => (await load()).overview(caller),
    news: async ({ caller, signal }) => (await load()).news(caller, signal),
    signIn: async ({ caller, params, body }) => (await load()).signIn(caller, params.profileId, body),
    signInState: async ({ caller, params }) => (await load()).signInState(caller, params.signInId),
    answer: async ({ caller, params, body }) => (await load()).answer(caller, params.signInId, body.answer),
    cancelSignIn: async ({ caller, params }) => {
      (await load()).cancelSignIn(caller, params.signInId);
      return undefined;
    },
    refresh: async ({ caller, params }) => (await load()).refresh(caller, params.profileId),
    roles: async ({ caller, params, signal }) => ({
      roles: await (await load()).roles(caller, params.profileId, signal)
    }),
    takeRole: async ({ caller, params, body }) =>
      (await load()).takeRole(caller, params.profileId, body.role ?? undefined),
    autoRefresh: async ({ caller, params, body }) => (await load()).autoRefresh(caller, params.profileId, body.on),
    switch: async ({ caller, body }) => (await load()).switch(caller, body.profile),
    grants: async ({ caller }) => ({ grants: await (await load()).grants(caller) }),
    revoke: async ({ caller, params }) => {
      await (await load()).revoke(caller, params.grantId);
      return undefined;
    },
    signOut: async ({ caller, params }) => (await load()).signOut(caller, params.profileId),
    doctor: async ({ signal }) => ({ findings: await (await loadDoctor()).findings(signal) }),
    fix: async ({ body, signal }) => ({ findings: await (await loadDoctor()).fix(body.fix, signal) }),
    audit: async ({ caller, query }) => (await load()).audit(caller, query.limit)
  };
}
