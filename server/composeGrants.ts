import { devNull } from 'node:os';
import { ProblemError } from '../contract/problem.js';
import type { ComposedCredentials } from './composeCredentials.js';
import { SHADOWS } from './environment.js';
import type { RunCredentials } from './schedule/credentials/ports.js';

/** The credentials of this home as schedules see them. Nothing is loaded before one names a profile. */
export function composeGrants(credentials: Pick<ComposedCredentials, 'grants' | 'doorOf'>): RunCredentials {
  const { grants, doorOf } = credentials;
  return {
    async profiles() {
      return (await (await grants()).standings()).map(({ profile, trouble, needsSignIn, until }) => ({
        name: profile.id,
        title: profile.label,
        needsSignIn,
        ...(trouble !== undefined && { trouble }),
        ...(until !== undefined && { until: new Date(until).toISOString() })
      }));
    },
    permit: async (wish, by) => (await grants()).permit(wish, by),
    withdraw: async (schedule, by) => (await grants()).withdraw(schedule, by),
    sweep: async isWanted => (await grants()).sweep(isWanted),
    outlook: async wish => (await grants()).outlook(wish),
    async environment(wish) {
      const grant = await (await grants()).ready(wish);
      const door = doorOf(grant);
      if (door === undefined) {
        throw new ProblemError(
          'credential-signin',
          'Runs cannot ask for keys: this Jupyter server was started before there was a profile. Restart it once, then run it again.'
        );
      }
      return {
        // What would win against the keys of the schedule.
        ...Object.fromEntries(SHADOWS.map(name => [name, null])),
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: door.url,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: door.tokenFile
      };
    }
  };
}
