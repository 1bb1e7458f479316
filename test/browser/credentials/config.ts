import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { DEVICE, ROLES, USER, stsTwin } from '../../support/credentials/stsTwin.js';
import type { StsTwin } from '../../support/credentials/stsTwin.js';
import { labTest } from '../fixtures.js';

/** A key id by which keys of the static profile are told from others. */
export const LAPTOP_KEY = 'AKIALAPTOP0000000001';
/** Typed in the browser, so it is the one secret that the browser knows. */
export const PASSWORD = 'warehouse-Tz8kQ4-password';

/** A `labTest` whose server has profiles of three kinds: six digits, keys by reference, a password. */
export const credentialsTest = labTest.extend<object, { sts: StsTwin; configured: string }>({
  sts: [
    async ({ playwright: _ }, use) => {
      const ends: (() => void)[] = [];
      await use(await stsTwin(systemClock, { atEnd: end => ends.push(end) }));
      for (const end of ends) end();
    },
    { scope: 'worker' }
  ],
  configured: [
    async ({ sts }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'lakeside-credentials-'));
      mkdirSync(join(folder, 'lakeside'));
      writeFileSync(join(folder, 'secret'), sts.secretAccessKey, { mode: 0o600 });
      writeFileSync(join(folder, 'secret-id'), USER.accessKeyId, { mode: 0o600 });
      writeFileSync(join(folder, 'lakeside', 'config.yml'), configOf(sts, join(folder, 'secret')));
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ],
  jupyterOptions: [
    async ({ configured }, use) =>
      use({ env: { XDG_CONFIG_HOME: configured, LAPTOP_KEY, LAPTOP_SECRET: 'laptop-Nw3vB7-secret' } }),
    { scope: 'worker' }
  ]
});

const configOf = (sts: StsTwin, secret: string): string => `profiles:
  laptop:
    kind: static
    label: Laptop
    description: Keys of this machine.
    accessKeyId: {env: LAPTOP_KEY}
    secretAccessKey: {env: LAPTOP_SECRET}
  prod:
    kind: iam-mfa
    label: Live data
    description: What customers see.
    production: true
    endpoint: ${sts.url}
    credentials:
      accessKeyId: {file: ${secret}-id}
      secretAccessKey: {file: ${secret}}
    device: ${DEVICE}
    hours: 12
    role: reader
    roles:
      - {id: reader, arn: "${ROLES.reader}", label: Reader, description: Reads all buckets., hours: 1}
      - {id: admin, arn: "${ROLES.admin}", label: Admin, description: May delete everything., hours: 1}
  warehouse:
    kind: database
    label: Warehouse
    user: ${USER.name}
    for: warehouse.example.org
`;
