/**
 * What the closest peer gets wrong, each a test here or elsewhere:
 *
 * - one invalid cron stops all schedules after a restart: here;
 * - orphans stay IN_PROGRESS for ever: test/fault/schedule-kill.test.ts, dispatch/dispatcher.test.ts ("that a dead
 *   process left …");
 * - missed fires are silently skipped: here; policy by policy in plan/planner.test.ts;
 * - parameters are pasted as source: here; language by language in test/python/runner/test_literals.py;
 * - every error is HTTP 500: here; every route in test/server/contract.test.ts, generated bodies in file/badSpecs.test.ts;
 * - 20 jobs at once without a queue: test/fault/schedule-crowd.test.ts, dispatch/dispatcher.test.ts ("wait for room …");
 * - the environment picker is cosmetic: here; test/python/runner/test_runs.py ("the_chosen_kernel_wins …");
 * - a failed notebook can show COMPLETED: here; exit code by exit code in dispatch/dispatcher.test.ts.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Problem } from '../../../contract/problem.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { isEnded } from '../../../contract/schedule/records.js';
import { createApp } from '../../../server/app.js';
import { composeSidecar } from '../../../server/compose.js';
import type { Services } from '../../../server/compose.js';
import { composeIds } from '../../../server/composeIds.js';
import { readConfig } from '../../../server/config.js';
import { programs } from '../../support/programs.js';
import {
  ada,
  movedClock,
  notebookFile,
  PATIENCE,
  printed,
  python,
  realHome
} from '../../support/schedule/realScheduler.js';
import type { RealServer } from '../../support/schedule/realScheduler.js';
import { silent } from '../../support/schedule/after.js';

const LONG = 240_000;

function home(options: Parameters<typeof realHome>[0] = {}) {
  const made = realHome(options);
  let server: RealServer | undefined;
  onTestFinished(async () => {
    await server?.close();
    made.remove();
  });
  return {
    ...made,
    async start(): Promise<RealServer> {
      await server?.close();
      return (server = await made.start());
    }
  };
}

const allEnded = ({ store }: RealServer, id: string, count: number): Promise<Run[]> =>
  vi.waitFor(() => {
    const runs = store.runs({ scheduleId: id, limit: 100 });
    expect(runs.map(({ state }) => isEnded(state))).toEqual(Array(count).fill(true));
    return runs;
  }, PATIENCE);

describe('after a restart', () => {
  it(
    'schedules whose times nobody can tell any more say so, and all others run',
    async () => {
      const clock = movedClock('2026-11-23T06:50:00Z');
      const at = home({ clock });
      at.write('a.ipynb', 'print("ran")');
      const when = { cron: '0 7 23 11 *' };
      const first = await at.start();
      const broken: Schedule[] = [];
      // More than are planned in one go, and due before the good one.
      for (let count = 0; count < 60; count++) {
        const notify = { failure: ['owner'] };
        const made = await first.add({ name: `Broken ${count}`, notebook: { path: 'a.ipynb' }, when, notify });
        const bad = count % 2 === 0 ? { ...when, zone: 'Mars/Base' } : { cron: 'every day', zone: 'UTC' };
        broken.push({ ...made, spec: { ...made.spec, when: bad }, nextDue: '2026-11-23T06:59:00.000Z' });
      }
      const good = await first.add({ name: 'Good', notebook: { path: 'a.ipynb' }, when });
      for (const each of broken) expect(first.store.update(each, each.revision)).toBe(true);

      const second = await at.start();
      clock.set('2026-11-23T06:59:59Z');
      expect(await allEnded(second, good.id, 1)).toMatchObject([{ state: 'SUCCEEDED' }]);
      for (const [count, { id }] of broken.entries()) {
        expect(await allEnded(second, id, 1)).toMatchObject([
          {
            state: 'FAILED',
            reason: expect.stringMatching(
              count % 2 === 0 ? /^when\.zone names "Mars\/Base"/ : /^when\.cron holds "every day"/
            ) as string
          }
        ]);
      }
      // Its owner is told, and what can be done with it answers with a sentence.
      await vi.waitFor(() => expect(second.toasts.waiting('ada').length).toBeGreaterThanOrEqual(60), PATIENCE);
      const [{ id } = { id: '' }] = broken;
      expect(() => second.scheduler.service.backfill(ada, id, { from: '2026-11-01', to: '2026-11-02' })).toThrow(
        'a time zone that this machine does not know'
      );
      await second.scheduler.service.setState(ada, id, 'paused');
      await expect(second.scheduler.service.setState(ada, id, 'active')).rejects.toThrow('when.zone names');
      const mended = await second.scheduler.service.update(ada, broken[1]!.id, {
        revision: second.store.get(broken[1]!.id)?.revision ?? 0,
        spec: { ...broken[1]!.spec, when: { cron: '0 8 * * *', zone: 'UTC' } }
      });
      expect(mended.nextDue).toBe('2026-11-23T08:00:00.000Z');
    },
    LONG
  );

  it(
    'each time that was missed has its row, and what is to be made up for runs',
    async () => {
      const clock = movedClock('2026-11-20T06:00:00Z');
      const at = home({ clock });
      at.write('a.ipynb', 'day = "none"', 'print(day)');
      const first = await at.start();
      const spec = {
        notebook: { path: 'a.ipynb' },
        when: { cron: '0 7 * * *' },
        parameters: { day: '{{ scheduled_at }}' }
      };
      const left = await first.add({ ...spec, name: 'Left' });
      const made = await first.add({ ...spec, name: 'Made up for', policy: { catchUp: 'last' } });
      await first.close();
      clock.set('2026-11-23T12:00:00Z');

      const second = await at.start();
      const missed = await allEnded(second, left.id, 4);
      expect(missed.map(({ dueAt, state }) => `${dueAt.slice(8, 10)} ${state}`).toSorted()).toEqual(
        ['20', '21', '22', '23'].map(day => `${day} MISSED`)
      );
      for (const { reason } of missed) expect(reason).toMatch(/was not running at this time/);
      const caught = await allEnded(second, made.id, 4);
      expect(caught.map(({ dueAt, state }) => `${dueAt.slice(8, 10)} ${state}`).toSorted()).toEqual([
        '20 MISSED',
        '21 MISSED',
        '22 MISSED',
        '23 SUCCEEDED'
      ]);
      const run = caught.find(({ state }) => state === 'SUCCEEDED');
      expect((await printed(join(at.outputOf(run!), 'output.ipynb'))).at(-1)).toBe('2026-11-23T07:00:00+00:00\n');
    },
    LONG
  );
});

/** Texts that are code, end a literal, or are read as something else where they are pasted. */
const texts = [
  'alice',
  "it's",
  '"quoted" and `ticked`',
  "'''\nopen('owned', 'w')\n'''",
  '"""\nopen("owned", "w")\n"""',
  "'); open('owned', 'w').close(); ('",
  "__import__('os').system('touch owned')",
  '$(touch owned)',
  '`touch owned`',
  "'; touch owned; '",
  'a\nb\r\nc\td',
  'back\\slash \\n \\',
  'Zoë 漢字 😀 \u2028 \u0001',
  '{"json": [1, null]}',
  '# no comment',
  '%%bash\ntouch owned',
  '!touch owned',
  '{single}',
  '',
  ' '
];

describe('runs', () => {
  let real: ReturnType<typeof realHome>;
  let server: RealServer;
  beforeAll(async () => {
    real = realHome();
    server = await real.start();
  });
  afterAll(async () => {
    await server.close();
    real.remove();
  });

  it(
    'take texts for what they are, whatever is in them, in Python and in Bash',
    async () => {
      const parameters = Object.fromEntries(texts.map((text, at) => [`p${at}`, text]));
      const names = Object.keys(parameters);
      real.write(
        'python/a.ipynb',
        names.map(name => `${name} = 'none'`).join('\n'),
        `import json\nprint(json.dumps([${names.join(', ')}]))`
      );
      mkdirSync(join(real.root, 'bash'));
      writeFileSync(
        join(real.root, 'bash/a.ipynb'),
        notebookFile(
          [
            names.map(name => `${name}=none`).join('\n'),
            `for n in ${names.join(' ')}; do printf %s "\${!n}" | base64 -w0; echo; done`
          ],
          'bash'
        )
      );
      const runs = await Promise.all(
        ['python', 'bash'].map(place => server.once({ notebook: { path: `${place}/a.ipynb` }, parameters }))
      );
      expect(runs).toMatchObject([{ state: 'SUCCEEDED' }, { state: 'SUCCEEDED' }]);
      const [one = [], two = []] = await Promise.all(
        runs.map(run => printed(join(real.outputOf(run), 'output.ipynb')))
      );
      expect(JSON.parse(one.at(-1) ?? '')).toEqual(texts);
      const lines = two.at(-1)?.split('\n').slice(0, texts.length) ?? [];
      expect(lines.map(line => Buffer.from(line, 'base64').toString('utf8'))).toEqual(texts);
      for (const place of ['python', 'bash']) expect(existsSync(join(real.root, place, 'owned'))).toBe(false);
    },
    LONG
  );

  it(
    'use the kernel that was chosen, not the one that the notebook names',
    async () => {
      real.write('kernel.ipynb', '', 'echo "Bash ${BASH_VERSION%%.*}"');
      const run = await server.once({ notebook: { path: 'kernel.ipynb' }, environment: { kernel: 'bash' } });
      expect(run).toMatchObject({ state: 'SUCCEEDED' });
      expect((await printed(join(real.outputOf(run), 'output.ipynb'))).at(-1)).toMatch(/^Bash \d+\n$/);
    },
    LONG
  );

  it.each([
    ['an error in the last cell', ['print(1)', '1 / 0'], /ZeroDivisionError/],
    ['an error in the middle', ['1 / 0', 'print(1)'], /ZeroDivisionError/],
    ['code that is none', ['print(1)', 'def (:'], /SyntaxError/],
    ['another exit code', ['import sys', 'sys.exit(3)'], /SystemExit: 3/],
    ['an interrupt that it makes itself', ['raise KeyboardInterrupt'], /KeyboardInterrupt/],
    ['an unknown magic', ['%no_such_magic'], /no_such_magic/],
    ['an error in a coroutine', ['import asyncio', 'await asyncio.wait_for(asyncio.sleep(9), .01)'], /TimeoutError/],
    [
      'a kernel that ends as if all were well',
      ['import os', 'os._exit(0)'],
      /The kernel died in cell 2: it ended with exit code 0/
    ],
    [
      'a kernel that is killed',
      ['import os, signal', 'os.kill(os.getpid(), signal.SIGKILL)'],
      /The kernel died in cell 2: .*SIGKILL/
    ],
    ['a check that does not hold', ['rows = 1', '%expect rows > 2'], /A data check in cell 2 did not hold/]
  ])(
    'that end with %s never count as good',
    async (_, sources, words) => {
      real.write('bad.ipynb', '', ...sources);
      const run = await server.once({ notebook: { path: 'bad.ipynb' } });
      expect(['FAILED', 'FAILED_CHECK']).toContain(run.state);
      expect(run.attempts.map(({ state }) => state)).toEqual([run.state]);
      expect(run.reason).toMatch(words);
      await printed(join(real.outputOf(run), 'output.ipynb'));
    },
    LONG
  );
});

describe('what a caller gets wrong', () => {
  const secret = 'x'.repeat(43);
  const headers = { 'X-Lakeside-Secret': secret, 'X-Lakeside-User': 'ada' };
  const nobody = '01M7YXAS9Q8E2ZFJA3XFT0RRR1';
  const ids = composeIds();
  const good = { name: 'Good', notebook: { path: 'a.ipynb' }, when: { cron: '0 0 1 1 *' } };
  let folder: string;
  let services: Services;
  let app: ReturnType<typeof createApp>;
  let paused: string;
  let deleted: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lakeside-errors-'));
    const root = join(folder, 'notebooks');
    mkdirSync(join(root, 'folder.ipynb'), { recursive: true });
    writeFileSync(join(root, 'a.ipynb'), notebookFile(['1']));
    const config = readConfig('sidecar', { HOME: folder, LAKESIDE_HOME: join(folder, 'home') });
    const kernelEnvironment = { PATH: process.env['PATH'] ?? '', HOME: folder, PYTHONPATH: resolve('.') };
    const boot = { secret, rootDir: root, allowHidden: false, python, kernelEnvironment };
    services = await composeSidecar({ config, log: silent, ids, programs, boot });
    const handlers = () => Promise.resolve(services.handlers);
    const health = { ready: () => true };
    app = createApp({ secret, handlers, pages: undefined, health, ids, log: silent, checkAnswers: true });
    [paused, deleted] = await Promise.all([make({}), make({})]);
    await post(`/schedules/${deleted}/state`, { state: 'deleted' }).expect(200);
  });
  afterAll(async () => {
    await services.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const post = (path: string, body: object) => request(app).post(`/api/v1${path}`).set(headers).send(body);
  const create = (more: object) => post('/schedules', { opId: ids.next(), paused: true, spec: { ...good, ...more } });
  const make = async (more: object): Promise<string> => {
    const { body } = await create(more).expect(201);
    return (body as Schedule).id;
  };

  it.each<[string, () => request.Test, number, string, string?]>([
    [
      'a cron expression that is none',
      () => create({ when: { cron: '61 * * * *' } }),
      422,
      'invalid',
      'spec.when.cron'
    ],
    ['a day that never comes', () => create({ when: { cron: '0 0 30 2 *' } }), 422, 'invalid', 'when.cron'],
    [
      'a zone that is none',
      () => create({ when: { cron: '@daily', zone: 'Mars/Base' } }),
      422,
      'invalid',
      'spec.when.zone'
    ],
    [
      'a parameter whose name is code',
      () => create({ parameters: { 'x; import os': 1 } }),
      422,
      'invalid',
      'spec.parameters'
    ],
    ['a macro that is none', () => create({ parameters: { x: '{{ dz }}' } }), 422, 'invalid', 'parameters.x'],
    ['a place that is not there', () => create({ where: 'moon' }), 422, 'invalid', 'where'],
    [
      'a policy that is none',
      () => create({ policy: { overlap: 'sometimes' } }),
      422,
      'invalid',
      'spec.policy.overlap'
    ],
    ['a notebook that is not there', () => create({ notebook: { path: 'none.ipynb' } }), 404, 'file-not-found'],
    ['a folder', () => create({ notebook: { path: 'folder.ipynb' } }), 403, 'file-unreadable'],
    [
      'a way out of the folder',
      () => create({ notebook: { path: '../a.ipynb' } }),
      422,
      'invalid',
      'spec.notebook.path'
    ],
    [
      'a body that is no JSON',
      () => post('/schedules', {}).set('Content-Type', 'application/json').send('{'),
      400,
      'bad-request'
    ],
    ['a schedule that is not there', () => post(`/schedules/${nobody}/state`, { state: 'paused' }), 404, 'not-found'],
    ['a run that is not there', () => post(`/runs/${nobody}/cancel`, {}), 404, 'not-found'],
    ['a run of what was deleted', () => post(`/schedules/${deleted}/runs`, { opId: ids.next() }), 410, 'gone'],
    [
      'days that are none',
      () => post(`/schedules/${paused}/backfill`, { from: '2026-02-30', to: 'x' }),
      422,
      'invalid',
      'from'
    ],
    ['a state that is none', () => post(`/schedules/${paused}/state`, { state: 'test' }), 422, 'invalid', 'state'],
    [
      'an older revision',
      () => request(app).put(`/api/v1/schedules/${paused}`).set(headers).send({ revision: 9, spec: good }),
      409,
      'conflict'
    ],
    [
      'times of nonsense',
      () => request(app).get('/api/v1/schedules/times?cron=nonsense').set(headers),
      422,
      'invalid',
      'cron'
    ],
    [
      'a form of nothing',
      () => request(app).get('/api/v1/schedules/form?path=none.ipynb').set(headers),
      404,
      'file-not-found'
    ]
  ])('%s is told as such', async (_, ask, status, code, field) => {
    const response = await ask();
    const problem = Problem.parse(response.body);
    expect({ status: response.status, code: problem.code }, response.text).toEqual({ status, code });
    expect(problem.message).toMatch(/[.?…]$/);
    if (field !== undefined) expect(problem.errors?.map(error => error.field).join()).toContain(field);
  });
});
