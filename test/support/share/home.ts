import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Job } from '../../../contract/jobs.js';
import { ProblemError } from '../../../contract/problem.js';
import { PublishRequest } from '../../../contract/share/index.js';
import type { ShareResult } from '../../../contract/share/index.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMemoryLibraryIndex } from '../../../server/adapters/memory/libraryIndex.js';
import { createMemoryObjectStore } from '../../../server/adapters/memory/objectStore.js';
import { createNotebookFiles } from '../../../server/adapters/notebookfiles-fs/index.js';
import type { Root } from '../../../server/adapters/notebookfiles-fs/index.js';
import { createContentsSpool } from '../../../server/adapters/spool-fs/index.js';
import { openState } from '../../../server/adapters/sqlite-state/index.js';
import { createIds } from '../../../server/ids.js';
import { createHolder } from '../../../server/jobs/hold.js';
import { createJobService } from '../../../server/jobs/service.js';
import type { Caller, FailPoint, Ids, Log } from '../../../server/ports.js';
import { createArchive } from '../../../server/share/archive/archive.js';
import { createCatalogue } from '../../../server/share/archive/catalogue.js';
import { createFollower } from '../../../server/share/archive/follower.js';
import type { Archive } from '../../../server/share/archive/types.js';
import type { LiveSecret, MadePage, ObjectStore, Renderer, Wikis } from '../../../server/share/ports.js';
import { createPublishService } from '../../../server/share/publish/service.js';
import { createWikiRecords } from '../../../server/share/wiki/records.js';
import { scratch } from '../scratch.js';
import { createMemoryRenderer } from './memoryRenderer.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const eve: Caller = { name: 'eve', groups: [], via: 'jupyter' };
export const silent: Log = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };
export const never = new AbortController().signal;

/** A notebook as text. */
export function notebook(cells: (string | { source: string; output: string })[], id?: unknown): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'python3', display_name: 'Python 3' },
      ...(id !== undefined && { lakeside: { id } })
    },
    cells: cells.map((cell, n) =>
      typeof cell === 'string'
        ? { id: `m${n}`, cell_type: 'markdown', metadata: {}, source: cell }
        : {
            id: `c${n}`,
            cell_type: 'code',
            execution_count: 1,
            metadata: {},
            source: cell.source,
            outputs: [{ output_type: 'stream', name: 'stdout', text: cell.output }]
          }
    )
  });
}

export interface ProcessOptions {
  failPoint?: FailPoint;
  root?: Root;
  renderer?: Renderer;
  /** Wraps the archive, to break it. */
  archive?: (archive: Archive) => Archive;
  parallel?: number;
  keepPage?: (page: MadePage) => Promise<void>;
  wikis?: Wikis;
  /** Ids as another machine would make them. */
  ids?: Ids;
  /** The secrets that the person uses now. */
  live?: LiveSecret[];
  mayPublishSecrets?: boolean;
  log?: Log;
}

/** A home in a scratch folder, its archive in memory, and a folder of notebooks; processes can be started on it. */
export function shareHome() {
  const folder = scratch();
  const rootDir = join(folder, 'notebooks');
  const spoolDirectory = join(folder, 'spool');
  for (const each of [rootDir, spoolDirectory]) mkdirSync(each);
  const memory = createMemoryObjectStore();
  const puts: string[] = [];
  const store: ObjectStore = {
    ...memory,
    put: async (key, body, options) => {
      puts.push(key);
      return memory.put(key, body, options);
    }
  };
  const ids = createIds(systemClock);
  const gone = new Set<string>();
  let count = 0;
  let events = 0;

  function start(options: ProcessOptions = {}) {
    const instance = `p${++count}`;
    const clock = systemClock;
    const state = openState({
      file: join(folder, 'state.db'),
      clock,
      isGone: name => gone.has(name.split('/')[0] ?? '')
    });
    const index = createMemoryLibraryIndex();
    const follower = createFollower({ store, index, clock, log: silent });
    const archive = createArchive({ store, clock, log: silent, appended: event => follower.note(event) });
    const catalogue = createCatalogue({ index, follower });
    const jobs = createJobService({
      store: state.jobs,
      leases: state.leases,
      clock,
      log: silent,
      instance,
      ...(options.parallel !== undefined && { parallel: options.parallel })
    });
    const renderer = options.renderer ?? createMemoryRenderer();
    const service = createPublishService({
      files: createNotebookFiles({
        root: options.root ?? { kind: 'folder', path: rootDir, allowHidden: false },
        maxBytes: 10_000_000,
        clock
      }),
      bindings: state.bindings,
      memory: state.gate,
      liveSecrets: { current: () => Promise.resolve(options.live ?? []) },
      mayPublishSecrets: options.mayPublishSecrets ?? true,
      spool: createContentsSpool({ directory: spoolDirectory, log: silent }),
      archive: options.archive?.(archive) ?? archive,
      catalogue,
      renderer,
      jobs,
      holder: createHolder({ leases: state.leases, clock, instance, log: silent }),
      clock,
      ids: options.ids ?? ids,
      log: options.log ?? silent,
      workDirectory: join(folder, 'work'),
      maxBytes: 10_000_000,
      ...(options.wikis && {
        wiki: {
          wikis: options.wikis,
          records: createWikiRecords(store, clock),
          publicUrl: 'https://lab.example.org/lakeside/'
        }
      }),
      ...(options.failPoint && { failPoint: options.failPoint }),
      ...(options.keepPage && { keepPage: options.keepPage })
    });
    onTestFinished(async () => {
      // The work of a dead process never ends.
      if (gone.has(instance)) return;
      await jobs.stop();
      state.close();
    });

    async function finish(job: Job, caller: Caller): Promise<Job> {
      const events = jobs.events(caller, job.id, 0, never)[Symbol.asyncIterator]();
      while ((await events.next()).done !== true);
      return jobs.get(caller, job.id);
    }

    return {
      instance,
      state,
      jobs,
      service,
      archive,
      catalogue,
      renderer,
      finish,
      /** Starts a share and waits for its end. */
      async shareJob(path: string, more: object = {}, caller = ada): Promise<Job> {
        const request = PublishRequest.parse({ opId: ids.next(), path, ...more });
        return finish(await service.publish(caller, request), caller);
      },
      /** Shares and gives the result; throws the problem of a failed share. */
      async share(path: string, more: object = {}, caller = ada): Promise<ShareResult> {
        const job = await this.shareJob(path, more, caller);
        if (job.problem) throw ProblemError.from(job.problem);
        return job.result as ShareResult;
      }
    };
  }

  return {
    folder,
    rootDir,
    store,
    ids,
    /** Keys of all objects that were written. */
    puts,
    start,
    /** From now on this process counts as dead. */
    kill: (process: { instance: string }) => gone.add(process.instance),
    write: (path: string, text: string): void => {
      mkdirSync(dirname(join(rootDir, path)), { recursive: true });
      writeFileSync(join(rootDir, path), text);
    },
    read: (path: string) => readFileSync(join(rootDir, path), 'utf8'),
    /** Writes an event as the front door does. */
    event: (action: string, path: string, sourcePath: string | null = null, root: string | null = rootDir): void => {
      const name = `${String(++events).padStart(20, '0')}-1-1.json`;
      writeFileSync(
        join(spoolDirectory, name),
        JSON.stringify({ format: 1, action, rootDir: root, path, sourcePath, at: '' })
      );
    }
  };
}
