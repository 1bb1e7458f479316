import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { vi } from 'vitest';
import { ScheduleSpec } from '../../../contract/schedule/index.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { isEnded } from '../../../contract/schedule/records.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { openState } from '../../../server/adapters/sqlite-state/index.js';
import { composeAfterRuns } from '../../../server/composeAfterRuns.js';
import { composePlacedFiles } from '../../../server/composePlaces.js';
import { composeSchedule } from '../../../server/composeSchedule.js';
import { readConfig } from '../../../server/config.js';
import { createIds } from '../../../server/ids.js';
import { createJobService } from '../../../server/jobs/service.js';
import type { Caller, Clock } from '../../../server/ports.js';
import type { RunCredentials } from '../../../server/schedule/credentials/ports.js';
import { codeCell, notebookOf } from '../notebooks.js';
import { localRenderer } from '../rendering.js';
import { noPlaces } from './places.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const python = resolve('.venv/bin/python');
/** For what takes a kernel. */
export const PATIENCE = { timeout: 120_000, interval: 50 };

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A clock that goes as that of the machine, from another time on; its date can be set. */
export function movedClock(start: string): Clock & { set(to: string): void } {
  let ahead = Date.parse(start) - Date.now();
  return { ...systemClock, now: () => Date.now() + ahead, set: to => (ahead = Date.parse(to) - Date.now()) };
}

/** A notebook of cells of code, as a file holds it. The first is tagged `parameters`. */
export function notebookFile(sources: readonly string[], kernel = 'python3'): string {
  const cells = sources.map((source, at) =>
    codeCell(source, [], at === 0 ? { metadata: { tags: ['parameters'] } } : {})
  );
  const language = kernel === 'bash' ? 'bash' : 'python';
  return JSON.stringify(notebookOf(cells, { kernelspec: { name: kernel, display_name: kernel, language } }));
}

/**
 * A home with a folder of notebooks and a Bash kernel beside Python's. Servers that run its schedules on the real runner
 * can be started and ended on it.
 */
export function realHome({ clock = systemClock, parallel = 2 }: { clock?: Clock; parallel?: number } = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-real-')));
  const [root, home, jupyter] = [join(folder, 'notebooks'), join(folder, 'home'), join(folder, 'jupyter')];
  const bash = join(jupyter, 'kernels', 'bash');
  for (const each of [root, home, bash]) mkdirSync(each, { recursive: true });
  const argv = [python, '-m', 'bash_kernel', '-f', '{connection_file}'];
  const kernel = { argv, display_name: 'Bash', language: 'bash', env: { PS1: '$' } };
  writeFileSync(join(bash, 'kernel.json'), JSON.stringify(kernel));
  const ids = createIds(clock);
  const gone = new Set<string>();
  const open = () => openState({ file: join(home, 'state.db'), clock, isGone: name => gone.has(name) });
  let count = 0;

  async function start(more: { credentials?: RunCredentials; variables?: Record<string, string> } = {}) {
    const instance = `server-${++count}`;
    const config = readConfig('sidecar', {
      HOME: folder,
      LAKESIDE_HOME: home,
      XDG_CONFIG_HOME: folder,
      LAKESIDE_RUNS_AT_ONCE: String(parallel)
    });
    const state = open();
    const { schedules: store, leases, outbox } = state;
    const surroundings = { config, log, programs: '', clock, ids, instance, failPoint: () => {} };
    const below = { kind: 'folder' as const, path: root, allowHidden: false };
    const jobs = createJobService({ store: state.jobs, leases, clock, log, instance });
    const given = more.credentials === undefined ? {} : { grants: more.credentials };
    const nobody = () => Promise.reject(new Error('No schedule of this test publishes.'));
    const publish = { publish: nobody, upload: nobody };
    const files = composePlacedFiles({ config, ids, root: below }, noPlaces);
    const after = await composeAfterRuns({ ...surroundings, ...given, outbox, store, files, publish, jobs });
    const composed = composeSchedule({
      ...surroundings,
      ...given,
      leases,
      store,
      files,
      places: noPlaces,
      renderer: localRenderer(),
      python,
      kernelEnvironment: {
        PATH: `${dirname(python)}:${process.env['PATH'] ?? ''}`,
        HOME: home,
        PYTHONPATH: resolve('.'),
        JUPYTER_PATH: jupyter,
        ...more.variables
      },
      targets: () => [],
      workDirectory: join(folder, 'work'),
      after
    });
    const { scheduler } = composed;
    scheduler.start();

    const run = (id: string): Run => scheduler.runs.get(ada, id);
    const ended = (id: string): Promise<Run> =>
      vi.waitFor(() => {
        const found = run(id);
        if (!isEnded(found.state)) throw new Error(`${found.state} still: ${JSON.stringify(found)}`);
        return found;
      }, PATIENCE);
    const add = (spec: object): Promise<Schedule> =>
      scheduler.service.create(ada, {
        opId: ids.next(),
        paused: false,
        spec: ScheduleSpec.parse({ name: 'Schedule', when: { cron: '0 0 1 1 *' }, ...spec })
      });
    const runNow = (scheduleId: string): Run =>
      scheduler.service.runNow(ada, scheduleId, { opId: ids.next(), parameters: {} });
    return {
      scheduler,
      store,
      toasts: after.toasts,
      add,
      run,
      runNow,
      ended,
      /** Runs a schedule once, to its end. */
      async once(spec: object): Promise<Run> {
        return ended(runNow((await add(spec)).id).id);
      },
      async close(): Promise<void> {
        await composed.close();
        await jobs.stop();
        state.close();
        gone.add(instance);
      }
    };
  }

  return {
    folder,
    root,
    home,
    ids,
    start,
    write(path: string, ...sources: string[]): void {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), notebookFile(sources));
    },
    /** The folder of the newest attempt of a run. */
    outputOf: ({ attempts }: Run): string => join(root, attempts.at(-1)?.output ?? 'none'),
    remove: () => rmSync(folder, { recursive: true, force: true })
  };
}

export type RealHome = ReturnType<typeof realHome>;
export type RealServer = Awaited<ReturnType<RealHome['start']>>;

/** Opens a notebook as Jupyter does, valid or not at all. @returns what each of its cells of code printed */
export async function printed(file: string): Promise<string[]> {
  const script = `
import json, nbformat, sys
made = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(made)
told = [''.join(each.get('text', '') for each in cell['outputs']) for cell in made['cells'] if cell['cell_type'] == 'code']
print(json.dumps(told))`;
  const { stdout } = await promisify(execFile)(python, ['-c', script, file], { maxBuffer: 64 * 2 ** 20 });
  return JSON.parse(stdout) as string[];
}
