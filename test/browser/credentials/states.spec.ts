import type { Locator, Page } from '@playwright/test';
import { violations } from '../axe.js';
import { expect, labTest as test } from '../fixtures.js';
import { look } from '../look.js';
import { execute } from '../pages/app.js';
import { Credentials } from '../pages/credentials.js';
import { Lab } from '../pages/lab.js';
import { themes } from '../themes.js';
import { fullDose, startValue } from '../../support/dose.js';
import { FakedCredentials, profileOf } from './fakes.js';
import { FINDINGS, HEALTHY, ROLES, STATUS, profiles, steps, wellProfiles } from './scenes.js';

// How every state looks and reads, in each theme. The states are made by hand; what brings them about is shown by the
// other specs with real servers.

const PANEL = '#lakeside-credentials';
/** So many states of each kind are looked at in CI. */
const FEW = 2;
const DOWN = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'unavailable' } as const;

for (const theme of themes) {
  const name = theme.replace(' ', '-');

  test(`every state is readable and accessible, also at 240 pixels: ${theme}`, async ({ page, jupyter }) => {
    const lab = new Lab(page, jupyter);
    const credentials = new Credentials(page, jupyter);
    const fakes = new FakedCredentials();
    await fakes.install(page);
    await page.goto('about:blank');
    const { promise: gate, resolve: answer } = Promise.withResolvers<undefined>();
    fakes.gate = gate;
    await page.addInitScript(() => localStorage.clear());
    await lab.openEmpty();
    await lab.theme(theme);
    await execute(page, 'lakeside:credentials');
    await expect(credentials.panel.getByRole('status')).toBeVisible();
    await look(page, `panel-${name}-loading`);
    expect(await violations(page, PANEL)).toEqual([]);
    answer(undefined);
    await expect(credentials.panel).toContainText('No profile is configured');
    await look(page, `panel-${name}-empty`);
    expect(await violations(page, PANEL)).toEqual([]);

    fakes.profiles = profiles()
      .slice(0, 2)
      .map(each => profileOf(each.id, { label: each.label, colour: each.colour }));
    await credentials.button('Look again').click();
    const first = credentials.toast('Sign in once');
    await expect(first).toBeVisible();
    await expect(credentials.status).toHaveText('○ No profile in use');
    expect(await violations(page, '.Toastify__toast')).toEqual([]);
    // A picture ends animations; that of a message is its time.
    await look(page, `prompt-${name}`);
    await execute(page, 'apputils:dismiss-notification');

    for (const [state, { profile, says }] of drawn(Object.entries(STATUS))) {
      fakes.profiles = [profile()];
      fakes.active = profile().id;
      await expect(credentials.status).toHaveText(says);
      await part(page.locator('#jp-main-statusbar'), `status-${name}-${state}`);
      expect(await violations(page, '.jp-LakesideCredentials-status'), state).toEqual([]);
    }

    await panel(page, credentials, fakes, name);
    await signIns(page, credentials, fakes, name);
    await page.goto('about:blank');
  });
}

async function panel(page: Page, credentials: Credentials, fakes: FakedCredentials, name: string): Promise<void> {
  const check = async (state: string): Promise<void> => {
    await look(page, `panel-${name}-${state}`);
    // What is only narrower has the same colours and names.
    if (fullDose || !state.includes('narrow')) expect(await violations(page, PANEL), state).toEqual([]);
  };
  fakes.profiles = profiles();
  fakes.roles = ROLES;
  fakes.active = 'prod';
  fakes.findings = FINDINGS;
  await credentials.open();
  await credentials.button('My roles in Live data').click();
  await expect(credentials.panel).toContainText('May delete everything.');
  await check('full');
  await narrow(page, 240);
  await check('narrow');
  expect(await overflowing(credentials.panel)).toEqual([]);
  await credentials.button('Doctor: how kernels find keys').click();
  await expect(credentials.panel).toContainText('3 things keep kernels from their keys.');
  await credentials.button('Look again').scrollIntoViewIfNeeded();
  await check('doctor-narrow');
  expect(await overflowing(credentials.panel)).toEqual([]);
  await narrow(page);
  await check('doctor');
  fakes.findings = HEALTHY;
  fakes.profiles = wellProfiles();
  await credentials.button('Look again').click();
  await expect(credentials.panel).toContainText('Kernels find their keys.');
  await credentials.button('Look again').scrollIntoViewIfNeeded();
  await check('doctor-well');
  fakes.problem = { ...DOWN, detail: 'Lakeside is being started.', message: 'Lakeside is being started.' };
  await credentials.button('Look again').click();
  await expect(credentials.panel.getByRole('alert')).toContainText('Lakeside is being started.');
  await check('doctor-failed');
  fakes.problem = undefined;
  await credentials.button('Doctor: how kernels find keys').click();
}

async function signIns(page: Page, credentials: Credentials, fakes: FakedCredentials, name: string): Promise<void> {
  for (const [state, { profile, signIn }] of drawn(Object.entries(steps()))) {
    fakes.profiles = profiles();
    fakes.signIn = signIn;
    await expect(credentials.button('Sign in to Warehouse')).toBeVisible();
    void execute(page, 'lakeside:sign-in', { profile });
    await expect(credentials.dialog.locator('.jp-LakesideSignIn-body > *').last()).toBeVisible();
    await part(credentials.dialog.locator('.jp-Dialog-content'), `sign-in-${name}-${state}`);
    expect(await violations(page, '.jp-LakesideSignIn'), state).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(credentials.dialog).toHaveCount(0);
  }
}

/** All of them at the full dose, and where pictures are wanted; a few in CI, others for each state of the sources. */
function drawn<T>(all: readonly T[]): T[] {
  if (fullDose || process.env['SCREENSHOTS'] !== undefined) return [...all];
  const first = startValue('states');
  return Array.from({ length: FEW }, (_, at) => all[(first + at * 3) % all.length]).filter(each => each !== undefined);
}

/** A picture of a part of the window, where somebody wants to look at it. */
async function part(what: Locator, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder !== undefined) await what.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

/** Gives the side bar so many pixels. */
async function narrow(page: Page, width?: number): Promise<void> {
  await page.evaluate(pixels => {
    const panel = document.querySelector<HTMLElement>('#lakeside-credentials .jp-LakesideCredentials');
    if (panel) panel.style.width = pixels === undefined ? '' : `${pixels}px`;
  }, width);
}

/** What does not fit where it stands. */
const overflowing = (panel: Locator): Promise<string[]> =>
  panel.evaluate(node =>
    [...node.querySelectorAll<HTMLElement>('.jp-LakesideCredentials-scroll, li, p, button')]
      .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).display !== 'inline')
      .map(each => each.outerHTML.slice(0, 100))
  );
