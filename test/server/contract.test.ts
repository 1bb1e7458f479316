import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../contract/problem.js';
import type { AnyRoute } from '../../contract/route.js';
import { allRoutes, routes } from '../../contract/routes.js';
import { ScanReport } from '../../contract/share/index.js';
import { createApp } from '../../server/app.js';
import { composeSidecar } from '../../server/compose.js';
import { composeIds } from '../../server/composeIds.js';
import type { Services } from '../../server/compose.js';
import { readConfig } from '../../server/config.js';
import { createLog } from '../../server/logging.js';
import { laySave, notebookOf } from '../support/history.js';
import { programs } from '../support/programs.js';

// Walks every route of the contract against the whole sidecar: real stores, real renderer, answers checked.

const secret = 'x'.repeat(43);
const headers = { 'X-Lakeside-Secret': secret, 'X-Lakeside-User': 'ada' };
const nobody = '01M7YXAS9Q8E2ZFJA3XFT0RRR1';
const ids = composeIds();

let home: string;
let services: Services;
let app: ReturnType<typeof createApp>;
let notebookId: string;
let historyId: string;
let keptId: string;
let jobId: string;
let signInId: string;
let scheduleId: string;
let runId: string;

/** A schedule that is not due while the tests go on. */
const spec = { name: 'Tiny', notebook: { path: 'tiny.ipynb' }, when: { cron: '0 0 1 1 *' } };

/** One whose keys are there, and one whose password is asked for. */
const profiles = `profiles:
  made:
    kind: static
    accessKeyId: {env: MADE_ID}
    secretAccessKey: {env: MADE_SECRET}
  asked:
    kind: database
    user: ada
`;

/** A table that the made-up source has. */
const made = { schema: 'order_000', table: 'order_fact_0000' };

/** A path with its parameters filled in. */
function path(route: AnyRoute, params: Record<string, string>): string {
  return '/api/v1' + route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? name);
}

const call = (route: AnyRoute, params: Record<string, string> = {}) => {
  const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  return request(app)[method](path(route, params));
};

async function share(body: object): Promise<string> {
  const opId = ids.next();
  const started = await call(routes.share.publish)
    .set(headers)
    .send({ opId, path: 'delays.ipynb', ...body });
  expect(started.status, started.text).toBe(202);
  const events = await call(routes.jobs.events, { jobId: opId }).set(headers);
  expect(events.text).toContain('"succeeded"');
  return opId;
}

beforeAll(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'lakeside-contract-'));
  home = join(scratch, 'home');
  const rootDir = join(scratch, 'notebooks');
  mkdirSync(rootDir);
  mkdirSync(join(scratch, '.config', 'lakeside'), { recursive: true });
  writeFileSync(join(scratch, '.config', 'lakeside', 'config.yml'), `sources:\n  made:\n    kind: memory\n${profiles}`);
  cpSync('examples/delays-in-new-york-2013.ipynb', join(rootDir, 'delays.ipynb'));
  const log = createLog('warn', line => process.stderr.write(line));
  const config = readConfig('sidecar', { HOME: scratch, LAKESIDE_HOME: home });
  const kernelEnvironment = {
    PATH: `${resolve('.venv/bin')}:${process.env['PATH'] ?? ''}`,
    HOME: scratch,
    MADE_ID: 'AKIAMADE0001',
    MADE_SECRET: 'made-secret-of-keys'
  };
  const boot = { secret, rootDir, allowHidden: false, python: resolve('.venv/bin/python'), kernelEnvironment };
  services = await composeSidecar({ config, log, ids, programs, boot });
  app = createApp({
    secret,
    handlers: () => Promise.resolve(services.handlers),
    pages: undefined,
    health: { ready: () => true },
    ids,
    log,
    checkAnswers: true
  });
  jobId = await share({ title: 'Delays', tags: ['flights'] });
  const job = await call(routes.jobs.get, { jobId }).set(headers);
  notebookId = job.body.result.notebookId;
  await share({ hideCode: true });
  const saved = { path: realpathSync(join(rootDir, 'delays.ipynb')), at: Date.now(), by: 'ada' };
  laySave(home, { ...saved, content: notebookOf(['old', 'b']) });
  laySave(home, { ...saved, at: saved.at + 1, content: notebookOf(['new', 'b']) });
  const timeline = await call(routes.history.timeline).set(headers).query({ path: 'delays.ipynb' });
  historyId = timeline.body.notebook.historyId;
  keptId = timeline.body.versions[0].versionId;
  signInId = ids.next();
  const asked = await call(routes.credentials.signIn, { profileId: 'asked' }).set(headers).send({ signInId });
  expect(asked.status, asked.text).toBe(202);
  expect(asked.body).toMatchObject({ id: signInId, state: 'waiting', step: { kind: 'password', user: 'ada' } });
  writeFileSync(join(rootDir, 'tiny.ipynb'), notebookOf(['1 + 1', '2']));
  const made = await call(routes.schedule.create).set(headers).send({ opId: ids.next(), spec });
  expect(made.status, made.text).toBe(201);
  scheduleId = made.body.id;
  runId = ids.next();
  await call(routes.schedule.runNow, { scheduleId }).set(headers).send({ opId: runId });
  const events = await call(routes.runs.events, { runId }).set(headers);
  expect(events.text).toContain('"SUCCEEDED"');
}, 120_000);

afterAll(async () => {
  await services.close();
  rmSync(join(home, '..'), { recursive: true, force: true });
});

const known = (route: AnyRoute): Record<string, string> => ({
  notebookId,
  historyId,
  versionId: route.id.startsWith('history.') ? keptId : 'latest',
  jobId,
  number: '1',
  uploadId: ids.next(),
  targetId: 'library',
  scheduleId,
  runId,
  toastId: nobody,
  source: 'made',
  profileId: 'made',
  signInId,
  grantId: nobody
});
const wrong = {
  notebookId: 'x',
  historyId: 'x',
  versionId: 'x',
  jobId: 'x',
  number: 'x',
  uploadId: 'x',
  targetId: 'X Y',
  scheduleId: 'x',
  runId: 'x',
  toastId: 'x',
  source: 'X Y',
  profileId: 'X Y',
  signInId: 'x',
  grantId: 'x'
};
const unknown = {
  notebookId: nobody,
  historyId: nobody,
  versionId: nobody,
  jobId: nobody,
  number: '1',
  uploadId: nobody,
  targetId: 'nowhere',
  scheduleId: nobody,
  runId: nobody,
  source: 'nowhere',
  profileId: 'nowhere',
  signInId: nobody,
  grantId: nobody
};

/** What a route wants that looks for something: taken at its word, so that what is looked for matters. */
const bodies: Record<string, object> = {
  'schedule.update': { revision: 1, spec },
  'schedule.setState': { state: 'paused' },
  'schedule.runNow': { opId: nobody },
  'schedule.backfill': { from: '2026-11-01', to: '2026-11-02' },
  'runs.again': { opId: nobody },
  'tables.refresh': {},
  'credentials.signIn': { signInId: nobody },
  'credentials.answer': { answer: { kind: 'code', code: '123456' } },
  'credentials.refresh': { confirm: true },
  'credentials.takeRole': { role: 'reader' },
  'credentials.autoRefresh': { on: true },
  'credentials.fix': { fix: 'nothing' }
};
/** Routes that want a table beside the source. */
const wantsTable = ['tables.table', 'tables.preview', 'tables.profile'];
/** An upload and a source are made under the name they are given; a notice that is not there is nobody's. */
const needNothing = ['share.upload', 'schedule.claimToast', 'tables.add'];

const all = allRoutes().map(route => [`${route.method} ${route.path}`, route] as const);
const withParameters = all.filter(([, route]) => route.params !== undefined);
const mutating = all.filter(([, route]) => route.body !== undefined);

describe('every route', () => {
  test.each(all)('%s refuses whoever does not come through the front door', async (_, route) => {
    const response = await call(route, known(route)).set({ 'X-Lakeside-User': 'ada' });
    expect(response.status).toBe(403);
    expect(Problem.parse(response.body).code).toBe('forbidden');
  });

  test.each(withParameters)('%s refuses ids that are none, naming them', async (_, route) => {
    const response = await call(route, wrong)
      .set(headers)
      .set('Content-Type', 'application/json')
      .send(route.method === 'GET' ? undefined : '{}');
    expect(response.status).toBe(422);
    expect(Problem.parse(response.body).errors?.map(error => error.field)[0]).toMatch(/Id$|number|source/);
  });

  test.each(withParameters.filter(([, route]) => !needNothing.includes(route.id)))(
    '%s says what is not there',
    async (_, route) => {
      const response = await call(route, unknown)
        .set(headers)
        .query(wantsTable.includes(route.id) ? made : {})
        .set('Content-Type', 'application/json')
        .send(route.method === 'GET' ? undefined : (bodies[route.id] ?? { title: 'x' }));
      expect(response.status).toBe(404);
      expect(Problem.parse(response.body).code).toBe('not-found');
    }
  );

  test.each(mutating)('%s takes JSON only', async (_, route) => {
    const response = await call(route, known(route)).set(headers).set('Content-Type', 'text/plain').send('{}');
    expect(response.status).toBe(415);
  });

  test.each(mutating.filter(([, route]) => route.id !== 'share.upload'))(
    '%s refuses an empty body and fields it does not know',
    async (_, route) => {
      for (const body of route.id === 'tables.refresh' ? [{ nonsense: 1 }] : [{}, { nonsense: 1 }]) {
        const response = await call(route, known(route)).set(headers).send(body);
        expect(response.status).toBe(422);
        expect(Problem.parse(response.body).errors?.length).toBeGreaterThan(0);
      }
    }
  );
});

describe('every GET answers as the contract says', () => {
  const query: Record<string, object> = {
    'share.state': { path: 'delays.ipynb' },
    'jobs.list': { active: 'false' },
    'history.timeline': { path: 'delays.ipynb' },
    'library.list': { q: 'delays', tag: 'flights' },
    'schedule.form': { path: 'tiny.ipynb' },
    'schedule.times': { cron: '30 7 * * 1-5', zone: 'Europe/Paris' },
    'tables.list': { schema: 'order_000' },
    'tables.names': { schema: 'order_000' },
    'tables.search': { q: 'order' },
    'tables.table': made,
    'tables.preview': made,
    'tables.profile': made
  };
  /** One needs a figure, the others never end. */
  const others = ['library.figure', 'schedule.news', 'credentials.news'];

  test.each(all.filter(([, route]) => route.method === 'GET' && !others.includes(route.id)))('%s', async (_, route) => {
    const response = await call(route, known(route))
      .set(headers)
      .query(query[route.id] ?? {});
    expect(response.status, response.text.slice(0, 300)).toBe(200);
    if (route.response.kind === 'bytes') expect(response.headers['content-type']).toBe(route.response.contentType);
    if (route.response.kind === 'events') expect(response.type).toBe('text/event-stream');
  });

  test.each(['br', 'gzip', 'identity'])('names of tables go out as %s to who takes them so', async encoding => {
    const response = await call(routes.tables.names, known(routes.tables.names))
      .set(headers)
      .set('Accept-Encoding', encoding)
      .query({ schema: made.schema })
      .buffer(true)
      .parse((answer, done) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => done(null, Buffer.concat(chunks)));
      });
    expect(response.headers['content-encoding'] ?? 'identity').toBe(encoding);
    expect(response.headers['vary']).toBe('Accept-Encoding');
    expect(response.headers['content-type']).toBe('text/plain; charset=utf-8');
    const whole = response.body as Buffer;
    // superagent unpacks gzip by itself.
    const text = encoding === 'br' && whole[0] !== 0x74 ? brotliDecompressSync(whole) : whole;
    expect(text.toString()).toMatch(/^(t\w+\n){20}$/);
  });

  test('a figure that is not there is said to be not there', async () => {
    const response = await call(routes.library.figure, { ...known(routes.library.figure), number: '99' }).set(headers);
    expect(response.status).toBe(404);
  });
});

describe('every change', () => {
  test('details, deletion and restoring', async () => {
    const changed = await call(routes.library.change, { notebookId })
      .set(headers)
      .send({ groups: ['Reports'] });
    expect(changed.body).toMatchObject({ groups: ['Reports'], versions: 2 });
    expect((await call(routes.library.delete, { notebookId }).set(headers)).body.deletedAt).toBeDefined();
    expect((await call(routes.library.restore, { notebookId }).set(headers).send({})).body.deletedAt).toBeUndefined();
  });

  test('others see what is for everyone and change nothing', async () => {
    const other = { ...headers, 'X-Lakeside-User': 'eve' };
    expect((await call(routes.library.get, { notebookId }).set(other)).status).toBe(200);
    for (const [route, body] of [
      [routes.library.change, { title: 'Mine' }],
      [routes.library.delete, undefined],
      [routes.library.restore, {}]
    ] as const) {
      expect((await call(route, { notebookId }).set(other).send(body)).status).toBe(403);
    }
    expect((await call(routes.jobs.get, { jobId }).set(other)).status).toBe(404);
    expect((await call(routes.jobs.cancel, { jobId }).set(other)).status).toBe(404);
  });

  test('the same operation again is the same job, and a finished one is not cancelled', async () => {
    const again = await call(routes.share.publish).set(headers).send({ opId: jobId, path: 'delays.ipynb' });
    expect(again.body).toMatchObject({ id: jobId, state: 'succeeded' });
    expect((await call(routes.jobs.cancel, { jobId }).set(headers)).status).toBe(204);
    expect((await call(routes.jobs.get, { jobId }).set(headers)).body.state).toBe('succeeded');
  });

  test('an upload is taken and previewed', async () => {
    const uploadId = ids.next();
    const notebook = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ cell_type: 'markdown', id: 'a', metadata: {}, source: '# Unsaved' }]
    };
    const stored = await call(routes.share.upload, { uploadId }).set(headers).send(notebook);
    expect(stored.status).toBe(201);
    const page = await call(routes.share.preview)
      .set(headers)
      .send({ path: 'delays.ipynb', source: { kind: 'upload', uploadId } });
    expect(page.text).toContain('Unsaved');
    expect(page.headers['content-security-policy']).toMatch(/^sandbox/);
  });

  test('a scan tells what was found without telling it', async () => {
    const uploadId = ids.next();
    const password = ['Winter', '2031!'].join('');
    const source = `connect(password="${password}")`;
    const cells = [{ cell_type: 'code', id: 'a', metadata: {}, source, outputs: [], execution_count: 1 }];
    await call(routes.share.upload, { uploadId })
      .set(headers)
      .send({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
    const scanned = await call(routes.share.scan)
      .set(headers)
      .send({ path: 'delays.ipynb', source: { kind: 'upload', uploadId } });
    expect(scanned.status, scanned.text).toBe(200);
    const report = ScanReport.parse(scanned.body);
    expect(report).toMatchObject({ total: 1, mayPublish: true, findings: [{ rule: 'password', cell: { id: 'a' } }] });
    expect(scanned.text).not.toContain(password);
    const preview = { path: 'delays.ipynb', source: { kind: 'upload', uploadId } };
    expect((await call(routes.share.preview).set(headers).send(preview)).text).not.toContain(password);
    const keep = [report.findings[0]?.fingerprint];
    const kept = await call(routes.share.preview)
      .set(headers)
      .send({ ...preview, keep });
    expect(kept.text).toContain(password);
  });

  test.each(['../secret.ipynb', '/etc/passwd', 'a/../../b.ipynb', 'missing.ipynb', '.hidden.ipynb'])(
    '%s is refused',
    async target => {
      for (const response of [
        await call(routes.share.state).set(headers).query({ path: target }),
        await call(routes.share.scan).set(headers).send({ path: target }),
        await call(routes.share.publish).set(headers).send({ opId: ids.next(), path: target })
      ]) {
        expect([403, 404]).toContain(response.status);
        expect(response.text).not.toContain('root:');
      }
    }
  );
});
