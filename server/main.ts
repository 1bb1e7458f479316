import { createServer } from 'node:http';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { ProblemError } from '../contract/problem.js';
import { createApp, loadApi } from './app.js';
import { readBoot } from './boot.js';
import { composeIds } from './composeIds.js';
import type { Services } from './compose.js';
import type { ComposedCredentials } from './composeCredentials.js';
import { composeConfiguration } from './composeConfiguration.js';
import { readConfig } from './config.js';
import { createLifecycle } from './lifecycle.js';
import { createLog, registerSecret } from './logging.js';
import { createPages } from './share/pages/index.js';

/** Exit code for a configuration nobody can start with; the parent does not try again at once. */
const BAD_CONFIGURATION = 78;

/** Milliseconds after which the API is loaded, where no request did it before. */
const LOAD_API = 20;

/** Milliseconds after which the services start by themselves, to resume what a crash left. */
const WARM_UP = 1_500;

async function main(): Promise<void> {
  const lifecycle = createLifecycle();
  const boot = await readBoot(process.stdin, () => lifecycle.stop('parent ended'));
  registerSecret(boot.secret);
  if (boot.credentialsKey) registerSecret(boot.credentialsKey);
  const config = readConfig('sidecar');
  const log = createLog(config.logLevel);
  const ids = composeIds();
  // Here, so that what is wrong in a file ends the start with its sentence.
  await composeConfiguration({ config, log, programs: __dirname });

  let credentials: Promise<ComposedCredentials> | undefined;
  async function composeKeys(): Promise<ComposedCredentials> {
    const { composeCredentials } = await import('./composeCredentials.js');
    const { kernelEnvironment = {}, credentialsKey } = boot;
    const key = credentialsKey ?? undefined;
    return composeCredentials({ config, log, ids, programs: __dirname, kernelEnvironment, key });
  }
  const keys = (): Promise<ComposedCredentials> => (credentials ??= composeKeys());

  let services: Promise<Services> | undefined;
  async function compose(): Promise<Services> {
    const { composeSidecar } = await import('./compose.js');
    const made = await composeSidecar({ config, boot, log, ids, programs: __dirname, credentials: await keys() });
    collectSooner();
    return made;
  }
  const started = (): Promise<Services> => (services ??= compose());

  const app = createApp({
    secret: boot.secret,
    handlers: async () => (await started()).handlers,
    pages: createPages({ directory: join(__dirname, 'pages') }),
    health: lifecycle,
    ids,
    log
  });
  const server = createServer(app);
  // A request may be a notebook on its way; the front door ends what its caller gave up.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  server.listen(config.listenFd === undefined ? { port: 0, host: '127.0.0.1' } : { fd: config.listenFd }, () => {
    lifecycle.started({
      server,
      log,
      close: async () => {
        await (await services)?.close();
        await (await credentials)?.close();
      }
    });
    log.info({ version: LAKESIDE_VERSION, pid: process.pid }, 'ready');
    const early = (what: () => Promise<unknown>, delay: number): void => {
      const tell = (error: unknown): void => log.error({ err: error }, 'what is loaded early did not load');
      setTimeout(() => void what().catch(tell), delay).unref();
    };
    const fd = config.credentials.listenFd;
    // Kernels may ask already: what they ask waits in the socket's queue until then.
    if (fd !== undefined) early(async () => (await keys()).listen({ fd }), 0);
    early(loadApi, LOAD_API);
    early(started, WARM_UP);
  });
}

/**
 * Lets the heap grow less before garbage is collected: 16 MB less after many requests. Given as an argument it would
 * make V8 refuse Node's own compiled code, which costs 40 ms at the start.
 */
function collectSooner(): void {
  setFlagsFromString('--optimize-for-size');
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const log = createLog('info');
  log.error({}, message);
  process.exit(error instanceof ProblemError && error.code === 'invalid' ? BAD_CONFIGURATION : 1);
});
