import type { systemRoutes } from '../contract/system.js';
import type { Handlers } from './handlers.js';
import type { Clock } from './ports.js';

/** Says what is running and for whom. */
export function systemHandlers(options: { clock: Clock; readsFiles: boolean }): Handlers<typeof systemRoutes> {
  return {
    status: ({ caller }) =>
      Promise.resolve({
        version: LAKESIDE_VERSION,
        node: process.versions.node,
        uptime: Math.round(options.clock.monotonic() / 1000),
        user: caller.name,
        readsFiles: options.readsFiles
      })
  };
}
