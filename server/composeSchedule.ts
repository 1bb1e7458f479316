import { freemem } from 'node:os';
import { readFileSync } from 'node:fs';
import { createProcessRunner } from './adapters/notebookrunner-process/index.js';
import type { ComposedAfterRuns } from './composeAfterRuns.js';
import type { Config } from './config.js';
import type { Leases } from './jobs/ports.js';
import type { Caller, Clock, FailPoint, Ids, Log } from './ports.js';
import type { RunCredentials } from './schedule/credentials/ports.js';
import type { PlacedFiles, RunPlaces } from './schedule/places/ports.js';
import type { OutputPages, ScheduleStore } from './schedule/ports.js';
import { createLocalScheduler } from './schedule/scheduler.js';
import type { LocalScheduler } from './schedule/scheduler.js';
import type { Renderer } from './share/ports.js';

export interface ScheduleParts {
  config: Config;
  log: Log;
  clock: Clock;
  ids: Ids;
  failPoint: FailPoint;
  instance: string;
  leases: Leases;
  store: ScheduleStore;
  files: PlacedFiles;
  places: RunPlaces;
  renderer: Renderer;
  /** The Python beside which Lakeside is installed. */
  python: string | undefined;
  /** What kernels of runs get. */
  kernelEnvironment: Readonly<Record<string, string>>;
  /** What runs may use of profiles; absent: there are none. */
  grants?: RunCredentials;
  targets: (caller: Caller) => readonly { name: string; title: string }[];
  workDirectory: string;
  /** What follows runs. */
  after: ComposedAfterRuns;
}

/** Memory that is left to the machine beside runs. Bytes. */
const RESERVE = 256 * 2 ** 20;
/** What a run is taken to need whose schedule does not say. Bytes. */
const USUAL = 256 * 2 ** 20;

/** The scheduler of this server, with the process that runs notebooks. */
export function composeSchedule(parts: ScheduleParts): { scheduler: LocalScheduler; close(): Promise<void> } {
  const { after } = parts;
  const runner = createProcessRunner({
    python: parts.python ?? 'python3',
    environment: parts.kernelEnvironment,
    warm: { python3: 1 },
    log: parts.log
  });
  const scheduler = createLocalScheduler({
    ...parts,
    ...(parts.grants && { credentials: parts.grants }),
    runner,
    pages: pagesOf(parts.renderer),
    toasts: after.toasts,
    afterRuns: after.afterRuns,
    parallel: parts.config.runsAtOnce,
    hasRoom: (needed = USUAL) => availableMemory() > needed + RESERVE,
    channels: () => Promise.resolve(after.channels),
    targets: caller => Promise.resolve(parts.targets(caller))
  });
  return {
    scheduler,
    async close() {
      await scheduler.stop();
      await runner.close();
      await after.close();
    }
  };
}

function pagesOf(renderer: Renderer): OutputPages {
  return {
    document: (file, options, call) => renderer.document({ kind: 'ipynb', file }, options, call),
    async compare(before, after, call) {
      const options = { document: false, title: '', beforeLabel: '', afterLabel: '' };
      const { diff } = await renderer.diff(
        { kind: 'ipynb', file: before },
        { kind: 'ipynb', file: after },
        options,
        call
      );
      const { metadataChanged: _, ...told } = diff;
      return told;
    }
  };
}

/** Memory that programs can have. Linux counts what caches give back; elsewhere only what is free. Bytes. */
function availableMemory(): number {
  try {
    const [, kilobytes] = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8')) ?? [];
    return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
  } catch {
    return freemem();
  }
}
