import { Router } from 'express';
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { routes } from '../../../contract/routes.js';
import { createApp } from '../../../server/app.js';
import type { AnyHandler, HandlerTable } from '../../../server/handlers.js';
import { createIds } from '../../../server/ids.js';
import type { AnyRoute, Bytes } from '../../../contract/route.js';

const secret = 's'.repeat(40);
const notebookId = '01JDA6C3P0000000000000000A';
const clock = { now: () => Date.now(), monotonic: () => 0, sleep: () => Promise.resolve() };

function app(handlers: [AnyRoute, AnyHandler][] = [], ready = true) {
  const lines: object[] = [];
  const write = (fields: object, message: string): void => void lines.push({ ...fields, message });
  const created = createApp({
    secret,
    handlers: () => Promise.resolve(new Map(handlers) as HandlerTable),
    pages: Router().get('/', (_request, response) => void response.send('pages')),
    health: { ready: () => ready },
    ids: createIds(clock),
    log: { debug: () => undefined, info: () => undefined, warn: write, error: write },
    checkAnswers: true
  });
  return { created, lines };
}

const headers = { 'X-Lakeside-Secret': secret, 'X-Lakeside-User': 'M%C3%BCller' };

async function* chunks(...parts: string[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

describe('who gets in', () => {
  test.each([
    ['without the secret', {}],
    ['with a wrong secret', { ...headers, 'X-Lakeside-Secret': 'x' }],
    ['without a user', { 'X-Lakeside-Secret': secret }],
    ['with a broken user', { ...headers, 'X-Lakeside-User': '%E0%A4%A' }]
  ])('nobody %s', async (_, given) => {
    for (const path of ['/api/v1/status', '/library', '/nothing']) {
      const response = await request(app().created).get(path).set(given);
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ code: 'forbidden' });
    }
  });

  test('the person is named to the service', async () => {
    const handler: AnyHandler = ({ caller }) =>
      Promise.resolve({ version: '1', node: '24', uptime: 1, user: caller.name, readsFiles: true });
    const response = await request(app([[routes.system.status, handler]]).created)
      .get('/api/v1/status')
      .set(headers);
    expect(response.body).toMatchObject({ user: 'Müller' });
  });
});

describe('what goes in', () => {
  const change: [AnyRoute, AnyHandler] = [
    routes.library.change,
    () => Promise.reject(new Error('must not be reached'))
  ];
  const path = `/api/v1/library/notebooks/${notebookId}`;

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'no mutation by %s',
    async type => {
      const response = await request(app([change]).created)
        .patch(path)
        .set(headers)
        .set('Content-Type', type)
        .send('{"title":"x"}');
      expect(response.status).toBe(415);
      expect(response.body).toMatchObject({ code: 'unsupported-type' });
    }
  );

  test('a field that is not right is named', async () => {
    const response = await request(app([change]).created)
      .patch(path)
      .set(headers)
      .send({ title: '' });
    expect(response.status).toBe(422);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({
      code: 'invalid',
      errors: [{ field: 'title', message: 'must not be empty' }]
    });
    expect(response.body.message).toBe(response.body.detail);
  });

  test.each([
    ['broken JSON', '{"title":', 400, 'bad-request'],
    ['a body of 2 MB', JSON.stringify({ title: 'x'.repeat(2 ** 21) }), 413, 'too-large']
  ])('%s', async (_, body, status, code) => {
    const response = await request(app([change]).created)
      .patch(path)
      .set(headers)
      .set('Content-Type', 'application/json')
      .send(body);
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ code });
  });

  test('ids that are no ids never reach a service', async () => {
    for (const id of ['..%2f..%2fetc', 'x', `${notebookId}%00`]) {
      const response = await request(app([change]).created)
        .patch(`/api/v1/library/notebooks/${id}`)
        .set(headers)
        .send({ title: 'x' });
      expect(response.body).toMatchObject({ code: 'invalid' });
    }
  });

  test('a stream is counted on its way', async () => {
    let received = 0;
    const handler: AnyHandler = async ({ body }) => {
      for await (const chunk of body as AsyncIterable<Uint8Array>) received += chunk.length;
      return { uploadId: notebookId, size: received, sha256: '0'.repeat(64) };
    };
    const response = await request(app([[routes.share.upload, handler]]).created)
      .put(`/api/v1/share/uploads/${notebookId}`)
      .set(headers)
      .set('Content-Type', 'application/json')
      .send(JSON.stringify({ x: 'y'.repeat(3 * 2 ** 20) }));
    expect(response.status).toBe(201);
    expect(received).toBe(3 * 2 ** 20 + 8);
  });

  test("Jupyter's polling mark is no field of ours", async () => {
    const handler: AnyHandler = ({ query }) => Promise.resolve({ jobs: [], seen: query });
    const response = await request(app([[routes.jobs.list, handler]]).created)
      .get('/api/v1/jobs?no_track_activity=1')
      .set(headers);
    expect(response.status).toBe(200);
  });
});

describe('what comes out', () => {
  test('a refusal is a problem with the id of the request; faults hide their text and are logged', async () => {
    const refused = app([[routes.system.status, () => Promise.reject(new ProblemError('gone', 'It was deleted.'))]]);
    const response = await request(refused.created)
      .get('/api/v1/status')
      .set({ ...headers, 'X-Request-Id': 'r-1' });
    expect(response.status).toBe(410);
    expect(response.body).toMatchObject({ code: 'gone', requestId: 'r-1', message: 'It was deleted.' });
    expect(refused.lines).toEqual([]);

    const broken = app([[routes.system.status, () => Promise.reject(new Error('secret detail'))]]);
    const fault = await request(broken.created).get('/api/v1/status').set(headers);
    expect(fault.status).toBe(500);
    expect(fault.text).not.toContain('secret detail');
    expect(broken.lines).toHaveLength(1);
  });

  test('a job is announced with its address, under the prefix the browser knows', async () => {
    const job = {
      id: notebookId,
      kind: 'share',
      state: 'queued',
      owner: 'me',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      steps: []
    };
    const { created } = app([[routes.share.publish, () => Promise.resolve(job)]]);
    const response = await request(created)
      .post('/api/v1/share/publish')
      .set({ ...headers, 'X-Forwarded-Prefix': '/user/me/lakeside' })
      .send({ opId: notebookId, path: 'a.ipynb' });
    expect(response.status).toBe(202);
    expect(response.headers['location']).toBe(`/user/me/lakeside/api/v1/jobs/${notebookId}`);
  });

  test('a prefix that is no path is not repeated', async () => {
    const job = {
      id: notebookId,
      kind: 'share',
      state: 'queued',
      owner: 'me',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      steps: []
    };
    const { created } = app([[routes.share.publish, () => Promise.resolve(job)]]);
    const response = await request(created)
      .post('/api/v1/share/publish')
      .set({ ...headers, 'X-Forwarded-Prefix': '"><script>' })
      .send({ opId: notebookId, path: 'a.ipynb' });
    expect(response.headers['location']).toBe(`/api/v1/jobs/${notebookId}`);
  });

  test('events are numbered and end', async () => {
    async function* stream() {
      yield { id: 1, data: { type: 'step', step: { name: 'read', state: 'running', done: 0, total: 0 } } };
      yield { id: 2, data: { type: 'step', step: { name: 'read', state: 'done', done: 1, total: 1 } } };
    }
    let after: unknown;
    const handler: AnyHandler = ({ lastEventId }) => {
      after = lastEventId;
      return Promise.resolve(stream());
    };
    const response = await request(app([[routes.jobs.events, handler]]).created)
      .get(`/api/v1/jobs/${notebookId}/events`)
      .set({ ...headers, 'Last-Event-ID': '7' });
    expect(response.type).toBe('text/event-stream');
    expect(response.text.match(/^id: \d+$/gm)).toEqual(['id: 1', 'id: 2']);
    expect(after).toBe(7);
  });

  const document = (bytes: Partial<Bytes>): [AnyRoute, AnyHandler] => [
    routes.library.document,
    () => Promise.resolve({ contentType: 'text/html; charset=utf-8', stream: chunks('<p>', 'x'), ...bytes })
  ];
  const documentPath = `/api/v1/library/notebooks/${notebookId}/versions/latest/document`;

  test('foreign HTML never leaves without its sandbox', async () => {
    const response = await request(app([document({})]).created)
      .get(documentPath)
      .set(headers);
    const policy = response.headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^sandbox /);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.text).toBe('<p>x');
  });

  test('a live figure may run its scripts but has no origin and reaches nothing', async () => {
    const response = await request(app([document({ sandbox: 'scripts' })]).created)
      .get(documentPath)
      .set(headers);
    const policy = response.headers['content-security-policy'] ?? '';
    expect(policy).toContain('sandbox allow-scripts;');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/allow-same-origin|connect-src|allow-popups/);
  });

  test('a download keeps its name and cannot break the header', async () => {
    const response = await request(app([document({ download: 'Delays "é"\r\nX: y;遅延.ipynb' })]).created)
      .get(documentPath)
      .set(headers);
    const disposition = response.headers['content-disposition'] ?? '';
    expect(disposition).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''/);
    expect(disposition).toContain(encodeURIComponent('遅延.ipynb'));
    expect(response.headers['x']).toBeUndefined();
  });

  test('an address nobody knows is a problem too', async () => {
    const response = await request(app().created).get('/api/v1/nothing').set(headers);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ code: 'not-found' });
  });
});

describe('health', () => {
  test('answers without a secret, and readiness follows the process', async () => {
    expect((await request(app().created).get('/health/ready')).status).toBe(200);
    const draining = app([], false).created;
    expect((await request(draining).get('/health/ready')).status).toBe(503);
    expect((await request(draining).get('/health/live')).status).toBe(200);
    expect((await request(draining).get('/api/v1/status').set(headers)).body).toMatchObject({ code: 'stopping' });
  });
});
