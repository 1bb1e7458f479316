import type { Page } from '@playwright/test';
import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Credentials } from '../pages/credentials.js';
import { Lab } from '../pages/lab.js';
import { picture } from '../picture.js';
import { execute } from '../pages/app.js';
import { credentialsTest as test } from './config.js';
import { FakedCredentials, sessionOf, within } from './fakes.js';
import { FINDINGS, profiles, steps, wellProfiles } from './scenes.js';

/** As short as boto3 would be: the sentence of the endpoint is what the picture shows. */
const LIST = `import os, urllib.request
token = open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read()
ask = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers={"Authorization": token})
keys = urllib.request.urlopen(ask).read()
print("flights/2013-01.parquet", "flights/2013-02.parquet", sep="\\n")`;

/** The folder of the server is another one each time: it stands in pictures as a person's own would. */
async function tidyPath(page: Page, home: string): Promise<void> {
  await page.locator('.jp-LakesideCredentials-quiet').evaluateAll((lines, folder) => {
    for (const line of lines) line.textContent = line.textContent.replace(folder, '~/.lakeside');
  }, home);
}

/** Makes the pictures of docs/users/credentials.md in real JupyterLab: `npm run screenshots`. */
test('a cell that failed, the sign-in, the panel', async ({ page, jupyter, sts }) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  await credentials.ask('/active', 'PUT', { profile: 'prod' });
  await writeNotebook(jupyter, 'flights.ipynb', ['# Flights', LIST]);
  await lab.load('flights.ipynb');
  await lab.notebook.locator('.jp-Cell').nth(1).click();
  await expect(lab.kernel('Idle')).toBeVisible();
  await page.keyboard.press('Control+Enter');
  await credentials.toast('The cell got no keys').getByRole('button', { name: 'Sign in' }).click();
  await expect(credentials.dialog.getByRole('textbox')).toBeFocused();
  await page.keyboard.type('1234');
  await picture(page, 'credentials');
  await page.keyboard.press('Control+A');
  await page.keyboard.type(sts.code());
  await expect(credentials.dialog).toHaveCount(0);
  await credentials.toast('Signed in').getByRole('button', { name: 'Re-run the failed cell' }).click();
  await expect(lab.notebook.locator('.jp-OutputArea-output')).toContainText('2013-02');
  await credentials.open();
  await credentials.button('My roles in Live data').click();
  await credentials.button('Record of keys').click();
  await expect(credentials.panel).toContainText('The record is whole.');
  await credentials.panel.getByRole('heading', { name: /^Live data/ }).scrollIntoViewIfNeeded();
  await tidyPath(page, jupyter.home);
  await picture(page, 'credentials-panel');
});

/** States that would take hours or a broken machine, made by hand. */
test('a code to confirm, a reminder, the doctor', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  const credentials = new Credentials(page, jupyter);
  const fakes = new FakedCredentials();
  await fakes.install(page);
  await page.goto('about:blank');
  fakes.profiles = profiles().map(each => ({ ...each, trouble: undefined, session: undefined, state: 'signed-out' }));
  fakes.active = 'dev';
  fakes.signIn = steps()['device']?.signIn ?? {};
  await writeNotebook(jupyter, 'flights.ipynb', ['# Flights', LIST]);
  await lab.load('flights.ipynb');
  await expect(lab.kernel('Idle')).toBeVisible();
  await execute(page, 'apputils:dismiss-notification');
  void execute(page, 'lakeside:sign-in', { profile: 'dev' });
  await expect(credentials.dialog.locator('.jp-LakesideSignIn-userCode')).toBeVisible();
  await picture(page, 'credentials-device');
  await page.keyboard.press('Escape');
  await expect(credentials.dialog).toHaveCount(0);

  await lab.theme('dark');
  fakes.profiles = wellProfiles().map((each, at) =>
    at === 0 ? { ...each, ...sessionOf(9.5, { since: within(-60) }) } : each
  );
  await expect(credentials.toast('ends in 10 min')).toBeVisible();
  await expect(credentials.status).toContainText('ends in');
  await picture(page, 'credentials-reminder-dark');
  await lab.theme('light');
  await execute(page, 'apputils:dismiss-notification');

  fakes.profiles = wellProfiles();
  fakes.findings = FINDINGS;
  await execute(page, 'lakeside:credentials', { doctor: true });
  await expect(credentials.panel).toContainText('3 things keep kernels from their keys.');
  await credentials.button('Doctor: how kernels find keys').evaluate(button => button.scrollIntoView());
  await picture(page, 'credentials-doctor');
  await page.goto('about:blank');
});
