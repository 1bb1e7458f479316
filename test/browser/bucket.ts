import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CLIENT, startOidcServer } from '../support/credentials/oidcServer.js';
import type { OidcServer } from '../support/credentials/oidcServer.js';
import { startCeph } from '../support/s3/ceph.js';
import { freePort } from '../support/s3/process.js';
import { makeBucket, rawClient } from '../support/s3/stores.js';
import { certifiedKey, trust } from '../support/s3/webIdentity.js';
import { labTest } from './fixtures.js';

/** How long keys live, in seconds. */
export const LIFE = 27;

/** A bucket of Ceph that opens to people of a real identity provider. */
export interface Lake {
  endpoint: string;
  bucket: string;
  provider: OidcServer;
  /** The folder with the configuration of Lakeside. */
  configured: string;
}

/** A `labTest` with a bucket on Ceph, npm oidc-provider with a second factor, and a profile of both. */
export const bucketTest = labTest.extend<object, { lake: Lake }>({
  lake: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const ceph = await startCeph(await freePort(), { givesTokens: true });
      const { endpoint, key } = ceph;
      const signing = certifiedKey();
      const provider = await startOidcServer({ key: signing.key, interval: 1 });
      const { issuer } = provider;
      const arn = await trust(endpoint, key, { issuer, audience: CLIENT, thumbprint: signing.thumbprint });
      const bucket = await makeBucket(endpoint, key);
      const owner = rawClient(endpoint, key);
      await owner.send(new PutObjectCommand({ Bucket: bucket, Key: 'flights', Body: 'x' }));
      owner.destroy();
      const configured = mkdtempSync(join(tmpdir(), 'lakeside-bucket-'));
      mkdirSync(join(configured, 'lakeside'));
      writeFileSync(
        join(configured, 'lakeside', 'config.yml'),
        `profiles:
  data:
    kind: oidc
    label: Data lake
    description: Buckets of the data team.
    issuer: ${issuer}
    clientId: ${CLIENT}
    scopes: [openid]
    endpoint: ${endpoint}/
    roles: [{id: reader, arn: '${arn}', description: Reads all buckets., hours: ${LIFE / 3600}}]
`
      );
      await use({ endpoint, bucket, provider, configured });
      rmSync(configured, { recursive: true, force: true });
      await provider.close();
      await ceph.stop();
    },
    { scope: 'worker', timeout: 300_000 }
  ],
  jupyterOptions: [
    async ({ lake }, use) =>
      use({ env: { XDG_CONFIG_HOME: lake.configured, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' } }),
    { scope: 'worker' }
  ]
});
