import { credentialRoutes } from './credentials/routes.js';
import { historyRoutes } from './history/history.js';
import { jobRoutes } from './jobs.js';
import type { AnyRoute } from './route.js';
import { libraryRoutes } from './share/library.js';
import { publishRoutes } from './share/publish.js';
import { scheduleRoutes } from './schedule/routes.js';
import { runRoutes } from './schedule/runRoutes.js';
import { systemRoutes } from './system.js';
import { tableRoutes } from './tables/routes.js';

/** The whole contract: every route by feature and verb. */
export const routes = {
  system: systemRoutes,
  jobs: jobRoutes,
  share: publishRoutes,
  library: libraryRoutes,
  history: historyRoutes,
  schedule: scheduleRoutes,
  runs: runRoutes,
  tables: tableRoutes,
  credentials: credentialRoutes
};

/** Every route of the contract, in the order of the table. */
export function allRoutes(): AnyRoute[] {
  return Object.values(routes).flatMap(feature => Object.values(feature) as unknown as AnyRoute[]);
}
