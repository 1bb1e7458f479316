import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pathOf } from '../../contract/tables/index.js';
import { createIcebergSource } from '../../server/adapters/source-iceberg/index.js';
import { IcebergSettings } from '../../server/adapters/source-iceberg/settings.js';
import { snippetsOf } from '../../server/tables/code/index.js';
import type { TableSource } from '../../server/tables/ports.js';
import { dose } from '../support/dose.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { startIcebergRest, type RunningCatalog } from '../support/tables/catalogs.js';
import { hostileNames } from '../support/tables/hostileNames.js';
import { runKernel } from '../support/tables/kernels.js';
import { asking, lakeSurroundings, namesOf, objectsOf } from '../support/tables/lake.js';
import { seedIceberg } from '../support/tables/seeds.js';
import { sourceFaultSuite } from '../support/tables/faultSuite.js';
import { tableSourceSuite } from '../support/tables/sourceSuite.js';

let catalog: RunningCatalog;
let round = 0;

function seed(given: object): [string, string][] {
  return seedIceberg({ uri: catalog.uri, location: `file://${catalog.warehouse}/seed`, round: round++, ...given });
}

function source(settings: object = {}): TableSource {
  return createIcebergSource(
    IcebergSettings.parse({ uri: catalog.uri, data: { path: catalog.warehouse }, ...settings }),
    lakeSurroundings()
  );
}

// The server refuses these in addresses, whoever asks.
// eslint-disable-next-line no-control-regex -- control characters are among them
const accepts = (name: string): boolean => !/[/\\%;\0-\u001f\u007f]|^\.{1,2}$|^\s|\s$|\u00a0|\ufeff/.test(name);

beforeAll(async () => {
  catalog = await startIcebergRest();
});
afterAll(() => catalog.stop());

tableSourceSuite("Iceberg's own REST server", async () => {
  seed({ namespaces: [['suite']] });
  seed({ tables: [{ namespace: ['suite'], name: '_wide', kind: 'wide' }] });
  const made = source();
  return {
    source: made,
    schema: 'suite',
    names: { longest: 60, accepts, least: 190 },
    seed: async tables => {
      expect(seed({ tables: tables.map(name => ({ namespace: ['suite'], name })) })).toEqual([]);
    },
    drop: async name => {
      seed({ drop: [{ namespace: ['suite'], name }] });
    },
    wide: { schema: 'suite', table: '_wide' },
    dispose: () => made.close()
  };
});

sourceFaultSuite("Iceberg's own REST server", async () => {
  seed({ namespaces: [['large']] });
  // Its description is what comes through the proxy; its rows lie in the folder.
  seed({ tables: [{ namespace: ['large'], name: 'columns', kind: 'columns' }] });
  const refusing = createServer((_request, response) => response.writeHead(401).end('{}'));
  await new Promise<void>(done => refusing.listen(0, '127.0.0.1', done));
  const { port } = refusing.address() as AddressInfo;
  const token = { token: { env: 'KEY' } };
  const at = (place: { host: string; port: number }) =>
    createIcebergSource(
      IcebergSettings.parse({ uri: `http://${place.host}:${place.port}`, data: { path: catalog.warehouse }, ...token }),
      lakeSurroundings({ KEY: 'Token-of-the-suite' })
    );
  return {
    host: '127.0.0.1',
    port: catalog.port,
    secret: 'Token-of-the-suite',
    at,
    // The server knows no tokens: one that refuses stands in its place.
    wrongSecret: () => at({ host: '127.0.0.1', port }),
    large: { schema: 'large', table: 'columns' },
    dispose: async () => {
      refusing.closeAllConnections();
      refusing.close();
    }
  };
});

test('nested namespaces, snapshots and pages', async () => {
  seed({ namespaces: [['outer'], ['outer', 'inner'], ['outer', 'inner', 'deep']] });
  seed({ tables: [{ namespace: ['outer', 'inner', 'deep'], name: 'orders', more: 2 }] });
  const lake = source();
  const deep = pathOf(['outer', 'inner', 'deep']);
  const schemas = (await lake.schemas(asking())).map(({ schema }) => schema);
  expect(schemas).toEqual(expect.arrayContaining(['outer', pathOf(['outer', 'inner']), deep]));
  expect(await namesOf(lake, deep)).toEqual(['orders']);
  const facts = await lake.facts({ schema: deep, table: 'orders' }, asking());
  expect(facts).toMatchObject({
    rows: { count: 9, estimated: false },
    format: 'Iceberg v2',
    reach: { kind: 'iceberg', identifier: ['outer', 'inner', 'deep', 'orders'] }
  });
  // Two of them are told by the log alone: only snapshots with a name are asked for.
  expect(facts.snapshots).toHaveLength(3);
  const oldest = facts.snapshots?.at(-1)?.id ?? '';
  expect(await objectsOf(lake, 'orders', { schema: deep, snapshot: oldest })).toHaveLength(3);
  expect(await objectsOf(lake, 'orders', { schema: deep })).toHaveLength(9);
  await lake.close();
});

test('files outside of the folder that the settings name are not read', async () => {
  const lake = source({ data: { path: '/nowhere' } });
  const asked = lake.rows({ schema: 'suite', table: '_wide' }, { limit: 1, maxBytes: 1000 }, asking());
  await expect(asked).rejects.toMatchObject({ code: 'source-forbidden' });
  const facts = await lake.facts({ schema: 'suite', table: '_wide' }, asking());
  expect(facts.columns).toHaveLength(2);
  await lake.close();
});

const { runs, seed: order } = dose('hostile names whose inserted code runs on an Iceberg catalogue', {
  ci: 20,
  full: 300
});

test('in a kernel the code that is inserted runs, and %%sql completes names', async () => {
  const random = randomNumbers(order);
  const places = hostileNames(60, accepts).map(name => ({ name, place: random() }));
  const names = places
    .sort((one, other) => one.place - other.place)
    .map(({ name }) => name)
    .slice(0, runs);
  const outer = `kernel${round}`;
  const namespace = [outer, 'in "it'];
  const quoted = `"${outer}.in ""it"`;
  seed({ namespaces: [[outer], namespace] });
  expect(seed({ tables: ['from_kernel', ...names].map(name => ({ namespace, name })) })).toEqual([]);
  const lake = source();
  const schema = pathOf(namespace);
  const asked: { name: string; label: string; code: string }[] = [];
  for (const name of ['from_kernel', ...names]) {
    const { reach, columns } = await lake.facts({ schema, table: name }, asking());
    const snippets = snippetsOf('ice', { schema, table: name }, reach, columns);
    for (const { language, label, code } of snippets) if (language === 'python') asked.push({ name, label, code });
  }
  await lake.close();
  expect(new Set(asked.map(({ label }) => label))).toEqual(new Set(['%%sql', 'pandas', 'PyArrow', 'Polars']));
  const ran = runKernel(
    { ice: { kind: 'iceberg', uri: catalog.uri, data: { path: catalog.warehouse } } },
    {
      cells: asked.map(({ name, code }) => [code, name]),
      completions: [
        ['ice', `SELECT * FROM ${quoted}.fro|`],
        ['ice', 'SELECT * FROM from_k|'],
        ['ice', `SELECT o.| FROM ${quoted}.from_kernel o`]
      ]
    }
  );
  const wrong = asked.map((each, at) => ({ ...each, read: ran.frames[at] }));
  expect(wrong.filter(({ read }) => JSON.stringify(read) !== '["one","two",null]')).toEqual([]);
  expect(ran.names).toEqual([['from_kernel'], [`${quoted}.from_kernel`], ['id', 'from_kernel']]);
});
