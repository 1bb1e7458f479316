import { systemClock } from './adapters/clock-system/index.js';
import { createIds } from './ids.js';
import type { Ids } from './ports.js';

/** Makes the ids of this process. Apart from compose.ts because the sidecar needs it before it listens. */
export function composeIds(): Ids {
  return createIds(systemClock);
}
