import type { Page } from '@playwright/test';
import { violations } from '../axe.js';
import { expect } from '../fixtures.js';
import { look } from '../look.js';
import { writeNotebook } from '../notebooks.js';
import { execute } from '../pages/app.js';
import { Credentials } from '../pages/credentials.js';
import { Lab } from '../pages/lab.js';
import { ScheduleDialog } from '../pages/scheduleDialog.js';
import { themes } from '../themes.js';
import { Traffic } from '../tables/traffic.js';
import { LAPTOP_KEY, PASSWORD, credentialsTest as test } from './config.js';

// As botocore asks: again at each call near expiry, and a refusal is raised with its sentence.
const ASK = `import json, os, urllib.error, urllib.request
token = open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read()
request = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": token})
count = globals().get("count", 0) + 1
class CredentialRetrievalError(Exception): pass
try:
    keys = json.load(urllib.request.urlopen(request))
    print("attempt", count, "as", keys["AccessKeyId"][:8])
except urllib.error.HTTPError as error:
    raise CredentialRetrievalError(error.read().decode()) from None`;

test('a cell fails without keys; six digits by keyboard; the same cell runs again in the same kernel', async ({
  page,
  jupyter,
  sts
}) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  const traffic = new Traffic(page);
  await credentials.ask('/active', 'PUT', { profile: 'prod' });
  await credentials.ask('/profiles/laptop/session', 'DELETE');
  await writeNotebook(jupyter, 'keys.ipynb', ['# Keys', ASK]);
  await lab.load('keys.ipynb');

  // Nobody is signed in anywhere: it is asked for once.
  const first = credentials.toast('Sign in once, and every notebook here has keys.');
  await expect(first).toBeVisible();
  await expect(credentials.status).toHaveText('○ Live data · production · signed out');
  expect(await violations(page, '.Toastify__toast')).toEqual([]);
  await execute(page, 'apputils:dismiss-notification');
  await expect(first).toHaveCount(0);

  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await expect(lab.kernel('Idle')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  const failed = credentials.toast('The cell got no keys: you are not signed in to Live data.');
  await expect(failed).toBeVisible();
  await expect(lab.notebook).toContainText('Nobody is signed in to Live data.');
  await look(page, 'credentials-failed');
  await failed.getByRole('button', { name: 'Sign in' }).click();

  const field = credentials.dialog.getByRole('textbox');
  await expect(field).toBeFocused();
  await expect(credentials.status).toContainText('signing in');
  const wrong = sts.code() === '000000' ? '000001' : '000000';
  await page.keyboard.type(wrong);
  await expect(credentials.dialog).toContainText('2 tries left');
  await expect(field).toBeFocused();
  await expect(field).toHaveValue('');
  for (const theme of themes) {
    await lab.theme(theme);
    await look(page, `credentials-code-${theme}`);
    expect(await violations(page, '.jp-LakesideSignIn')).toEqual([]);
  }
  await page.keyboard.type(sts.code());
  await expect(credentials.dialog).toHaveCount(0);
  const welcome = credentials.toast('Signed in to Live data as ada · role reader, for 11 h 59 m.');
  await expect(welcome).toBeVisible();
  await expect(credentials.status).toHaveText(/^● Live data · production · 11 h 59 m$/);
  await look(page, 'credentials-again');
  await welcome.getByRole('button', { name: 'Re-run the failed cell' }).click();
  await expect(lab.notebook.locator('.jp-OutputArea-output')).toHaveText(/attempt 2 as ASIATWIN/);
  await look(page, 'credentials-healed');

  const said = await traffic.all();
  for (const secret of [sts.secretAccessKey, 'laptop-Nw3vB7-secret']) expect(said).not.toContain(secret);
});

test('the panel: who one is and how long, roles, switch, password, record, sign out', async ({
  page,
  jupyter,
  sts
}) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  await writeNotebook(jupyter, 'switch.ipynb', ['# Switch', ASK]);
  await lab.open('switch.ipynb');
  await credentials.status.click();
  const prod = credentials.profile('Live data');
  await expect(prod).toContainText('ada · role reader');
  await expect(prod).toContainText(/signed in · 11 h \d+ m left · renews by itself/);

  await credentials.button('My roles in Live data').click();
  await expect(prod).toContainText('May delete everything.');
  await credentials.button('Take the role Admin').click();
  await expect(credentials.toast('You have the role admin in Live data.')).toBeVisible();
  await expect(prod).toContainText('ada · role admin');

  await credentials.button('Sign in to Laptop').click();
  await expect(credentials.toast('Signed in to Laptop')).toBeVisible();
  await expect(credentials.status).toHaveText('● Laptop · signed in');
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await page.keyboard.press('Control+Enter');
  await expect(lab.notebook.locator('.jp-OutputArea-output')).toContainText(`as ${LAPTOP_KEY.slice(0, 8)}`);
  await credentials.button('Use Live data for kernels').click();
  await expect(credentials.status).toContainText('Live data');

  await credentials.button('Sign in to Warehouse').click();
  await expect(credentials.dialog.getByLabel('Password of ada')).toBeFocused();
  await look(page, 'credentials-password');
  expect(await violations(page, '.jp-LakesideSignIn')).toEqual([]);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(credentials.profile('Warehouse')).toContainText('signed in');
  await expect(credentials.status).toContainText('Live data');

  await credentials.button('Doctor: how kernels find keys').click();
  await expect(credentials.panel).toContainText('No variable of kernels holds keys.');
  await expect(credentials.panel).toContainText(/Kernels get keys at http:\/\/127\.0\.0\.1:\d+/);
  await credentials.button('Look again').scrollIntoViewIfNeeded();
  await look(page, 'credentials-doctor');
  await credentials.button('Record of keys').click();
  await expect(credentials.panel).toContainText('The record is whole.');
  await expect(credentials.panel).toContainText('Took admin of prod');
  await expect(credentials.panel).toContainText(/python.* got keys of prod/);
  await expect(page.locator('body')).not.toContainText(PASSWORD);

  // A schedule names a profile, and stands under it from then on.
  const schedule = new ScheduleDialog(page);
  await schedule.open();
  await expect(schedule.field('Credentials').getByRole('option')).toHaveText([
    'Those in use when it runs',
    'Laptop',
    'Live data'
  ]);
  await schedule.field('Credentials').selectOption('Live data');
  await schedule.field('Credentials').scrollIntoViewIfNeeded();
  await look(page, 'credentials-schedule');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await schedule.act('Save schedule').click();
  await expect(schedule.dialog).toHaveCount(0);
  await expect(prod).toContainText('Schedules that may use it');
  await credentials.button('Revoke what Switch may use').scrollIntoViewIfNeeded();
  for (const theme of themes) {
    await lab.theme(theme);
    await look(page, `credentials-panel-${theme}`);
    expect(await violations(page, '#lakeside-credentials')).toEqual([]);
    expect(await violations(page, '.jp-LakesideCredentials-status')).toEqual([]);
  }
  await narrow(page);
  await look(page, 'credentials-narrow');
  const overflow = await credentials.panel.evaluate(node =>
    [...node.querySelectorAll<HTMLElement>('.jp-LakesideCredentials-scroll, li, p, button')]
      .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
      .map(each => each.outerHTML.slice(0, 100))
  );
  expect(overflow).toEqual([]);

  await credentials.button('Sign out of Live data').click();
  await expect(credentials.toast('do not run until you sign in again: Switch.')).toBeVisible();
  await expect(credentials.status).toContainText('signed out');
  await expect(prod).not.toContainText('ada');
  await expect(prod).toContainText('the owner must sign in again');
  await credentials.button('Revoke what Switch may use').click();
  await expect(prod).not.toContainText('Schedules that may use it');
  await schedule.open();
  await schedule.field('Credentials').selectOption('Live data');
  await expect(schedule.dialog).toContainText('Nobody is signed in to Live data. Sign in first.');
  await schedule.dialog.getByRole('button', { name: 'Sign in to Live data' }).scrollIntoViewIfNeeded();
  await look(page, 'credentials-schedule-signed-out');
  await schedule.dialog.getByRole('button', { name: 'Sign in to Live data' }).click();
  await expect(credentials.dialog.getByRole('textbox')).toBeFocused();
  await page.keyboard.type(sts.code());
  await expect(credentials.dialog).toHaveCount(0);
  await expect(schedule.dialog).not.toContainText('Nobody is signed in');
  await schedule.act('Cancel').click();
  await credentials.button('Sign out of Live data').click();
  await expect(credentials.status).toContainText('signed out');
  await page.locator('.lm-MenuBar-itemLabel', { hasText: 'Credentials' }).click();
  await expect(page.getByRole('menuitem', { name: 'My Roles' })).toBeVisible();
  await look(page, 'credentials-menu');
  await page.getByRole('menuitem', { name: 'Sign in to Live data' }).click();
  await expect(credentials.dialog.getByRole('textbox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(credentials.dialog).toHaveCount(0);
  await expect(credentials.status).toContainText('signed out');
  expect(sts.calls.filter(call => call === 'GetSessionToken').length).toBeGreaterThan(0);
});

/** Gives the side bar 240 pixels. */
async function narrow(page: Page): Promise<void> {
  await page.evaluate(() => {
    const panel = document.querySelector<HTMLElement>('#lakeside-credentials .jp-LakesideCredentials');
    if (panel) panel.style.width = '240px';
  });
}
