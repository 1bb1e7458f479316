import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEVEL } from '../../contract/tables/index.js';
import { createIcebergSource } from '../../server/adapters/source-iceberg/index.js';
import { IcebergSettings } from '../../server/adapters/source-iceberg/settings.js';
import { startCeph } from '../support/s3/ceph.js';
import { freePort, type RunningServer } from '../support/s3/process.js';
import { startNessie, type RunningCatalog } from '../support/tables/catalogs.js';
import { asking, lakeSurroundings, namesOf, objectsOf } from '../support/tables/lake.js';
import { seedIceberg } from '../support/tables/seeds.js';

describe('the real Nessie, its tables in the real Ceph', () => {
  let server: RunningServer;
  let nessie: RunningCatalog;
  beforeAll(async () => {
    server = await startCeph(await freePort());
    const { endpoint, key } = server;
    const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: key });
    await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
    client.destroy();
    nessie = await startNessie({ endpoint: server.endpoint, key: server.key, bucket: 'lake' });
  });
  afterAll(async () => {
    await nessie.stop();
    await server.stop();
  });

  test('a prefix with an encoded bar, nested namespaces, rows from the bucket', async () => {
    const { accessKeyId, secretAccessKey } = server.key;
    const properties = {
      warehouse: 'warehouse',
      's3.endpoint': server.endpoint,
      's3.access-key-id': accessKeyId,
      's3.secret-access-key': secretAccessKey,
      's3.region': 'us-east-1',
      's3.force-virtual-addressing': 'false',
      'py-io-impl': 'pyiceberg.io.pyarrow.PyArrowFileIO'
    };
    const refused = seedIceberg({
      uri: nessie.uri,
      properties,
      namespaces: [['outer'], ['outer', 'inner']],
      tables: [{ namespace: ['outer', 'inner'], name: 'orders', more: 1 }]
    });
    expect(refused).toEqual([]);
    const settings = IcebergSettings.parse({
      uri: nessie.uri,
      warehouse: 'warehouse',
      data: { s3: { endpoint: server.endpoint, credentials: { accessKeyId, secretAccessKey: { env: 'SECRET' } } } }
    });
    const lake = createIcebergSource(settings, lakeSurroundings({ SECRET: secretAccessKey }));
    const inner = ['outer', 'inner'].join(LEVEL);
    expect((await lake.schemas(asking())).map(({ schema }) => schema).sort()).toEqual(['outer', inner].sort());
    expect(await namesOf(lake, inner)).toEqual(['orders']);
    const facts = await lake.facts({ schema: inner, table: 'orders' }, asking());
    expect(facts).toMatchObject({ rows: { count: 6, estimated: false }, reach: { kind: 'iceberg' } });
    const rows = await objectsOf(lake, 'orders', { schema: inner });
    expect(rows.map(row => row['orders']).sort()).toEqual([null, null, 'one', 'one', 'two', 'two'].sort());
    expect(await lake.check(asking())).toMatchObject([{ state: 'ok' }]);
    await lake.close();
  });
});
