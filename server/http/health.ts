import { Router } from 'express';

/** What the process says of itself. */
export interface Health {
  /** Requests are taken: started, not draining. */
  ready(): boolean;
}

/** `/health/live` answers while the process runs, `/health/ready` while it takes requests. Says nothing else. */
export function healthRouter(health: Health): Router {
  const router = Router();
  router.get('/live', (_request, response) => {
    response.json({ live: true });
  });
  router.get('/ready', (_request, response) => {
    const ready = health.ready();
    response.status(ready ? 200 : 503).json({ ready });
  });
  return router;
}
