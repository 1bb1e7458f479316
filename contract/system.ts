import * as z from 'zod';
import { defineRoute, json } from './route.js';

/** What is running, for the doctor and for the version check of the browser. */
export const Status = z.object({
  version: z.string(),
  node: z.string(),
  /** Seconds since the sidecar started. */
  uptime: z.number(),
  user: z.string(),
  /** True where notebooks are read from files below the server's root folder. */
  readsFiles: z.boolean()
});
export type Status = z.infer<typeof Status>;

export const systemRoutes = {
  status: defineRoute({
    id: 'system.status',
    method: 'GET',
    path: '/status',
    summary: 'What is running and for whom.',
    response: json(Status),
    errors: []
  })
};
