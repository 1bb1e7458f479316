import type { historyRoutes } from '../../contract/history/index.js';
import type { Handlers } from '../handlers.js';
import type { HistoryService } from './service.js';

/** The history's answers to its routes. */
export function historyHandlers(service: HistoryService): Handlers<typeof historyRoutes> {
  return {
    timeline: ({ caller, query }) => service.timeline(caller, query),
    deleted: ({ caller }) => service.deleted(caller),
    bringBack: ({ caller, params }) => service.bringBack(caller, params.historyId),
    diff: ({ caller, params, query, signal }) => service.diff(caller, params, query.against, signal),
    notebook: ({ caller, params }) => service.notebook(caller, params),
    cell: ({ caller, params }) => service.cell(caller, params, params.number)
  };
}
