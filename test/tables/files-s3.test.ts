import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEVEL } from '../../contract/tables/index.js';
import { createFilesSource } from '../../server/adapters/source-files/index.js';
import type { S3Settings } from '../../server/adapters/common/s3/settings.js';
import type { TableSource } from '../../server/tables/ports.js';
import { startCeph } from '../support/s3/ceph.js';
import { freePort, type RunningServer } from '../support/s3/process.js';
import { sourceFaultSuite } from '../support/tables/faultSuite.js';
import { asking, lakeSurroundings, madeBy, namesOf, objectsOf } from '../support/tables/lake.js';

let server: RunningServer;
let made: string;

beforeAll(async () => {
  made = madeBy('test/support/tables/lake_files.py');
  server = await startCeph(await freePort());
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: server.key,
    maxAttempts: 8
  });
  await client.send(new CreateBucketCommand({ Bucket: 'lake' }));
  for (const name of globSync('**/*', { cwd: made })) {
    if (!/\.(parquet|csv|gz|json|avro)$|_SUCCESS$/.test(name)) continue;
    const Body = readFileSync(join(made, name));
    await client.send(new PutObjectCommand({ Bucket: 'lake', Key: `data/${name}`, Body }));
  }
  await client.send(new PutObjectCommand({ Bucket: 'lake', Key: 'database-of-others/a.csv', Body: 'a\n1\n' }));
  client.destroy();
});
afterAll(async () => {
  await server.stop();
  rmSync(made, { recursive: true, force: true });
});

sourceFaultSuite('files in a bucket of the real Ceph', async () => {
  const { hostname: host, port } = new URL(server.endpoint);
  const withKey = (secretAccessKey: string, endpoint: string) =>
    createFilesSource(
      {
        bucket: {
          ...{ bucket: 'lake', prefix: 'data', endpoint },
          credentials: { accessKeyId: server.key.accessKeyId, secretAccessKey: { env: 'SECRET' } }
        }
      },
      lakeSurroundings({ SECRET: secretAccessKey })
    );
  return {
    ...{ host, port: Number(port), secret: server.key.secretAccessKey },
    at: place => withKey(server.key.secretAccessKey, `http://${place.host}:${place.port}`),
    wrongSecret: () => withKey('Secret-wrong', server.endpoint),
    withoutTls: () => withKey(server.key.secretAccessKey, server.endpoint.replace('http:', 'https:')),
    large: { schema: '', table: 'many' },
    most: 16,
    remembersLists: true,
    dispose: async () => undefined
  };
});

function files(more: Partial<S3Settings> = {}): Promise<TableSource> {
  const bucket: S3Settings = {
    bucket: 'lake',
    prefix: 'data',
    endpoint: server.endpoint,
    credentials: { accessKeyId: server.key.accessKeyId, secretAccessKey: { env: 'SECRET' } },
    ...more
  };
  return createFilesSource({ bucket }, lakeSurroundings({ SECRET: server.key.secretAccessKey, WRONG: 'wrong' }));
}

describe('files in a bucket of the real Ceph', () => {
  test('the same schemas and tables as in a folder', async () => {
    const source = await files();
    const folder = await createFilesSource({ path: made }, lakeSurroundings());
    const paths = (await source.schemas(asking())).map(({ schema }) => schema);
    expect(paths.sort()).toEqual((await folder.schemas(asking())).map(({ schema }) => schema).sort());
    for (const path of paths) expect(await namesOf(source, path)).toEqual(await namesOf(folder, path));
    await source.close();
  });

  test('the same rows as in a folder', async () => {
    const source = await files();
    const folder = await createFilesSource({ path: made }, lakeSurroundings());
    for (const table of ['types_snappy', 'parts', 'codes', 'packed', 'sales', 'many'])
      expect([table, await objectsOf(source, table)]).toEqual([table, await objectsOf(folder, table)]);
    const inner = ['shelf', 'inner'].join(LEVEL);
    expect(await objectsOf(source, 'one', { schema: inner })).toHaveLength(1);
    const { location, rows, reach } = await source.facts({ schema: '', table: 'parts' }, asking());
    expect([location, rows?.count]).toEqual(['s3://lake/data/parts', 250]);
    expect(reach).toEqual({ kind: 'files', format: 'parquet', path: 's3://lake/data/parts', hive: true });
    await source.close();
  });

  test('a prefix ends at a slash: what begins alike is of others', async () => {
    const source = await files({ prefix: 'data' });
    expect(await namesOf(source)).not.toContain('a');
    await source.close();
  });

  test.each<[string, () => Partial<S3Settings>, string]>([
    [
      'a wrong secret',
      () => ({ credentials: { accessKeyId: server.key.accessKeyId, secretAccessKey: { env: 'WRONG' } } }),
      'source-signin'
    ],
    [
      'a key nobody knows',
      () => ({ credentials: { accessKeyId: 'NOBODY', secretAccessKey: { env: 'WRONG' } } }),
      'source-signin'
    ],
    ['no such bucket', () => ({ bucket: 'nowhere' }), 'source-not-found'],
    ['nobody there', () => ({ endpoint: 'http://127.0.0.1:9' }), 'source-unreachable']
  ])('%s', async (_name, more, code) => {
    const source = await files(more());
    const asked = source.schemas(asking());
    await expect(asked).rejects.toMatchObject({ code });
    await expect(asked).rejects.toThrow(/^(?!.*wrong$)/);
    expect((await source.check(asking()))[0]).toMatchObject({ state: 'failed', cure: expect.any(String) as string });
    await source.close();
  });
});
