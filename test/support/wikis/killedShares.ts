import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Job } from '../../../contract/jobs.js';
import type { ShareResult } from '../../../contract/share/index.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import { isFinal } from '../../../server/jobs/events.js';
import { jobsEnded, jobsOf, leftovers } from '../fault/check.js';
import { start, type Running } from '../fault/processes.js';
import { programs as product } from '../programs.js';
import { wikiCommandLine, type Command, type WikiCommandLine } from './cli.js';
import type { KillFixture } from './killSuite.js';

type Outcome = Pick<NonNullable<ShareResult['wiki']>, 'outcome' | 'uploads' | 'edits'>;

/** A notebook with two figures, and processes that share it to a wiki. */
export interface KilledShares {
  /** Shares it. */
  share(): Promise<Outcome>;
  /**
   * Shares it with a process that is killed.
   *
   * @returns whether it was killed before the share had ended
   */
  shareAndDie(point: string | undefined, after: number): Promise<boolean>;
  /** What comes after the death of that process: the next share, or what its successor does by itself. */
  goOn(): Promise<Outcome | 'conflict'>;
  answer(how: 'merge' | 'overwrite'): Promise<Outcome | 'conflict'>;
  /** Another text and another first figure. */
  change(): void;
  /** A sentence that the page must say now, and the figures that it must show. */
  text(): string;
  figures(): Buffer[];
  expectNothingLeft(): Promise<void>;
  close(): Promise<void>;
}

const ids = createIds(systemClock);
const MINUTE = 60_000;
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64'
);

/** By the command line: whoever types the command again goes on. */
export function commandLine(wiki: KillFixture, _programs: string, id: string): KilledShares {
  const { notebook, line } = setUp(wiki, id);
  let endedBefore: string[] = [];
  const share = (...more: string[]): Promise<Ended> => run(line, ['a.ipynb', '--to', 'data', '--json', ...more]);
  return {
    ...notebook,
    share: async () => done(await share()),
    async shareAndDie(point, after) {
      const { signal } = await run(
        line,
        ['a.ipynb', '--to', 'data'],
        point === undefined ? { after } : { failPoint: point }
      );
      return signal === 'SIGKILL';
    },
    async goOn() {
      endedBefore = endedIn(line, userInfo().username);
      return doneOrConflict(await share());
    },
    answer: async how => doneOrConflict(await share('--on-conflict', how)),
    expectNothingLeft: () => expectNothingLeft(line, userInfo().username, endedBefore),
    close: () => Promise.resolve()
  };
}

/** By sidecars: the next one goes on without being asked. */
export function sidecars(wiki: KillFixture, programs: string, id: string): KilledShares {
  const { notebook, line } = setUp(wiki, id);
  const target = { programs, home: line.home, env: line.env };
  let running: Running | undefined;
  const sidecar = (): Running => (running ??= start(target, 'sidecar', line.folder));
  let opId = '';
  let endedBefore: string[] = [];

  async function share(answer?: { conflict: 'merge' | 'overwrite' }): Promise<Job> {
    const asked = sidecar();
    opId = ids.next();
    asked.ask({ do: 'share', path: 'a.ipynb', opId, choices: { target: 'data', ...answer } });
    return asked.said(({ ended }) => (ended?.id === opId ? ended : undefined));
  }

  async function close(): Promise<void> {
    const ending = running;
    running = undefined;
    ending?.child.stdin?.end();
    await ending?.ended;
  }

  return {
    ...notebook,
    share: async () => wikiOf(await share()),
    async shareAndDie(point, after) {
      await close();
      const dying = start({ ...target, ...(point !== undefined && { failPoint: point }) }, 'sidecar', line.folder);
      opId = ids.next();
      dying.ask({ do: 'share', path: 'a.ipynb', opId, choices: { target: 'data' } });
      await dying.said(({ accepted }) => accepted);
      const timer = point === undefined ? setTimeout(() => void dying.kill(), after) : undefined;
      const ended = await dying.said(each => each.ended).catch(() => undefined);
      clearTimeout(timer);
      await dying.kill();
      if (point !== undefined) expect(ended, JSON.stringify(ended)).toBeUndefined();
      return ended === undefined;
    },
    async goOn() {
      endedBefore = endedIn(line, 'ada');
      // It died, if at all, after its end was stored: nobody goes on with that.
      if (endedBefore.includes(opId)) return wikiOrConflict(await share());
      sidecar();
      await jobsEnded(line.home, MINUTE / 1000);
      return wikiOrConflict(jobsOf(line.home).find(each => each.id === opId));
    },
    answer: async conflict => wikiOrConflict(await share({ conflict })),
    expectNothingLeft: () => expectNothingLeft(line, 'ada', endedBefore),
    close
  };
}

function wikiOrConflict(job: Job | undefined): Outcome | 'conflict' {
  return job?.problem?.code === 'target-conflict' ? 'conflict' : wikiOf(job);
}

function wikiOf(job: Job | undefined): Outcome {
  expect(job, JSON.stringify(job)).toMatchObject({ state: 'succeeded' });
  return (job?.result as ShareResult).wiki as Outcome;
}

/** The jobs of a person that have ended. */
function endedIn({ home }: WikiCommandLine, owner: string): string[] {
  // A process can die before there is anything of it.
  if (!existsSync(join(home, 'state.db'))) return [];
  return jobsOf(home, owner).flatMap(({ id, state }) => (isFinal(state) ? [id] : []));
}

/**
 * No job is under way, and nothing of any lies in the work folder.
 *
 * @param mayStay - jobs whose end was stored before the kill: their folders go with the next tidying
 */
async function expectNothingLeft({ home }: WikiCommandLine, owner: string, mayStay: readonly string[]): Promise<void> {
  const jobs = jobsOf(home, owner);
  expect(jobs.length).toBeGreaterThan(0);
  expect(jobs.filter(job => !isFinal(job.state))).toEqual([]);
  // The folder of a share goes when its end is stored.
  const left = (): string[] => leftovers(home).filter(name => !mayStay.includes(name.slice(0, 26)));
  await expect.poll(left, { timeout: 10_000 }).toEqual([]);
}

function setUp(
  { settings, password, key }: KillFixture,
  id: string
): { line: WikiCommandLine; notebook: Pick<KilledShares, 'change' | 'text' | 'figures'> } {
  const line = wikiCommandLine(settings, password, key);
  let [text, version] = [`first text of ${id}`, 1];
  const figures = (): Buffer[] =>
    [`${id} changes ${version}`, `${id} stays`].map(words => Buffer.concat([PIXEL, Buffer.from(words)]));
  const write = (): void => writeFileSync(join(line.folder, 'a.ipynb'), notebookOf(id, text, figures()));
  write();
  return {
    line,
    notebook: {
      text: () => text,
      figures,
      change() {
        [text, version] = [`second text of ${id}`, 2];
        write();
      }
    }
  };
}

function notebookOf(id: string, text: string, figures: readonly Buffer[]): string {
  const cells = [
    { cell_type: 'markdown', metadata: {}, source: `# ${id}\n\n## Text\n\n${text}\n\n## Figures` },
    ...figures.map(figure => ({
      cell_type: 'code',
      metadata: {},
      execution_count: 1,
      source: 'draw()',
      outputs: [{ output_type: 'display_data', metadata: {}, data: { 'image/png': figure.toString('base64') } }]
    }))
  ];
  return JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells });
}

type Ended = Awaited<Command['ended']>;

/** Runs `lakeside share`. @param end - at which point, or after how many milliseconds, it is killed */
async function run(
  line: WikiCommandLine,
  words: string[],
  { failPoint, after }: { failPoint?: string; after?: number } = {}
): Promise<Ended> {
  const { child, ended } = line.begin(['share', ...words], {
    NODE_COMPILE_CACHE: join(product, 'compile-cache'),
    ...(failPoint !== undefined && { LAKESIDE_FAIL_POINT: failPoint })
  });
  const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
  return ended.finally(() => clearTimeout(timer));
}

function done(ended: Ended): Outcome {
  expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  return (JSON.parse(ended.stdout) as ShareResult).wiki as Outcome;
}

function doneOrConflict(ended: Ended): Outcome | 'conflict' {
  if (ended.code === 2 && ended.stderr.includes('--on-conflict')) return 'conflict';
  return done(ended);
}
