import type { scheduleRoutes } from '../../contract/schedule/routes.js';
import type { Handlers } from '../handlers.js';
import type { ScheduleService } from './service.js';

/** The schedules' answers to their routes. */
export function scheduleHandlers(service: ScheduleService): Handlers<typeof scheduleRoutes> {
  return {
    list: ({ caller, query }) => Promise.resolve({ schedules: service.list(caller, query.deleted) }),
    get: ({ caller, params }) => Promise.resolve(service.get(caller, params.scheduleId)),
    create: ({ caller, body }) => service.create(caller, body),
    update: ({ caller, params, body }) => service.update(caller, params.scheduleId, body),
    setState: ({ caller, params, body }) => Promise.resolve(service.setState(caller, params.scheduleId, body.state)),
    runNow: ({ caller, params, body }) => Promise.resolve(service.runNow(caller, params.scheduleId, body)),
    backfill: ({ caller, params, body }) =>
      Promise.resolve({ runs: service.backfill(caller, params.scheduleId, body) }),
    runs: ({ caller, query }) => Promise.resolve(service.runs(caller, query)),
    run: ({ caller, params }) => Promise.resolve(service.run(caller, params.runId)),
    cancel: ({ caller, params }) => Promise.resolve(service.cancel(caller, params.runId))
  };
}
