import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { routes } from '../contract/routes.js';
import { systemClock } from './adapters/clock-system/index.js';
import { composeIds } from './composeIds.js';
import type { Root } from './adapters/notebookfiles-fs/resolve.js';
import type { Boot } from './boot.js';
import { composeConfiguration } from './composeConfiguration.js';
import type { ComposedCredentials } from './composeCredentials.js';
import { composeStore, freshness, indexFolder } from './composeStores.js';
import { composeWikis } from './composeWikis.js';
import { secretPlaces } from './config.js';
import type { Config } from './config.js';
import { handlerTable } from './handlers.js';
import type { HandlerTable } from './handlers.js';
import { registerSecret } from './logging.js';
import type { Clock, Ids, Log } from './ports.js';
import type { Comparer } from './history/ports.js';
import type { RunPlaces } from './schedule/places/ports.js';
import type { ContentsSpool, Renderer } from './share/ports.js';
import { onStorage } from './storage.js';
import { systemHandlers } from './system.js';

/** What every composition needs. */
export interface Surroundings {
  config: Config;
  log: Log;
  /** The folder of the bundled programs, `renderer.js` among them. */
  programs: string;
}

/** The services of a process. */
export interface Services {
  handlers: HandlerTable;
  close(): Promise<void>;
}

/** Renderings of one process at once, and the idle time after which a child ends. */
const RENDERERS = Math.min(2, availableParallelism());
const RENDERER_IDLE_SECONDS = 60;

/** The clock of this machine. */
export function composeClock(): Clock {
  return systemClock;
}

/** The services beside a Jupyter server. Resumes what dead processes left, and keeps the store tidy. */
export async function composeSidecar(
  options: Surroundings & { boot: Boot; ids: Ids; credentials?: ComposedCredentials }
): Promise<Services> {
  const { boot } = options;
  const root =
    boot.rootDir === null
      ? { kind: 'none' as const, name: 'contents:' }
      : { kind: 'folder' as const, path: boot.rootDir, allowHidden: boot.allowHidden };
  const { python, kernelEnvironment = {} } = boot;
  const pythonPackages = await sitePackages(python);
  const services = await compose({ ...options, root, python, kernelEnvironment, pythonPackages });
  services.stay();
  return services;
}

/** Those of one command. */
export interface CommandServices extends Services {
  /** Goes on with what processes that were killed left, and waits until it ended. */
  finish(signal: AbortSignal): Promise<void>;
  /** Notebooks and outputs elsewhere. */
  places: RunPlaces;
}

/** The same services for one command, on the same home; a sidecar may be running. */
export async function composeCli(options: Surroundings): Promise<CommandServices> {
  const root = { kind: 'anywhere' as const, workingDirectory: process.cwd() };
  const { python, kernelEnvironment } = options.config;
  const pythonPackages = await sitePackages(python);
  return compose({ ...options, ids: composeIds(), root, python, kernelEnvironment, pythonPackages });
}

/** The renderer alone. */
export async function composeRenderer(
  options: Surroundings & { poolSize?: number; pythonPackages?: string | undefined }
): Promise<Renderer> {
  const { createProcessRenderer } = await import('./adapters/renderer-process/index.js');
  const { config, log, programs } = options;
  return createProcessRenderer({
    program: join(programs, 'renderer.js'),
    memoryMb: Math.floor(config.renderMemoryBytes / 1024 ** 2),
    timeoutSeconds: config.renderTimeoutSeconds,
    maxNotebookBytes: config.maxNotebookBytes,
    poolSize: options.poolSize ?? RENDERERS,
    idleSeconds: RENDERER_IDLE_SECONDS,
    pythonPackages: options.pythonPackages,
    log
  });
}

interface ComposeOptions extends Surroundings {
  ids: Ids;
  /** Absent: made here, and closed with all else. */
  credentials?: ComposedCredentials;
  root: Root;
  python: string | undefined;
  /** What kernels of runs get. */
  kernelEnvironment: Readonly<Record<string, string>>;
  pythonPackages: string | undefined;
}

async function compose(given: ComposeOptions): Promise<CommandServices & { stay(): void }> {
  const { composeCredentials } = await import('./composeCredentials.js');
  const credentials = given.credentials ?? composeCredentials(given);
  const options = { ...given, credentials };
  const { config, log, ids, root, programs } = options;
  const { home } = config;
  const clock = systemClock;
  const parts = await import('./composeParts.js');
  // The archive may lie elsewhere, all else does not.
  await onStorage(home, () => mkdir(home, { recursive: true, mode: 0o700 }));
  const store = await composeStore(options);
  const renderer = await composeRenderer(options);
  const failPoint = parts.createFailPoint(config.failPoint);

  const processes = parts.createProcessTable();
  const state = parts.openState({ file: join(home, 'state.db'), clock, isGone: processes.isGone });
  const { leases, bindings, gate } = state;
  const instance = processes.name;
  const jobs = parts.createJobService({ store: state.jobs, leases, clock, log, instance });
  const holder = parts.createHolder({ leases, clock, instance, log });

  const index = parts.createSqliteIndex({ directory: await indexFolder(options), log });
  const library = parts.createLibrary({
    store,
    freshFor: await freshness(options),
    index,
    renderer,
    rendererVersion: await fingerprint(join(programs, 'renderer.js')),
    cacheDirectory: join(home, 'cache'),
    ids,
    clock,
    log,
    failPoint
  });

  const files = parts.createNotebookFiles({ root, maxBytes: config.maxNotebookBytes, clock });
  const waiting = parts.createContentsSpool({ directory: join(home, 'spool'), log });
  const historyFolder = join(home, 'history');
  const historyStore = parts.createHistoryStore(join(historyFolder, 'history.db'));
  const spool: ContentsSpool = {
    drain: apply =>
      waiting.drain(event => {
        history.note(event);
        scheduled.scheduler.noteRename(event);
        return apply(event);
      })
  };
  const history = parts.createHistory({
    ...config.history,
    store: historyStore,
    copies: parts.createSavedCopies({ directory: join(historyFolder, 'saves'), clock, log }),
    files: parts.createHistoryFiles(root),
    comparer: compareWith(renderer),
    gather: async () => {
      await spool.drain(event => parts.applyContentsEvent(bindings, event));
    },
    holder,
    clock,
    ids,
    log,
    failPoint,
    workDirectory: join(historyFolder, 'work')
  });
  const publicUrl = (await composeConfiguration(options))?.publicUrl;
  const wikis = await composeWikis(options);
  const liveSecrets = parts.createLiveSecrets({ ...secretPlaces(), register: registerSecret });
  const publish = parts.createPublishService({
    files,
    bindings,
    memory: gate,
    liveSecrets,
    mayPublishSecrets: config.mayPublishSecrets,
    spool,
    archive: library.archive,
    catalogue: library.catalogue,
    renderer,
    jobs,
    holder,
    clock,
    ids,
    log,
    workDirectory: join(home, 'work'),
    maxBytes: config.maxNotebookBytes,
    failPoint,
    wiki: { wikis, records: parts.createWikiRecords(store, clock), publicUrl },
    keepPage: page => library.service.seedDocument(page)
  });

  const places = parts.composePlaces({ ...options, library: library.service });
  const runFiles = parts.composePlacedFiles(options, places);
  const grants = parts.composeGrants(credentials);
  const after = await parts.composeAfterRuns({
    ...options,
    grants,
    files: runFiles,
    clock,
    failPoint,
    instance,
    outbox: state.outbox,
    store: state.schedules,
    publish,
    jobs
  });
  const scheduled = parts.composeSchedule({
    ...options,
    grants,
    after,
    files: runFiles,
    places,
    clock,
    failPoint,
    instance,
    leases,
    store: state.schedules,
    renderer,
    targets: caller => publish.targets(caller).map(({ id, label }) => ({ name: id, title: label })),
    workDirectory: join(home, 'work')
  });

  const tables = parts.composeTables({ ...options, notebooks: notebooksOf(options) });

  const housekeeping = parts.createHousekeeping({
    rounds: [
      caller => publish.tidy(caller),
      (caller, signal) => library.maintenance.runOnce(caller, signal),
      (caller, signal) => history.tidy(caller, signal),
      () => scheduled.scheduler.tidy()
    ],
    leases,
    clock,
    log,
    instance
  });

  return {
    handlers: handlerTable(routes, {
      system: systemHandlers({ clock, readsFiles: root.kind === 'folder' }),
      jobs: parts.jobHandlers(jobs),
      share: parts.publishHandlers(publish),
      library: parts.libraryHandlers(library.service),
      history: parts.historyHandlers(history.service),
      schedule: parts.scheduleHandlers(scheduled.scheduler),
      runs: parts.runHandlers(scheduled.scheduler),
      tables: parts.tableHandlers(tables.service),
      credentials: parts.credentialHandlers(credentials.service, credentials.doctor)
    }),
    finish: signal => jobs.finish(signal),
    places,
    stay() {
      jobs.watch(housekeeping.caller);
      housekeeping.start();
      history.watch();
      scheduled.scheduler.start();
      credentials.watch();
    },
    async close() {
      housekeeping.stop();
      await scheduled.close();
      await tables.close();
      if (given.credentials === undefined) await credentials.close();
      await places.close();
      await history.stop();
      await jobs.stop();
      await wikis.close();
      await renderer.close();
      await index.close();
      historyStore.close();
      state.close();
      await store.close();
    }
  };
}

/** Where the embedded source of tables may lie. */
function notebooksOf({ config, root }: ComposeOptions): string | undefined {
  if (root.kind === 'folder') return root.path;
  return root.kind === 'anywhere' ? (config.variable('LAKESIDE_ROOT') ?? root.workingDirectory) : undefined;
}

/** The comparison of two versions, as the Library makes it. */
function compareWith(renderer: Renderer): Comparer {
  return {
    async compare(before, after, call) {
      const options = { document: false, title: '', beforeLabel: '', afterLabel: '' };
      const { diff } = await renderer.diff(
        { kind: 'ipynb', file: before },
        { kind: 'ipynb', file: after },
        options,
        call
      );
      return diff;
    }
  };
}

/** Names what renders, so that pages made by another version are made anew. Chunks are named by their content. */
async function fingerprint(program: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(program))
    .digest('hex')
    .slice(0, 16);
}

/** The site-packages folder of a Python, where live figures find plotly and bokeh; undefined where it is not found. */
async function sitePackages(python: string | undefined): Promise<string | undefined> {
  if (python === undefined) return undefined;
  const lib = join(dirname(dirname(python)), 'lib');
  const names = await readdir(lib).catch(() => []);
  const version = names.find(name => /^python3\.\d+$/.test(name));
  return version === undefined ? undefined : join(lib, version, 'site-packages');
}
