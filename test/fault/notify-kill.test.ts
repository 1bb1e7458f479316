import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ScheduleSpec } from '../../contract/schedule/index.js';
import type { Run, Schedule } from '../../contract/schedule/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { openState } from '../../server/adapters/sqlite-state/index.js';
import { createIds } from '../../server/ids.js';
import { dose } from '../support/dose.js';
import { checkArchive } from '../support/fault/check.js';
import { buildPrograms, start } from '../support/fault/processes.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { httpSink, mailSink } from '../support/schedule/sinks.js';
import { notebook } from '../support/share/home.js';

/** What is owed after a restart is paid within this time. Seconds. */
const PATIENCE = 60;
const OWNER = 'ada';

const ids = createIds(systemClock);
let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

/** Every point that the code of what follows a run names, read from the code, so that none is forgotten. */
const points = [
  ...new Set(
    globSync('server/schedule/{after,notify,publish}/**/*.ts').flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/failPoint\('([\w:-]+)'\)/g)].map(match => match[1] ?? '')
    )
  )
];

/** A home with a schedule of which a run failed and another one went well, and nothing of that told yet. */
async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-notify-'));
  const [root, home, config] = ['notebooks', 'home', 'config'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ];
  for (const each of [root, home, join(config, 'lakeside')]) mkdirSync(each, { recursive: true });
  const [mail, hook] = await Promise.all([mailSink(), httpSink()]);
  writeFileSync(
    join(config, 'lakeside', 'config.yml'),
    `notify:
  channels:
    mail: { kind: smtp, host: 127.0.0.1, port: ${mail.port}, security: none, from: lakeside@example.org }
    hook: { kind: webhook, url: "${hook.url.href}", secret: { env: HOOK_SECRET } }
  owners: { mail: "{owner}@example.org" }
`
  );
  writeFileSync(join(root, 'a.ipynb'), notebook(['# A']));
  const state = openState({ file: join(home, 'state.db'), clock: systemClock });
  const at = new Date().toISOString();
  const schedule: Schedule = {
    id: ids.next(),
    owner: OWNER,
    root,
    state: 'paused',
    revision: 1,
    createdAt: at,
    updatedAt: at,
    spec: ScheduleSpec.parse({
      name: 'Morning',
      notebook: { path: 'a.ipynb' },
      when: { cron: '0 0 1 1 *' },
      publish: {},
      notify: { failure: ['owner', 'hook'], recovery: ['owner', 'hook'] }
    })
  };
  state.schedules.create(schedule, Date.now());
  const runs = (['FAILED', 'SUCCEEDED'] as const).map(ended => {
    const id = ids.next();
    const output = `runs/${id}`;
    mkdirSync(join(root, output), { recursive: true });
    writeFileSync(join(root, output, 'output.ipynb'), notebook(['# A', { source: 'plot()', output: ended }]));
    const attempt = { number: 1, state: ended, startedAt: at, endedAt: at, output };
    const run: Run = {
      id,
      scheduleId: schedule.id,
      owner: OWNER,
      trigger: 'manual',
      dueAt: at,
      intervalStart: at,
      state: 'QUEUED',
      attempts: [],
      createdAt: at
    };
    state.schedules.add([run]);
    state.schedules.begin(id, { ...attempt, state: 'RUNNING' }, 'test');
    state.schedules.change({ ...run, state: ended, attempts: [attempt], endedAt: at }, 'test');
    return id;
  });
  state.close();
  const target = { programs: built.programs, home, env: { XDG_CONFIG_HOME: config, HOOK_SECRET: 'a shared secret' } };
  return { folder, root, home, target, mail, hook, runs };
}

/** Waits until nothing is owed any more: everything is decided, and handed over. False where the process ended first. */
async function paid(home: string, isOver: () => boolean = () => false): Promise<boolean> {
  const until = Date.now() + PATIENCE * 1000;
  const database = new DatabaseSync(join(home, 'state.db'), { readOnly: true });
  try {
    for (;;) {
      const owed = database
        .prepare(
          `SELECT (SELECT count(*) FROM run_ends WHERE settled = 0) +
           (SELECT count(*) FROM notices WHERE state = 'waiting' AND target <> 'jupyterlab') AS owed`
        )
        .get();
      if (owed?.['owed'] === 0) return true;
      if (isOver()) return false;
      if (Date.now() > until) throw new Error(`Still owed after ${PATIENCE} s: ${JSON.stringify(owed)}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
  } finally {
    database.close();
  }
}

interface Death {
  point: string | undefined;
  /** Milliseconds from the start to a kill at a random time. */
  after: number;
}

/** Kills servers one after another, lets a last one finish, and checks that all is told, published, and by one id each. */
async function story(deaths: readonly Death[]): Promise<{ killed: number; twice: number }> {
  const { folder, root, home, target, mail, hook, runs } = await prepare();
  let killed = 0;
  for (const { point, after } of deaths) {
    const dying = start({ ...target, ...(point !== undefined && { failPoint: point }) }, 'sidecar', root);
    const timer = setTimeout(() => void dying.kill(), point === undefined ? after : 20_000);
    const isOver = () => dying.child.exitCode !== null || dying.child.signalCode !== null;
    // A point that is never reached: there is nothing left to do, so nothing to die of.
    const done = paid(home, isOver).then(async isPaid => {
      if (isPaid && !isOver()) await dying.kill('SIGTERM');
    });
    const { signal } = await dying.ended;
    clearTimeout(timer);
    if (signal === 'SIGKILL') killed++;
    await done;
  }
  const last = start(target, 'sidecar', root);
  await paid(home);
  last.child.stdin?.end();
  await last.ended;

  const [bad, good] = runs as [string, string];
  const told = new Map<string, Set<string>>();
  const note = (key: string, id: string) => void told.set(key, (told.get(key) ?? new Set()).add(id));
  for (const { mail: arrived } of mail.arrived) note(`mail ${arrived.subject ?? ''}`, arrived.messageId ?? 'none');
  for (const { body, headers } of hook.posted) {
    const { type, data } = JSON.parse(body) as { type: string; data: { run: { id: string } } };
    note(`hook ${type} ${data.run.id === bad ? 'bad' : 'good'}`, String(headers['webhook-id']));
  }
  expect([...told.keys()].sort()).toEqual([
    'hook run.failure bad',
    'hook run.recovery good',
    'mail Morning failed',
    'mail Morning works again'
  ]);
  for (const [key, each] of told) expect(each.size, key).toBe(1);

  const state = openState({ file: join(home, 'state.db'), clock: systemClock });
  expect(
    state.outbox
      .toasts(OWNER, 0)
      .map(({ kind }) => kind)
      .sort()
  ).toEqual(['failure', 'recovery']);
  const published = state.schedules.run(good)?.published;
  expect(published).toMatchObject({ state: 'done', title: 'A', versionNumber: 1 });
  expect(state.schedules.run(bad)?.published).toBeUndefined();
  state.close();
  const pages = await checkArchive(home);
  expect(pages.map(({ versions }) => versions.length)).toEqual([1]);
  rmSync(folder, { recursive: true, force: true });
  return { killed, twice: mail.arrived.length + hook.posted.length - 4 };
}

test.each(points)('killed at %s: all is told and published, and only what was handed over comes twice', async point => {
  const { killed, twice } = await story([{ point, after: 0 }]);
  expect(killed).toBe(1);
  if (point !== 'notify:handed-over') expect(twice).toBeLessThanOrEqual(3);
});

test('killed anywhere, again and again', async () => {
  const { runs, seed } = dose('servers killed while they tell people', { ci: 12, full: 200 });
  const random = randomNumbers(seed);
  let [kills, twice] = [0, 0];
  while (kills < runs) {
    const deaths = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
      point: random() < 0.3 ? points[Math.floor(random() * points.length)] : undefined,
      after: 300 + random() * 2500
    }));
    const told = await story(deaths);
    kills += told.killed;
    twice += told.twice;
  }
  console.log(`${kills} kills; ${twice} notices were handed over a second time, under the same id`);
}, 3_600_000);
