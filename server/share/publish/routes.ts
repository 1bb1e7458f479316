import type { publishRoutes } from '../../../contract/share/index.js';
import type { Handlers } from '../../handlers.js';
import type { PublishService } from './service.js';

/** Answers the routes of publishing. */
export function publishHandlers(service: PublishService): Handlers<typeof publishRoutes> {
  return {
    targets: async ({ caller }) => Promise.resolve({ targets: service.targets(caller) }),
    target: ({ caller, params, signal }) => service.places.standing(caller, params.targetId, signal),
    spaces: async ({ caller, params, query, signal }) => ({
      spaces: await service.places.spaces(caller, params.targetId, query.query, signal)
    }),
    parents: async ({ caller, params, query, signal }) => ({
      pages: await service.places.parents(caller, params.targetId, query, signal)
    }),
    state: ({ caller, query }) => service.state(caller, query),
    files: async ({ caller, params }) => ({ paths: await service.filesOf(caller, params.notebookId) }),
    publish: ({ caller, body }) => service.publish(caller, body),
    preview: ({ caller, body, signal }) => service.preview(caller, body, signal),
    scan: ({ caller, body, signal }) => service.scan(caller, body, signal),
    upload: ({ caller, params, body }) => service.upload(caller, params.uploadId, body)
  };
}
