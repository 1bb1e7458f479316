import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { bytesOf, secondsOf } from '../../../contract/schedule/values.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Log } from '../../ports.js';
import { BAD_SPEC, codeOfStorage, REFUSED, TRANSIENT } from '../places/codes.js';
import { codeOfCredentials, variablesOf } from '../credentials/permits.js';
import { noCredentials } from '../credentials/ports.js';
import type { RunCredentials } from '../credentials/ports.js';
import type { PlacedFiles, RunPlaces } from '../places/ports.js';
import { workingFolder } from '../places/take.js';
import type { Take, TakenNotebook } from '../places/take.js';
import type { NotebookRunner, ScheduleStore, Work, WorkEnd, WorkUnderWay } from '../ports.js';
import { lost } from './outcome.js';
import { attemptPlace } from './place.js';

/** How long a failed run's kernel waits for somebody to go on from there. Seconds. */
const KEEP_KERNEL = 600;
export interface AttemptsOptions {
  store: Pick<ScheduleStore, 'run' | 'change'>;
  runner: Pick<NotebookRunner, 'start'>;
  files: PlacedFiles;
  places: Pick<RunPlaces, 'mayWrite'>;
  take: Take;
  /** Absent: no profiles. */
  credentials?: RunCredentials | undefined;
  log: Log;
  /** Name of this process. */
  instance: string;
}

/** What is known of an attempt while it goes on. */
export interface UnderWay {
  schedule: Schedule;
  work: WorkUnderWay | undefined;
  /** Ends putting its output to its place. */
  delivery: AbortController | undefined;
  isCancelled: () => boolean;
  /** Whether this process ends: the next one goes on from what is here. */
  isStopped: () => boolean;
  progress: (cell: number, of: number) => void;
}

/** The end of an attempt, and why its output is not at its place where that is so. */
export interface AttemptEnd extends WorkEnd {
  undelivered?: string;
}

/** Runs single attempts: brings the notebook, runs it, and puts its output to its place. */
export interface Attempts {
  /** Never rejects. */
  run(id: string, number: number, underWay: UnderWay): Promise<AttemptEnd>;
  /** An end once the output lies where its schedule wants it: a good one that does not is none. Never rejects. */
  delivered(
    end: WorkEnd,
    given: { root: string; place: string; out: string },
    signal: AbortSignal
  ): Promise<AttemptEnd>;
}

export function createAttempts(options: AttemptsOptions): Attempts {
  const { store, runner, files, places, take, credentials = noCredentials, log, instance } = options;

  /** The notebook of a run: the copy that its schedule has pinned, or as it is now. */
  async function notebookOf({ spec, root, owner, pinned, pinnedSource }: Schedule): Promise<TakenNotebook> {
    const { path } = spec.notebook;
    if (pinned === undefined) return take({ name: owner, groups: [], via: 'system' }, root, path);
    return {
      file: files.pinned(pinned),
      cwd: workingFolder(files, root, path),
      ...(pinnedSource !== undefined && { source: pinnedSource }),
      release: () => Promise.resolve()
    };
  }

  function noteSource(id: string, source: string | undefined): void {
    const run = store.run(id);
    const last = run?.attempts.at(-1);
    if (run === undefined || last === undefined || source === undefined) return;
    store.change({ ...run, attempts: [...run.attempts.slice(0, -1), { ...last, source }] }, instance);
  }

  async function withdrawn({ id, spec, owner }: Schedule): Promise<void> {
    if (spec.credentials === undefined) return;
    await credentials
      .withdraw(id, owner)
      .catch((error: unknown) => log.warn({ err: error, schedule: id }, 'what a test was permitted stays'));
  }

  /** The output that a run goes on from. */
  async function formerOutput({ resumes }: Run, root: string): Promise<string | undefined> {
    const place = resumes === undefined ? undefined : store.run(resumes)?.attempts.at(-1)?.output;
    return place === undefined ? undefined : files.result(root, place, 'output.ipynb');
  }

  async function delivered(
    end: WorkEnd,
    { root, place, out }: { root: string; place: string; out: string },
    signal: AbortSignal
  ): Promise<AttemptEnd> {
    try {
      await files.deliver(root, place, signal);
      return end;
    } catch (error) {
      const undelivered = `Its output is not at ${place}: ${sentenceOf(error, signal)} A copy stays in ${out} on this machine.`;
      if (end.exitCode === 0) return { exitCode: codeOfStorage(error) ?? REFUSED, reason: undelivered, undelivered };
      return { ...end, reason: end.reason === undefined ? undelivered : `${end.reason} ${undelivered}`, undelivered };
    }
  }

  function sentenceOf(error: unknown, signal: AbortSignal): string {
    if (signal.aborted) return 'putting it there was ended.';
    if (error instanceof ProblemError) return error.message;
    log.error({ err: error }, 'an output could not be put to its place');
    return 'Lakeside could not put it there. The log of the server says why.';
  }

  return {
    delivered,
    async run(id, number, underWay) {
      const { schedule } = underWay;
      const { root } = schedule;
      const run = store.run(id);
      if (run === undefined) return lost;
      let notebook: TakenNotebook | undefined;
      try {
        // Before anything is made for a run that would get no keys.
        const env = await variablesOf(credentials, schedule);
        // Where it has none it could not be told, and cannot be told now: the problem says why.
        const place = run.attempts.at(-1)?.output ?? attemptPlace(schedule, run, number);
        // The folder first: where there is one nobody looks for the output of a run that did not begin elsewhere.
        const out = await files.output(root, place);
        await places.mayWrite(place);
        notebook = await notebookOf(schedule);
        noteSource(id, notebook.source);
        const resume = await formerOutput(run, root);
        if (underWay.isCancelled() || underWay.isStopped()) return lost;
        underWay.work = runner.start(workOf(schedule, run, { notebook, out, number, resume, env }), underWay.progress);
        const end = await underWay.work.ended;
        if (underWay.isStopped()) return end;
        underWay.delivery = new AbortController();
        return await delivered(end, { root, place, out }, underWay.delivery.signal);
      } catch (error) {
        if (error instanceof ProblemError) {
          const usual = error.status >= 500 ? TRANSIENT : BAD_SPEC;
          return { exitCode: codeOfStorage(error) ?? codeOfCredentials(error) ?? usual, reason: error.message };
        }
        log.error({ err: error, run: id }, 'an attempt could not be started');
        return { exitCode: BAD_SPEC, reason: 'Lakeside could not start this run. The log of the server says why.' };
      } finally {
        // What was permitted for one test ends with it.
        if (schedule.state === 'test') await withdrawn(schedule);
        await notebook?.release().catch((error: unknown) => log.warn({ err: error }, 'a copy of a notebook stays'));
      }
    }
  };
}

function workOf(
  { id, owner, spec, pinned }: Schedule,
  run: Run,
  given: { notebook: TakenNotebook; out: string; number: number; resume: string | undefined; env: Work['env'] }
): Work {
  const { kernel, memory } = spec.environment;
  const { timeout, cellTimeout } = spec.policy;
  const { file, cwd, source = pinned === undefined ? undefined : spec.notebook.path } = given.notebook;
  return {
    runId: run.id,
    attempt: given.number,
    notebook: file,
    cwd,
    out: given.out,
    parameters: { ...spec.parameters, ...run.parameters },
    scheduledAt: run.dueAt,
    intervalStart: run.intervalStart,
    intervalEnd: run.dueAt,
    zone: spec.when.zone,
    scheduleId: id,
    scheduleName: spec.name,
    owner,
    timeout: secondsOf(timeout),
    keepKernelSeconds: KEEP_KERNEL,
    ...(source !== undefined && { source }),
    ...(given.env !== undefined && { env: given.env }),
    ...(given.resume !== undefined && { resume: given.resume }),
    ...(cellTimeout !== undefined && { cellTimeout: secondsOf(cellTimeout) }),
    ...(kernel !== undefined && { kernel }),
    ...(memory !== undefined && { memoryLimit: bytesOf(memory) })
  };
}
