import type { Page } from '@playwright/test';
import { violations } from '../axe.js';
import { expect } from '../fixtures.js';
import { look } from '../look.js';
import { writeNotebook } from '../notebooks.js';
import { execute } from '../pages/app.js';
import { Credentials } from '../pages/credentials.js';
import { Lab } from '../pages/lab.js';
import { Traffic } from '../tables/traffic.js';
import { FakedCredentials, profileOf, sessionOf, within } from './fakes.js';
import { STALE, prove, teamTest as test } from './team.js';
import type { Team } from './team.js';

// Real JupyterLab in Chromium, npm oidc-provider with a second factor, boto3; the token service is a strict twin.

const WHO = ({ sts }: Team): string => `import boto3, os
client = boto3.client("sts", endpoint_url="${sts.url}", region_name="us-east-1")
print(client.get_caller_identity()["Arn"], "AWS_ACCESS_KEY_ID" in os.environ)`;

test('by keyboard alone: menu, page of the provider, six digits, back; then stale keys, and one click', async ({
  page,
  jupyter,
  team
}) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  const traffic = new Traffic(page);
  await writeNotebook(jupyter, 'who.ipynb', ['# Who', WHO(team)]);
  await lab.load('who.ipynb');
  await expect(lab.kernel('Idle')).toBeVisible();
  await credentials.toast('Sign in once').waitFor();
  await execute(page, 'apputils:dismiss-notification');
  await lab.notebook.locator('.jp-Cell').nth(1).click();

  await page.locator('.lm-MenuBar-item[tabindex="0"]').focus();
  for (let presses = 0; presses < 12; presses++) {
    if ((await page.locator('.lm-MenuBar-item:focus').innerText()) === 'Credentials') break;
    await page.keyboard.press('ArrowRight');
  }
  await page.keyboard.press('Enter');
  await expect(page.locator('.lm-Menu-item.lm-mod-active')).toHaveText(/Sign in to Team/);
  await page.keyboard.press('Enter');
  const { dialog, status } = credentials;
  const link = dialog.getByRole('link', { name: 'Open the page' });
  await expect(link).toBeFocused();
  const order = [];
  for (let presses = 0; presses < 3; presses++) {
    await page.keyboard.press('Tab');
    order.push(await page.locator(':focus').evaluate(node => node.getAttribute('aria-label') ?? node.textContent));
  }
  expect(order).toEqual(['Close', 'Cancel', 'Open the page']);

  const opened = page.context().waitForEvent('page');
  await page.keyboard.press('Enter');
  const tab = await opened;
  await prove(tab, team, 'ada');
  await expect(tab.getByText('You are signed in to Team')).toBeVisible();
  for (const colorScheme of ['light', 'dark'] as const) {
    await tab.emulateMedia({ colorScheme });
    await look(tab, `callback-${colorScheme}`);
    expect(await violations(tab, 'html')).toEqual([]);
  }
  await tab.close();
  await expect(dialog).toHaveCount(0);
  await expect(credentials.toast('Signed in to Team as ada')).toBeVisible();
  await expect(status).toHaveText(/^● Team · 59 min$/);
  expect(await page.locator(':focus').evaluate(node => node.closest('.jp-Notebook') !== null)).toBe(true);

  const output = lab.notebook.locator('.jp-OutputArea-output');
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await page.keyboard.press('Control+Enter');
  await expect(output.last()).toContainText('InvalidClientTokenId');
  await execute(page, 'lakeside:credentials', { doctor: true });
  const { panel } = credentials;
  await expect(panel).toContainText('Kernels inherit AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  await look(page, 'doctor-stale');
  await credentials.button('Take them out').click();
  await expect(credentials.toast('Taken out of the kernel that runs')).toBeVisible();
  await expect(panel).toContainText('Kernels do not inherit AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  await look(page, 'doctor-mended');
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await page.keyboard.press('Control+Enter');
  const reader = /assumed-role\/reader\/\S+ False/;
  await expect(output).toHaveText(reader);

  // The next start of the same kernel, too, for which Jupyter had noted the old environment.
  const [{ id } = { id: '' }] = (await (await jupyter.fetch('api/kernels')).json()) as { id: string }[];
  expect((await jupyter.fetch(`api/kernels/${id}/restart`, { method: 'POST' })).status).toBe(200);
  await execute(page, 'notebook:clear-all-cell-outputs');
  await expect(output).toHaveCount(0);
  await expect(lab.kernel('Idle')).toBeVisible();
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await page.keyboard.press('Control+Enter');
  await expect(output).toHaveText(reader);
  await credentials.button('Give back to new kernels').click();
  await expect(credentials.button('Take them out')).toBeVisible();

  const said = await traffic.all();
  for (const secret of Object.values(STALE)) expect(said).not.toContain(secret);
});

test('two tabs share a sign-in, also after a reload; a reminder comes once', async ({ page, jupyter, team }) => {
  const context = page.context();
  const lab = new Lab(page, jupyter);
  const one = new Credentials(page, jupyter);
  await lab.openEmpty();
  const second = await context.newPage();
  await second.goto(`${jupyter.url}lab/workspaces/second?reset&token=${jupyter.token}`);
  const two = new Credentials(second, jupyter);
  await one.open();
  await two.open();

  await one.button('Sign in to Roaming').click();
  const code = one.dialog.locator('.jp-LakesideSignIn-userCode');
  await expect(code).toHaveText(/^[A-Z]{4}-[A-Z]{4}$/);
  const shown = await code.innerText();
  await two.button('Go on with the sign-in to Roaming').click();
  await expect(two.dialog.locator('.jp-LakesideSignIn-userCode')).toHaveText(shown);
  await expect(two.dialog).toContainText('begun elsewhere');
  await page.reload();
  await one.open();
  await one.button('Go on with the sign-in to Roaming').click();
  await expect(code).toHaveText(shown);

  const opened = context.waitForEvent('page');
  await one.dialog.getByRole('link', { name: 'Copy and open' }).click();
  const tab = await opened;
  await tab.getByRole('button', { name: /continue/i }).click();
  // Whoever is signed in there already is not asked who they are.
  const login = tab.locator('input[name=login]');
  await expect(login.or(tab.getByRole('heading', { name: 'consent' }))).toBeVisible();
  if (await login.isVisible()) await prove(tab, team, 'grace');
  else await tab.getByRole('button', { name: 'Continue' }).click();
  await expect(tab.getByText(/success/i).first()).toBeVisible();
  await tab.close();
  for (const each of [one, two]) {
    await expect(each.dialog).toHaveCount(0, { timeout: 5_000 });
    await expect(each.profile('Roaming')).toContainText('signed in', { timeout: 5_000 });
    await expect(each.status).toContainText('Roaming', { timeout: 5_000 });
  }

  // Half an hour before an end nobody waits: from here on the states are made by hand.
  const fakes = new FakedCredentials();
  fakes.profiles = [profileOf('dev', { label: 'Development', ...sessionOf(9, { since: within(-60) }) })];
  fakes.active = 'dev';
  const pages: Page[] = [page, second];
  for (const each of pages) {
    const url = each.url();
    // A reminder that came before the reload would count as told.
    await each.goto('about:blank');
    await fakes.install(each);
    await each.goto(url);
  }
  for (const each of [one, two]) await expect(each.status).toHaveText(/^! Development · ends in \d min$/);
  const reminders = [one, two].map(each => each.toast('Your session of Development ends in'));
  const count = async (): Promise<number> =>
    (await Promise.all(reminders.map(each => each.count()))).reduce((sum, each) => sum + each, 0);
  await expect.poll(count).toBe(1);
  await page.waitForTimeout(2_000);
  expect(await count()).toBe(1);
  await page.goto('about:blank');
});
