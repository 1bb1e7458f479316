import { userInfo } from 'node:os';
import { createClient } from '../../contract/client.js';
import type { Client } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';
import { composeCli } from '../compose.js';
import { readConfig } from '../config.js';
import { inProcess } from '../http/inProcess.js';
import { createLog } from '../logging.js';
import type { Caller } from '../ports.js';
import type { RunPlaces } from '../schedule/places/ports.js';

/** The services in this process, and the typed client to them. */
export interface Session {
  client: Client;
  caller: Caller;
  /** Goes on with what processes that were killed left, and waits until it ended. */
  finish: () => Promise<void>;
  /** Notebooks and outputs of runs elsewhere than in folders. */
  places: RunPlaces;
}

/**
 * Runs a command with the same services a sidecar has, on the same home; a sidecar may run at the same time.
 */
export async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const config = readConfig('cli');
  const log = createLog(config.logLevel, line => process.stderr.write(line));
  const services = await composeCli({ config, log, programs: __dirname });
  const ended = new AbortController();
  const caller: Caller = { name: loginName(), groups: [], via: 'cli' };
  try {
    const client = createClient(inProcess(services.handlers, caller));
    const { places } = services;
    return await use({ client, caller, finish: () => services.finish(ended.signal), places });
  } finally {
    ended.abort();
    await services.close();
  }
}

/** Who runs this command. @throws ProblemError `forbidden` for an account without a name */
export function loginName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    throw new ProblemError('forbidden', 'This account has no login name, so nobody could own what is shared.', {
      cause: error
    });
  }
}
