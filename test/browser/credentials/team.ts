import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { CLIENT, startOidcServer } from '../../support/credentials/oidcServer.js';
import type { OidcServer } from '../../support/credentials/oidcServer.js';
import { ROLES, stsTwin } from '../../support/credentials/stsTwin.js';
import type { StsTwin } from '../../support/credentials/stsTwin.js';
import { freePort } from '../../support/s3/process.js';
import { expect, labTest } from '../fixtures.js';

/** Keys in the environment of Jupyter that nobody knows any more. */
export const STALE = { AWS_ACCESS_KEY_ID: 'AKIASTALE00000000001', AWS_SECRET_ACCESS_KEY: 'stale-Vw5jR8-secret' };

/** People of a real identity provider, and a strict twin of AWS's token service that trusts it. */
export interface Team {
  provider: OidcServer;
  sts: StsTwin;
  configured: string;
}

/** A `labTest` with a profile for each way to sign in at a provider, and stale keys where Jupyter was started. */
export const teamTest = labTest.extend<object, { team: Team }>({
  team: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const redirect = `http://127.0.0.1:${await freePort()}/callback`;
      const provider = await startOidcServer({ redirects: [redirect], interval: 1 });
      const trusted = { issuer: provider.issuer, audience: CLIENT };
      const ends: (() => void)[] = [];
      const sts = await stsTwin(systemClock, { trusted, atEnd: end => ends.push(end) });
      const configured = mkdtempSync(join(tmpdir(), 'lakeside-team-'));
      mkdirSync(join(configured, 'lakeside'));
      const profile = (label: string, more: string): string => `    kind: oidc
    label: ${label}
    issuer: ${provider.issuer}
    clientId: ${CLIENT}
    scopes: [openid]
    endpoint: ${sts.url}/
    roles: [{id: reader, arn: '${ROLES.reader}', description: Reads all buckets.}]
    ${more}
`;
      const text = `profiles:\n  team:\n${profile('Team', `flow: code\n    redirect: ${redirect}`)}  roaming:\n${profile('Roaming', 'flow: device')}`;
      writeFileSync(join(configured, 'lakeside', 'config.yml'), text);
      await use({ provider, sts, configured });
      rmSync(configured, { recursive: true, force: true });
      for (const end of ends) end();
      await provider.close();
    },
    { scope: 'worker' }
  ],
  jupyterOptions: [
    async ({ team }, use) =>
      use({
        env: { ...STALE, XDG_CONFIG_HOME: team.configured, AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'us-east-1' }
      }),
    { scope: 'worker' }
  ]
});

/** Proves at the provider who one is, with the keyboard alone. */
export async function prove(tab: Page, { provider }: Team, person: string): Promise<void> {
  await tab.locator('input[name=login]').focus();
  await tab.keyboard.type(person);
  await tab.keyboard.press('Tab');
  await tab.keyboard.type(provider.code());
  await tab.keyboard.press('Enter');
  await expect(tab.getByRole('heading', { name: 'consent' })).toBeVisible();
  await tab.getByRole('button', { name: 'Continue' }).focus();
  await tab.keyboard.press('Enter');
}
