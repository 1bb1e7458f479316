import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { violations } from '../axe.js';
import { bucketTest as test, LIFE } from '../bucket.js';
import type { Lake } from '../bucket.js';
import { expect } from '../fixtures.js';
import { look } from '../look.js';
import { writeNotebook } from '../notebooks.js';
import { Credentials } from '../pages/credentials.js';
import { Lab } from '../pages/lab.js';
import { themes } from '../themes.js';
import { Traffic } from '../tables/traffic.js';

// All of it real: JupyterLab in Chromium, npm oidc-provider with a second factor, Ceph's gateway, which gives keys for
// tokens of the provider and refuses them after their end, and a live client of boto3.

const clientOf = ({ endpoint }: Lake): string => `import boto3
from botocore.config import Config
client = boto3.client("s3", endpoint_url="${endpoint}", config=Config(s3={"addressing_style": "path"}))
made = id(client)`;

const listOf = ({ bucket }: Lake): string =>
  `found = client.list_objects_v2(Bucket="${bucket}")
keys = client._request_signer._credentials.get_frozen_credentials()
with open("keys-of-the-kernel", "a") as file:
    print(keys.secret_key, keys.token, sep="\\n", file=file)
print([each["Key"] for each in found["Contents"]], "same client:", id(client) == made)`;

/** Confirms a code at the provider, in a tab of its own, as a person does. */
async function confirm(page: Page, { provider }: Lake, open: () => Promise<void>, person: string): Promise<void> {
  const opened = page.context().waitForEvent('page');
  await open();
  const tab = await opened;
  // The code is in the address; that it is the one that was shown is confirmed.
  await tab.getByRole('button', { name: /continue/i }).click();
  await tab.locator('input[name=login]').fill(person);
  await tab.locator('input[name=code]').fill(provider.code());
  await tab.getByRole('button', { name: 'Continue' }).click();
  await expect(tab.getByRole('heading', { name: 'consent' })).toBeVisible();
  await tab.getByRole('button', { name: 'Continue' }).click();
  await expect(tab.getByText(/success/i).first()).toBeVisible();
  await tab.close();
  // The next one types digits again.
  await page.context().clearCookies({ name: /^_(session|interaction)/ });
}

test('a bucket is listed; keys end; two clicks and six digits later the same client lists it again', async ({
  page,
  jupyter,
  lake
}) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  const traffic = new Traffic(page);
  const { dialog, status } = credentials;
  const link = dialog.getByRole('link', { name: 'Copy and open' });
  await writeNotebook(jupyter, 'bucket.ipynb', ['# Bucket', clientOf(lake), listOf(lake)]);
  await lab.load('bucket.ipynb');
  await expect(lab.kernel('Idle')).toBeVisible();

  await credentials.toast('Sign in once').getByRole('button', { name: 'Sign in' }).click();
  await expect(dialog.locator('.jp-LakesideSignIn-userCode')).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  await expect(link).toBeFocused();
  for (const theme of themes) {
    await lab.theme(theme);
    await look(page, `credentials-device-${theme}`);
    expect(await violations(page, '.jp-LakesideSignIn')).toEqual([]);
  }
  await confirm(page, lake, () => link.click(), 'ada');
  await expect(dialog).toHaveCount(0);
  await expect(status).toContainText('Data lake');
  const signedIn = Date.now();

  const output = lab.notebook.locator('.jp-Cell').nth(2).locator('.jp-OutputArea-output');
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('Control+Enter');
  await expect(output).toHaveText("['flights'] same client: True");

  await page.waitForTimeout(Math.max(0, signedIn + LIFE * 1000 - Date.now()));
  await expect(status).toContainText('session ended');
  await look(page, 'credentials-ended');
  await page.keyboard.press('Control+Enter');
  await expect(output).toContainText('The session of Data lake ended at');
  await expect(output).toContainText('CredentialRetrievalError');
  const failed = credentials.toast('The cell failed: the session of Data lake has ended.');
  await failed.getByRole('button', { name: 'Sign in' }).click();
  await expect(link).toBeFocused();
  await confirm(page, lake, () => link.click(), 'grace');

  const welcome = credentials.toast('Signed in to Data lake as grace');
  await welcome.getByRole('button', { name: 'Re-run the failed cell' }).click();
  await expect(output).toHaveText("['flights'] same client: True");
  await look(page, 'credentials-bucket');
  await expect(lab.notebook.locator('.jp-Cell').nth(2).locator('.jp-InputPrompt')).toHaveText('[4]:');

  // What the kernel got, twice, has not passed the browser; nor has a token of the provider.
  const secrets = readFileSync(join(jupyter.root, 'keys-of-the-kernel'), 'utf8').trim().split('\n');
  expect(new Set(secrets).size).toBe(4);
  const said = await traffic.all();
  expect(secrets.filter(secret => secret.length < 16 || said.includes(secret))).toEqual([]);
  expect(/\beyJ[\w-]{10,}\.eyJ/.test(said), 'a token in the traffic').toBe(false);
});
