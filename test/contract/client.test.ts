import { describe, expect, test } from 'vitest';
import { createClient, toProblemError } from '../../contract/client.js';
import type { Answer, Call } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';
import { routes } from '../../contract/routes.js';

const notebookId = '01JDA6C3P0000000000000000A';

function recorder(answer: Answer) {
  const calls: Call[] = [];
  const client = createClient({
    send: call => {
      calls.push(call);
      return Promise.resolve(answer);
    }
  });
  return { client, calls };
}

describe('the typed client', () => {
  test('fills the path in, escapes it, and leaves undefined parts of the query out', async () => {
    const { client, calls } = recorder({
      kind: 'json',
      body: { items: [], total: 0, more: false, asOf: '2026-01-01T00:00:00.000Z' }
    });
    await client.call(routes.library.list, { query: { q: 'a&b ü', tag: undefined, limit: 5 } });
    expect(calls[0]?.url).toBe('/library/notebooks?q=a%26b+%C3%BC&limit=5');
  });

  test('refuses what the contract refuses before anything is sent, and names the field', async () => {
    const { client, calls } = recorder({ kind: 'empty' });
    const call = client.call(routes.library.change, { params: { notebookId }, body: { tags: ['ok', 'x'.repeat(65)] } });
    await expect(call).rejects.toMatchObject({ code: 'invalid', errors: [{ field: 'tags.1' }] });
    expect(calls).toEqual([]);
  });

  test('refuses fields it does not know, so that a misspelt one is not lost', async () => {
    const { client } = recorder({ kind: 'empty' });
    const body = { titel: 'x' } as unknown as { title: string };
    await expect(client.call(routes.library.change, { params: { notebookId }, body })).rejects.toThrow(/titel/);
  });

  test('an answer of another shape is our fault and says so', async () => {
    const { client } = recorder({ kind: 'json', body: { version: 1 } });
    await expect(client.call(routes.system.status, {})).rejects.toMatchObject({ code: 'internal' });
    const other = recorder({ kind: 'empty' });
    await expect(other.client.call(routes.system.status, {})).rejects.toMatchObject({ code: 'internal' });
  });

  test('a problem travels whole', () => {
    const sent = new ProblemError('invalid', 'No.', {
      errors: [{ field: 'title', message: 'must not be empty' }],
      retryAfter: 3
    });
    const problem = sent.toProblem('r1');
    expect(problem.message).toBe(problem.detail);
    expect(toProblemError(422, JSON.parse(JSON.stringify(problem)))).toMatchObject({
      code: 'invalid',
      status: 422,
      message: 'No.',
      requestId: 'r1',
      retryAfter: 3,
      errors: sent.errors
    });
  });

  test.each([
    [404, {}, 'not-found'],
    [403, { message: 'XSRF' }, 'forbidden'],
    [502, '<html>', 'unavailable']
  ])('a foreign %i becomes a problem', (status, body, code) => {
    expect(toProblemError(status, body)).toMatchObject({ code });
  });
});
