import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ScheduleSpec } from '../../../../contract/schedule/index.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { composeAfterRuns } from '../../../../server/composeAfterRuns.js';
import { composePlacedFiles } from '../../../../server/composePlaces.js';
import { composeSchedule } from '../../../../server/composeSchedule.js';
import { readConfig } from '../../../../server/config.js';
import type { Caller } from '../../../../server/ports.js';
import type { ShareResult } from '../../../../contract/share/index.js';
import { codeCell, markdownCell, notebookBytes, notebookOf } from '../../../support/notebooks.js';
import { localRenderer } from '../../../support/rendering.js';
import { silent } from '../../../support/schedule/after.js';
import { noPlaces } from '../../../support/schedule/places.js';
import { httpSink, mailSink } from '../../../support/schedule/sinks.js';
import { shareHome } from '../../../support/share/home.js';

const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
const PATIENCE = { timeout: 60_000, interval: 50 };

/** The scheduler with the real runner, and the share service with the real renderer, on one home with real channels. */
async function server() {
  const home = shareHome();
  const [mail, chat, hook] = await Promise.all([mailSink(), httpSink(), httpSink()]);
  const folder = join(home.folder, 'config', 'lakeside');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'config.yml'),
    `publicUrl: https://lab.example.org/lakeside/
notify:
  channels:
    mail: { kind: smtp, host: 127.0.0.1, port: ${mail.port}, security: none, from: lakeside@example.org }
    chat: { kind: slack, label: Team chat, url: { env: CHAT_HOOK } }
    ops: { kind: webhook, url: "${hook.url.href}", secret: { env: OPS_SECRET } }
  owners:
    mail: "{owner}@example.org"
    people:
      ada: { mention: "<@U024BE7LH>" }
`
  );
  const config = readConfig('sidecar', {
    HOME: home.folder,
    LAKESIDE_HOME: home.folder,
    XDG_CONFIG_HOME: join(home.folder, 'config'),
    CHAT_HOOK: chat.url.href,
    OPS_SECRET: 'a shared secret'
  });
  const renderer = localRenderer();
  const p = home.start({ renderer });
  const root = { kind: 'folder' as const, path: home.rootDir, allowHidden: false };
  const files = composePlacedFiles({ config, ids: home.ids, root }, noPlaces);
  const surroundings = { config, log: silent, programs: '', clock: systemClock, ids: home.ids, failPoint: () => {} };
  const { instance } = p;
  const { outbox, schedules: store, leases } = p.state;
  const after = await composeAfterRuns({
    ...surroundings,
    outbox,
    store,
    files,
    publish: p.service,
    jobs: p.jobs,
    instance
  });
  const scheduled = composeSchedule({
    ...surroundings,
    instance,
    leases,
    store,
    files,
    places: noPlaces,
    renderer,
    after,
    python: resolve('.venv/bin/python'),
    kernelEnvironment: { PATH: process.env['PATH'] ?? '', HOME: home.folder, PYTHONPATH: resolve('.') },
    targets: () => [{ name: 'library', title: 'Library' }],
    workDirectory: join(home.folder, 'work')
  });
  onTestFinished(() => scheduled.close());
  const { scheduler } = scheduled;
  scheduler.start();
  const add = (spec: object) =>
    scheduler.service.create(ada, {
      opId: home.ids.next(),
      paused: false,
      spec: ScheduleSpec.parse({
        name: 'Morning delays',
        notebook: { path: 'delays.ipynb' },
        when: { cron: '0 0 1 1 *' },
        ...spec
      })
    });
  const runNow = (id: string) => scheduler.service.runNow(ada, id, { opId: home.ids.next(), parameters: {} });
  const write = (...sources: string[]) => {
    const cells = [markdownCell('# Delays'), ...sources.map(source => codeCell(source))];
    home.write('delays.ipynb', notebookBytes(notebookOf(cells)).toString('utf8'));
  };
  return { home, p, mail, chat, hook, after, scheduler, add, runNow, write, store };
}

test('a cell fails: mail, chat, webhook and toast; it is mended: recovery, and the page shows the new output', async () => {
  const at = await server();
  at.write('print("as it was")');
  const shared: ShareResult = await at.p.share('delays.ipynb');
  at.write('rows = []', 'assert rows, "no rows today"');
  const schedule = await at.add({
    publish: {},
    notify: { failure: ['owner', 'chat', 'ops'], recovery: ['owner', 'chat'], success: ['ops'] }
  });

  const bad = at.runNow(schedule.id);
  await vi.waitFor(() => {
    expect(at.mail.arrived).toHaveLength(1);
    expect(at.chat.posted).toHaveLength(1);
    expect(at.hook.posted).toHaveLength(1);
  }, PATIENCE);
  const { mail, to } = at.mail.arrived[0]!;
  expect(to).toEqual(['ada@example.org']);
  expect(mail.subject).toBe('Morning delays failed in cell 2');
  for (const part of [mail.text, mail.html]) {
    expect(part).toContain('AssertionError: no rows today');
    expect(part).toContain(`https://lab.example.org/lakeside/api/v1/runs/${bad.id}/page`);
  }
  expect(at.chat.posted[0]?.body).toContain('<@U024BE7LH>');
  expect(JSON.parse(at.hook.posted[0]?.body ?? '')).toMatchObject({
    type: 'run.failure',
    data: { run: { id: bad.id, state: 'FAILED' }, cell: { number: 2 }, error: { name: 'AssertionError' } }
  });
  const [toast] = at.after.toasts.waiting('ada');
  expect(toast).toMatchObject({ kind: 'failure', runId: bad.id, title: 'Morning delays failed in cell 2' });
  expect((await at.p.catalogue.get(ada, shared.notebookId))?.versions).toHaveLength(1);

  at.write('rows = [1, 2, 3]', 'print("as it is now:", len(rows))');
  const good = at.runNow(schedule.id);
  await vi.waitFor(() => {
    expect(at.mail.arrived).toHaveLength(2);
    expect(at.hook.posted).toHaveLength(2);
  }, PATIENCE);
  expect(at.mail.arrived[1]?.mail.subject).toBe('Morning delays works again');
  expect(at.mail.arrived[1]?.mail.text).toContain(`https://lab.example.org/lakeside/${shared.page}`);
  expect(JSON.parse(at.hook.posted[1]?.body ?? '')).toMatchObject({ type: 'run.success' });

  // The page of the notebook, with the output of the run and where it is from; the notebook itself is as it was.
  const entry = await at.p.catalogue.get(ada, shared.notebookId);
  const run = at.store.run(good.id);
  expect(run).toMatchObject({
    state: 'SUCCEEDED',
    published: { state: 'done', title: 'Delays', page: shared.page, versionNumber: 2 }
  });
  expect(entry?.versions).toHaveLength(2);
  expect(entry?.versions[0]?.provenance.run).toEqual({
    id: good.id,
    schedule: 'Morning delays',
    at: run?.attempts[0]?.startedAt
  });
  const manifest = await at.p.archive.head(shared.notebookId);
  const folder = join(at.home.folder, 'read');
  mkdirSync(folder);
  const source = await at.p.archive.materialise(manifest!, folder);
  const text = JSON.stringify(await readSnapshot(source.file));
  expect(text).toContain('as it is now: 3');
  expect(at.home.read('delays.ipynb')).not.toContain('as it is now: 3');
}, 180_000);

test('a data check that does not hold is told with its value, and what a cell wants to say', async () => {
  const at = await server();
  at.write('rows = 12', '%notify if rows < 100 f"only {rows} rows"', '%expect rows > 1000 "too few"');
  const schedule = await at.add({ notify: { failure: ['ops'] } });
  at.runNow(schedule.id);
  await vi.waitFor(() => expect(at.hook.posted).toHaveLength(2), PATIENCE);
  const told = at.hook.posted.map(({ body }) => JSON.parse(body) as { type: string; data: object });
  expect(told.find(({ type }) => type === 'run.failure')?.data).toMatchObject({
    run: { state: 'FAILED_CHECK' },
    checks: [{ expression: 'rows > 1000', value: expect.stringContaining('12') as string }]
  });
  expect(told.find(({ type }) => type === 'run.notify')?.data).toMatchObject({ messages: ['only 12 rows'] });
}, 180_000);

async function readSnapshot(file: string): Promise<unknown> {
  const { readFile } = await import('node:fs/promises');
  return JSON.parse(await readFile(file, 'utf8')) as unknown;
}
