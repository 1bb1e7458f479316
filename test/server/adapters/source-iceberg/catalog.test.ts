import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pathOf } from '../../../../contract/tables/index.js';
import { createIcebergSource } from '../../../../server/adapters/source-iceberg/index.js';
import { IcebergSettings } from '../../../../server/adapters/source-iceberg/settings.js';
import type { TableSource } from '../../../../server/tables/ports.js';
import { asking, lakeSurroundings, namesOf } from '../../../support/tables/lake.js';

interface Said {
  status?: number;
  body?: unknown;
}

/** A catalogue by hand: each question gets what `answer` says, and is noted. */
async function twin(answer: (path: string, request: IncomingMessage, body: string) => Said) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', piece => (body += String(piece)));
    request.on('end', () => {
      const path = request.url ?? '';
      asked.push(`${request.method} ${path}`);
      const { status = 200, body: said = {} } = answer(path, request, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = (settings: object = {}): TableSource => {
    const secrets = { TOKEN: 'Token-of-ana', SECRET: 'Secret-of-client' };
    const made = createIcebergSource(IcebergSettings.parse({ uri, ...settings }), lakeSurroundings(secrets));
    onTestFinished(() => made.close());
    return made;
  };
  return { asked, source, uri };
}

const config = (overrides: object = {}, endpoints?: string[]) => ({
  defaults: {},
  overrides,
  ...(endpoints && { endpoints })
});

const table = {
  metadata: {
    'format-version': 2,
    location: 's3://lake/orders',
    'current-schema-id': 0,
    schemas: [{ 'schema-id': 0, type: 'struct', fields: [{ id: 1, name: 'id', type: 'long', required: true }] }],
    'current-snapshot-id': -1,
    snapshots: []
  }
};

describe('how a catalogue is asked', () => {
  test('a prefix with an encoded bar stays as it is; one with a bar is encoded', async () => {
    for (const prefix of ['main%7Cwarehouse', 'main|warehouse']) {
      const { asked, source } = await twin(path => ({
        body: path.startsWith('/v1/config')
          ? config({ prefix })
          : path.includes('/tables/')
            ? table
            : { namespaces: [['a']] }
      }));
      const lake = source({ warehouse: 'ware house' });
      await lake.schemas(asking());
      await lake.facts({ schema: 'a', table: 'orders' }, asking());
      expect(asked[0]).toBe('GET /v1/config?warehouse=ware%20house');
      expect(asked[1]).toBe('GET /v1/main%7Cwarehouse/namespaces?pageToken=&pageSize=1000');
      expect(asked.at(-1)).toBe('GET /v1/main%7Cwarehouse/namespaces/a/tables/orders?snapshots=refs');
    }
  });

  test('levels are joined as the catalogue says; names are encoded, dots too', async () => {
    for (const [overrides, joined] of [
      [{}, 'a%20b%1Fc%2Fd'],
      [{ 'namespace-separator': '%2E' }, 'a%20b%2Ec%2Fd']
    ] as const) {
      const { asked, source } = await twin(path => ({
        body: path.startsWith('/v1/config') ? config(overrides) : table
      }));
      await source().facts({ schema: pathOf(['a b', 'c/d']), table: '..' }, asking());
      expect(asked.at(-1)).toBe(`GET /v1/namespaces/${joined}/tables/%2E%2E?snapshots=refs`);
    }
  });

  test('lists are read page by page, from an empty token on; views where there are any', async () => {
    const { asked, source } = await twin(path => {
      if (path.startsWith('/v1/config')) return { body: config({}, ['GET /v1/{prefix}/namespaces/{namespace}/views']) };
      if (path.includes('/views')) return { body: { identifiers: [{ namespace: ['a'], name: 'v' }] } };
      const token = /pageToken=([^&]*)/.exec(path)?.[1];
      const names = token === '' ? ['one', 'two'] : ['three'];
      return {
        body: {
          identifiers: names.map(name => ({ namespace: ['a'], name })),
          'next-page-token': token === '' ? 'a&b=c' : null
        }
      };
    });
    expect(await namesOf(source(), 'a')).toEqual(['one', 'three', 'two', 'v']);
    expect(asked).toContain('GET /v1/namespaces/a/tables?pageToken=a%26b%3Dc&pageSize=1000');
  });

  test('a server that gives the same page for ever is not asked for ever', async () => {
    const { asked, source } = await twin(path => ({
      body: path.startsWith('/v1/config') ? config() : { identifiers: [{ name: 'one' }], 'next-page-token': 'again' }
    }));
    await namesOf(source(), 'a');
    expect(asked.length).toBeLessThan(5);
  });

  test('a namespace without rights has its trouble, the others are shown', async () => {
    const { source } = await twin(path => {
      if (path.startsWith('/v1/config')) return { body: config() };
      if (path.includes('parent=closed')) return { status: 403, body: { error: { message: 'No way.' } } };
      return { body: { namespaces: path.includes('parent=') ? [] : [['open'], ['closed']] } };
    });
    const schemas = await source().schemas(asking());
    expect(schemas.find(({ schema }) => schema === 'open')).toEqual({ schema: 'open' });
    expect(schemas.find(({ schema }) => schema === 'closed')?.trouble).toMatchObject({ code: 'source-forbidden' });
  });
});

describe('signing in', () => {
  test('by a token, which is in no sentence', async () => {
    const { source } = await twin((_path, request) =>
      request.headers.authorization === 'Bearer Token-of-ana'
        ? { body: config() }
        : { status: 401, body: { error: { message: 'no' } } }
    );
    const asked = source({ token: { env: 'OTHER' } }).schemas(asking());
    await expect(asked).rejects.toMatchObject({ code: 'source-signin' });
    const names = source({ token: { env: 'TOKEN' } }).names('a', asking());
    await expect(names[Symbol.asyncIterator]().next()).rejects.toThrow(/^(?!.*Token-of-ana)/);
  });

  test('as a client; a token that has ended is renewed once', async () => {
    let given = 0;
    let ended = false;
    const { asked, source } = await twin((path, request, body) => {
      if (path === '/v1/oauth/tokens') {
        expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
          grant_type: 'client_credentials',
          client_id: 'lakeside',
          client_secret: 'Secret-of-client',
          scope: 'catalog'
        });
        return { body: { access_token: `t${++given}`, expires_in: 3600 } };
      }
      if (request.headers.authorization === 'Bearer t1' && ended) return { status: 419 };
      return { body: path.startsWith('/v1/config') ? config() : { namespaces: [] } };
    });
    const lake = source({ oauth: { clientId: 'lakeside', clientSecret: { env: 'SECRET' } } });
    await lake.schemas(asking());
    ended = true;
    await lake.schemas(asking());
    expect(given).toBe(2);
    expect(asked.filter(path => path.includes('oauth'))).toHaveLength(2);
  });

  test('a client that is refused', async () => {
    const { source } = await twin(path =>
      path === '/v1/oauth/tokens' ? { status: 400, body: { error: 'invalid_client' } } : { body: config() }
    );
    const lake = source({ oauth: { clientId: 'lakeside', clientSecret: { env: 'SECRET' } } });
    const [finding] = await lake.check(asking());
    expect(finding).toMatchObject({ state: 'failed', cure: expect.stringContaining('Check oauth') as string });
    expect(JSON.stringify(finding)).not.toContain('Secret-of-client');
  });
});

describe('what goes wrong', () => {
  test.each([
    [401, 'source-signin'],
    [403, 'source-forbidden'],
    [404, 'source-not-found'],
    [429, 'source-unreachable'],
    [500, 'source-failed'],
    [503, 'source-unreachable']
  ])('%i is %s, with what the catalogue says', async (status, code) => {
    const { source } = await twin(path =>
      path.startsWith('/v1/config')
        ? { body: config() }
        : { status, body: { error: { message: 'Because of\nthis.', type: 'X', code: status } } }
    );
    const asked = source().facts({ schema: 'a', table: 'orders' }, asking());
    await expect(asked).rejects.toMatchObject({ code });
    if (status !== 429 && status !== 503) await expect(asked).rejects.toThrow('(Because of this)');
  });

  test.each<[string, unknown]>([
    ['no JSON', '<html>Sign in</html>'],
    ['JSON cut off', '{"metadata": {'],
    ['JSON of another kind', { tables: [] }],
    ['a list', []]
  ])('%s', async (_name, body) => {
    const { source } = await twin(path => ({ body: path.startsWith('/v1/config') ? config() : body }));
    await expect(source().facts({ schema: 'a', table: 'orders' }, asking())).rejects.toMatchObject({
      code: 'source-failed'
    });
  });

  test('nobody there, and nobody who answers: within five seconds', async () => {
    const { source } = await twin(() => ({}));
    const began = performance.now();
    const none = source({ uri: 'http://127.0.0.1:9' });
    await expect(none.schemas(asking())).rejects.toMatchObject({ code: 'source-unreachable' });
    const hole = createServer(() => undefined);
    await new Promise<void>(done => hole.listen(0, '127.0.0.1', done));
    onTestFinished(() => hole.closeAllConnections());
    const { port } = hole.address() as AddressInfo;
    const silent = source({ uri: `http://127.0.0.1:${port}` });
    await expect(silent.schemas(asking())).rejects.toThrow(/does not answer/);
    expect(performance.now() - began).toBeLessThan(5_000);
    hole.close();
  });

  test('an address with a password is refused', () => {
    expect(IcebergSettings.safeParse({ uri: 'https://ana:secret@lake.example.org' }).success).toBe(false);
  });
});
