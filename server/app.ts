import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import { ProblemError } from '../contract/problem.js';
import type { allRoutes as AllRoutes } from '../contract/routes.js';
import type { HandlerTable } from './handlers.js';
import { healthRouter } from './http/health.js';
import type { Health } from './http/health.js';
import { identity } from './http/identity.js';
import type { mount as Mount, MountOptions } from './http/mount.js';
import { problemHandler } from './http/problem.js';
import type { Ids, Log } from './ports.js';

export interface AppOptions extends MountOptions {
  /** The secret of this boot that the front door sends with each request. */
  secret: string;
  /** The handlers of all routes; made on the first request. */
  handlers: () => Promise<HandlerTable>;
  /** The Library's pages, below `/library`; undefined where they were not built. */
  pages: Router | undefined;
  health: Health;
  ids: Ids;
  log: Log;
}

/** The Express app. Does not listen. */
export function createApp(options: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(requestContext(options.ids));
  app.use('/health', healthRouter(options.health));
  app.use(refuseWhileStopping(options.health));
  app.use(identity(options.secret));
  app.use('/api/v1', apiRouter(options));
  if (options.pages) app.use('/library', options.pages);
  app.use(request => {
    throw new ProblemError('not-found', `There is nothing at ${request.path.slice(0, 256)}.`);
  });
  app.use(problemHandler(options.log));
  return app;
}

/**
 * Loads what the API is made of: making the schemas of all routes takes as long as everything else before the first
 * answer, so the server listens first.
 */
export async function loadApi(): Promise<{ allRoutes: typeof AllRoutes; mount: typeof Mount }> {
  const [{ allRoutes }, { mount }] = await Promise.all([import('../contract/routes.js'), import('./http/mount.js')]);
  return { allRoutes, mount };
}

/** The routes of the contract; made with the first request. */
function apiRouter(options: AppOptions): RequestHandler {
  let router: Promise<Router> | undefined;
  return (request, response, next) => {
    router ??= loadApi().then(({ allRoutes, mount }) => mount(allRoutes(), options.handlers, options));
    router.then(api => api(request, response, next)).catch(next);
  };
}

const requestIdShape = /^[\w.-]{1,64}$/;
const prefixShape = /^(\/[\w.~@%+-]+)*$/;

/** Gives each request an id, and the prefix under which the browser knows this app. */
function requestContext(ids: Ids): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = requestIdShape.test(given) ? given : ids.next();
    const prefix = request.get('x-forwarded-prefix') ?? '';
    response.locals['requestId'] = requestId;
    response.locals['prefix'] = prefixShape.test(prefix) ? prefix : '';
    response.setHeader('X-Request-Id', requestId);
    next();
  };
}

function refuseWhileStopping(health: Health): RequestHandler {
  return (_request, _response, next) => {
    if (!health.ready()) throw new ProblemError('stopping', 'Lakeside is stopping. Try again.', { retryAfter: 1 });
    next();
  };
}
