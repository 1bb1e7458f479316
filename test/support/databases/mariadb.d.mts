import type { DatabaseOptions, RunningDatabase } from './server.mjs';

/** Starts Debian's MariaDB 10.11 on a free port of the loopback. */
export function startMariaDb(options?: DatabaseOptions): Promise<RunningDatabase>;
