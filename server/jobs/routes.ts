import type { jobRoutes } from '../../contract/jobs.js';
import type { Handlers } from '../handlers.js';
import type { JobService } from './service.js';

/** Answers the routes of jobs. */
export function jobHandlers(service: JobService): Handlers<typeof jobRoutes> {
  return {
    list: async ({ caller, query }) => Promise.resolve({ jobs: service.list(caller, query) }),
    get: async ({ caller, params }) => Promise.resolve(service.get(caller, params.jobId)),
    events: async ({ caller, params, query, lastEventId, signal }) =>
      Promise.resolve(service.events(caller, params.jobId, lastEventId ?? query.after, signal)),
    cancel: async ({ caller, params }) => {
      service.cancel(caller, params.jobId);
      return Promise.resolve(undefined);
    }
  };
}
