import type { runRoutes } from '../../contract/schedule/runRoutes.js';
import type { scheduleRoutes } from '../../contract/schedule/routes.js';
import type { Handlers } from '../handlers.js';
import type { LocalScheduler } from './scheduler.js';

/** The schedules' answers to their routes. */
export function scheduleHandlers({
  service,
  form,
  profiles,
  times,
  news,
  toasts
}: LocalScheduler): Handlers<typeof scheduleRoutes> {
  return {
    form: ({ caller, query }) => form(caller, query.path),
    profiles: async () => ({ profiles: await profiles() }),
    times: ({ query: { cron, zone, start, end } }) =>
      Promise.resolve(times({ cron, zone, ...(start !== undefined && { start }), ...(end !== undefined && { end }) })),
    news: ({ caller, lastEventId, signal }) => Promise.resolve(news(caller, lastEventId ?? 0, signal)),
    claimToast: ({ caller, params }) => Promise.resolve({ mine: toasts.claim(caller.name, params.toastId) }),
    test: ({ caller, body }) => service.test(caller, body),
    list: ({ caller, query }) => Promise.resolve({ schedules: service.list(caller, query.deleted) }),
    get: ({ caller, params }) => Promise.resolve(service.get(caller, params.scheduleId)),
    create: ({ caller, body }) => service.create(caller, body),
    update: ({ caller, params, body }) => service.update(caller, params.scheduleId, body),
    setState: ({ caller, params, body }) => service.setState(caller, params.scheduleId, body.state),
    runNow: ({ caller, params, body }) => Promise.resolve(service.runNow(caller, params.scheduleId, body)),
    backfill: ({ caller, params, body }) => Promise.resolve({ runs: service.backfill(caller, params.scheduleId, body) })
  };
}

/** The answers about runs. */
export function runHandlers({ runs, outputs, follow }: LocalScheduler): Handlers<typeof runRoutes> {
  return {
    list: ({ caller, query }) => Promise.resolve(runs.list(caller, query)),
    get: ({ caller, params }) => Promise.resolve(runs.get(caller, params.runId)),
    cancel: ({ caller, params }) => Promise.resolve(runs.cancel(caller, params.runId)),
    again: ({ caller, params, body }) => Promise.resolve(runs.again(caller, params.runId, body)),
    events: ({ caller, params, query, lastEventId, signal }) =>
      Promise.resolve(follow(caller, params.runId, lastEventId ?? query.after, signal)),
    page: ({ caller, params, query, signal }) => outputs.page(caller, params.runId, query.hideCode, signal),
    notebook: ({ caller, params }) => outputs.notebook(caller, params.runId),
    cell: ({ caller, params }) => outputs.cell(caller, params.runId, params.number),
    diff: ({ caller, params, query, signal }) => outputs.diff(caller, params.runId, query.against, signal)
  };
}
