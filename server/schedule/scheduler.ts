import type { StreamEvent } from '../../contract/route.js';
import type { RunProfile, ScheduleForm, Times } from '../../contract/schedule/form.js';
import type { RunEvent, ScheduleNews } from '../../contract/schedule/news.js';
import { isEnded } from '../../contract/schedule/records.js';
import type { When } from '../../contract/schedule/spec.js';
import type { Leases } from '../jobs/ports.js';
import type { Caller, Clock, FailPoint, Ids, Log } from '../ports.js';
import { noCredentials } from './credentials/ports.js';
import type { RunCredentials } from './credentials/ports.js';
import { createDispatcher } from './dispatch/dispatcher.js';
import { createEngine } from './engine/engine.js';
import type { EngineOptions } from './engine/engine.js';
import { createForms } from './form/form.js';
import type { FormOptions } from './form/form.js';
import { timesOf } from './form/words.js';
import { followRun } from './news/events.js';
import { createNews } from './news/stream.js';
import { createOutputs } from './output/outputs.js';
import type { Outputs } from './output/outputs.js';
import type { PlacedFiles, RunPlaces } from './places/ports.js';
import { createTake } from './places/take.js';
import { createPlanner } from './plan/planner.js';
import type { NotebookRunner, OutputPages, ScheduleStore, Toasts } from './ports.js';
import { createRunService } from './runs.js';
import type { RunService } from './runs.js';
import { createScheduleService } from './service.js';
import type { ScheduleService } from './service.js';

/** Time after which deleted schedules and tests are removed for good. Milliseconds. */
const RESTORABLE = 30 * 86_400_000;
const TESTS = 86_400_000;

export interface LocalSchedulerOptions {
  store: ScheduleStore;
  runner: NotebookRunner;
  files: PlacedFiles;
  /** Notebooks and outputs elsewhere. */
  places: RunPlaces;
  pages: OutputPages;
  toasts: Toasts;
  /** What follows runs: people are told, outputs published. */
  afterRuns?: EngineOptions['afterRuns'];
  /** What runs may use of profiles; absent: there are none. */
  credentials?: RunCredentials | undefined;
  leases: Leases;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
  /** Name of this process. */
  instance: string;
  /** Runs at once. */
  parallel: number;
  hasRoom: (needed: number | undefined) => boolean;
  channels: FormOptions['channels'];
  targets: FormOptions['targets'];
  /** Scratch folder of this home. */
  workDirectory: string;
}

/** What the contents manager reports, as far as schedules care. Paths of the root `file:` are absolute. */
export interface ContentsEvent {
  action: string;
  place: { root: string; path: string };
  from?: { root: string; path: string };
}

/** Schedules of this server: what people do with them, and what runs them. */
export interface LocalScheduler {
  service: ScheduleService;
  runs: RunService;
  outputs: Outputs;
  toasts: Toasts;
  form: (caller: Caller, path: string) => Promise<ScheduleForm>;
  /** The profiles that a schedule may name. */
  profiles: () => Promise<RunProfile[]>;
  times: (when: When) => Times;
  news: (caller: Caller, after: number, signal: AbortSignal) => AsyncIterable<StreamEvent<ScheduleNews>>;
  follow: (caller: Caller, runId: string, after: number, signal: AbortSignal) => AsyncIterable<StreamEvent<RunEvent>>;
  /** Takes schedules along with files that were renamed. */
  noteRename(event: ContentsEvent): void;
  /** Begins to run what is due. */
  start(): void;
  stop(): Promise<void>;
  /** Removes what nobody wants any more: old runs, deleted schedules, tests. */
  tidy(): Promise<void>;
}

export function createLocalScheduler(options: LocalSchedulerOptions): LocalScheduler {
  const { store, files, places, clock, ids, toasts, credentials = noCredentials } = options;
  const wake = (): void => engine.wake();
  const take = createTake(options);
  const dispatcher = createDispatcher({ ...options, take, changed: run => isEnded(run.state) && wake() });
  const engine = createEngine({ ...options, planner: createPlanner(options), dispatcher });
  const names = (choices: readonly { name: string }[]): string[] => choices.map(({ name }) => name);
  const service = createScheduleService({
    store,
    files,
    places,
    take,
    clock,
    ids,
    credentials,
    thereIs: async caller => ({
      channels: names(await options.channels()),
      targets: names(await options.targets(caller))
    }),
    wake
  });
  const runs = createRunService({ store, clock, wake, cancel: (id, reason) => dispatcher.cancel(id, reason) });

  return {
    service,
    runs,
    toasts,
    outputs: createOutputs({ ...options, runOf: (caller, id) => runs.get(caller, id) }),
    form: createForms({ ...options, take }),
    profiles: async () => [...(await credentials.profiles())],
    times: when => timesOf(when, clock.now()),
    news: createNews(options),
    follow: (caller, runId, after, signal) =>
      followRun({ store, files, clock, run: runs.get(caller, runId), after, signal }),
    noteRename({ action, place, from }) {
      if (action === 'rename' && from?.root === 'file:' && place.root === 'file:') service.moved(from.path, place.path);
    },
    start: () => engine.start(),
    stop: () => engine.stop(),
    async tidy() {
      const now = clock.now();
      for (const { id, spec } of store.living()) store.thin(id, spec.keep.runs, now - spec.keep.days * 86_400_000);
      store.forget('deleted', now - RESTORABLE);
      store.forget('test', now - TESTS);
      await credentials.sweep(id => {
        const schedule = store.get(id);
        return schedule !== undefined && schedule.state !== 'deleted' && schedule.spec.credentials !== undefined;
      });
      await files.tidy();
    }
  };
}
