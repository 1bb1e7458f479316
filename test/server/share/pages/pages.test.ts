import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import * as fc from 'fast-check';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../../../server/adapters/memory/log.js';
import { problemHandler } from '../../../../server/http/problem.js';
import { createPages } from '../../../../server/share/pages/index.js';
import { cleanPrefix, shell } from '../../../../server/share/pages/shell.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lakeside-pages-'));
  writeFileSync(join(directory, 'library.js'), 'export {};');
  writeFileSync(join(directory, 'library.css'), 'body {}');
  writeFileSync(join(directory, 'chunk-ABC.js'), '1;');
  writeFileSync(join(directory, 'secret.txt'), 'not for anybody');
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function site(): request.Agent {
  const app = express();
  app.use('/library', createPages({ directory }));
  app.use(problemHandler(createMemoryLog()));
  return request(app);
}

const linkOf = (html: string, kind: 'src' | 'href') =>
  new RegExp(`${kind}="([^"]*library\\.(?:js|css)[^"]*)"`).exec(html)?.[1] ?? '';

describe('the shell', () => {
  test('is the same page at every address of the Library', async () => {
    const bodies = new Set<string>();
    for (const path of ['', '/', '/notebooks/01', '/notebooks/01/diff?from=a', '/groups/a%2Fb', '/deleted']) {
      const { status, text, type } = await site().get(`/library${path}`);
      expect([status, type]).toEqual([200, 'text/html']);
      bodies.add(text);
    }
    expect(bodies.size).toBe(1);
  });

  test('goes out under a policy that runs our script only, and is never stored', async () => {
    const { headers } = await site().get('/library');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer'
    });
  });

  test('holds no script or style of its own', async () => {
    const { text } = await site().get('/library');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=/);
  });

  test('puts the prefix of the proxy before every address', async () => {
    const prefix = '/user/j%C3%BCrgen@example.org/lakeside';
    const { text } = await site().get('/library/notebooks/01').set('X-Forwarded-Prefix', prefix);
    expect(text).toContain(`<meta name="lakeside-base" content="${prefix}">`);
    expect(linkOf(text, 'src')).toMatch(new RegExp(`^${prefix}/library/static/library\\.js\\?v=[0-9a-f]{16}$`));
    expect(linkOf(text, 'href')).toMatch(/\/library\/static\/library\.css\?v=[0-9a-f]{16}$/);
  });

  test.each([
    '//evil.example/x',
    '/a//b',
    '/"><script>alert(1)</script>',
    '/a/../b',
    '/%2e%2e/b',
    '/a b',
    'https://evil.example',
    '/a?x=1',
    '/a#x',
    '/a\\b'
  ])('takes no prefix that is none: %s', async prefix => {
    const { text } = await site().get('/library').set('X-Forwarded-Prefix', prefix);
    expect(text).toContain('<meta name="lakeside-base" content="">');
    expect(linkOf(text, 'src')).toMatch(/^\/library\/static\//);
  });

  test('whatever the prefix says, it stays inside its attributes and on this host', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary-ascii' }), given => {
        const prefix = cleanPrefix(given);
        expect(new URL(`${prefix}/library`, 'http://here').host).toBe('here');
        const html = shell({ prefix: given, script: 'library.js', style: 'library.css' });
        expect(html.match(/<script/g)).toHaveLength(1);
        expect(html.match(/<link/g)).toHaveLength(2);
      })
    );
  });
});

describe('the files of the pages', () => {
  test('last for ever under the address with their hash', async () => {
    const { text } = await site().get('/library');
    const { headers, text: script } = await site().get(linkOf(text, 'src'));
    expect(script).toBe('export {};');
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'private, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff'
    });
    const chunk = await site().get('/library/static/chunk-ABC.js');
    expect(chunk.headers['cache-control']).toContain('immutable');
  });

  test('are asked for again under any other address', async () => {
    for (const query of ['', '?v=', '?v=0123456789abcdef', '?v=a&v=b']) {
      const { headers } = await site().get(`/library/static/library.css${query}`);
      expect(headers['cache-control']).toBe('private, no-cache');
      const again = await site()
        .get(`/library/static/library.css${query}`)
        .set('If-None-Match', headers['etag'] ?? '');
      expect(again.status).toBe(304);
    }
  });

  test.each(['secret.txt', '..%2fsecret.txt', '%2e%2e%2fpackage.json', 'library.js%00', 'nothing.js', 'toString'])(
    'are only those of the pages: %s',
    async name => {
      const { status, body } = await site().get(`/library/static/${name}`);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'not-found' });
    }
  );

  test('that were not built are said to be missing, until they are there', async () => {
    rmSync(join(directory, 'library.js'));
    const agent = site();
    const { status, body } = await agent.get('/library');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'unavailable', message: expect.stringContaining('npm run build') as string });
    writeFileSync(join(directory, 'library.js'), '');
    expect((await agent.get('/library')).status).toBe(200);
  });

  test('are changed by nobody', async () => {
    for (const method of ['post', 'put', 'delete'] as const) {
      const { status } = await site()[method]('/library/static/library.js');
      expect(status).toBe(404);
    }
  });
});
