import type { tableRoutes } from '../../contract/tables/index.js';
import type { Handlers } from '../handlers.js';
import type { TableService } from './service.js';

/**
 * The answers of the tables to their routes.
 *
 * @param load - makes the service with the first question
 */
export function tableHandlers(load: () => Promise<TableService>): Handlers<typeof tableRoutes> {
  return {
    sources: async ({ caller }) => ({ sources: await (await load()).sources(caller) }),
    schemas: async ({ caller, params }) => ({ schemas: await (await load()).schemas(caller, params.source) }),
    list: async ({ caller, params, query }) => (await load()).list(caller, params.source, query),
    names: async ({ caller, params, query }) => (await load()).names(caller, params.source, query.schema),
    search: async ({ caller, query }) => (await load()).search(caller, query),
    table: async ({ caller, params, query, signal }) => (await load()).table(caller, params.source, query, signal),
    preview: async ({ caller, params, query, signal }) => (await load()).preview(caller, params.source, query, signal),
    profile: async ({ caller, params, query, signal }) => (await load()).profile(caller, params.source, query, signal),
    refresh: async ({ caller, params }) => (await load()).refresh(caller, params.source),
    test: async ({ caller, body, signal }) => (await load()).test(caller, body.settings, signal),
    add: async ({ caller, params, body }) => (await load()).add(caller, params.source, body.settings)
  };
}
