import type { libraryRoutes } from '../../../contract/share/library.js';
import type { Handlers } from '../../handlers.js';
import type { LibraryService } from './service.js';

/** The Library's answers to its routes. */
export function libraryHandlers(service: LibraryService): Handlers<typeof libraryRoutes> {
  return {
    list: ({ caller, query }) => service.list(caller, query),
    facets: ({ caller }) => service.facets(caller),
    get: ({ caller, params }) => service.get(caller, params.notebookId),
    change: ({ caller, params, body }) => service.change(caller, params.notebookId, body),
    delete: ({ caller, params }) => service.delete(caller, params.notebookId),
    restore: ({ caller, params }) => service.restore(caller, params.notebookId),
    document: ({ caller, params, query, signal }) => service.document(caller, params, query, signal),
    notebook: ({ caller, params, query, signal }) => service.notebook(caller, params, query, signal),
    figures: async ({ caller, params, signal }) => ({ figures: await service.figures(caller, params, signal) }),
    figure: ({ caller, params, signal }) => service.figure(caller, params, params.number, signal),
    diff: ({ caller, params, query, signal }) => service.diff(caller, params.notebookId, query, signal),
    diffDocument: ({ caller, params, query, signal }) => service.diffDocument(caller, params.notebookId, query, signal)
  };
}
