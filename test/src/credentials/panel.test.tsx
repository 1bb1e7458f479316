import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { CredentialsModel } from '../../../src/credentials/credentialsModel.js';
import { createActions } from '../../../src/credentials/panel/actions.js';
import { PanelView } from '../../../src/credentials/panel/panelView.js';
import { StatusLine } from '../../../src/credentials/status/item.js';
import { TransProvider } from '../../../src/ui/trans.js';
import { FakeCredentials, at, profileOf, sessionOf, ulidOf } from './support.js';

const trans = nullTranslator.load('lakeside');
afterEach(cleanup);

const DEV = profileOf('dev', {
  label: 'Development',
  ...sessionOf(432.4, { role: 'reader', renewable: true, renewableUntil: at(432.4) })
});
const PROD = profileOf('prod', { label: 'Live', production: true, colour: 'red', description: 'What customers see.' });
const WAREHOUSE = profileOf('warehouse', { opens: 'database', method: 'password', kind: 'database' });

async function show(change: (fake: FakeCredentials) => void = () => undefined) {
  const fake = new FakeCredentials();
  fake.overview = {
    profiles: [DEV, PROD, WAREHOUSE],
    active: 'dev',
    store: { key: 'file', detail: 'Sessions are encrypted with a key in a file.' },
    now: at(0)
  };
  change(fake);
  const model = new CredentialsModel({ client: fake.client, background: fake.client, clock: () => Date.now() });
  const takeOut = vi.fn(async () => ({ done: 1, later: 0, missed: 0 }));
  const said = { signIn: vi.fn(), takeOut, done: vi.fn(), failed: vi.fn() };
  const actions = createActions({ model, trans, ...said });
  const onOpen = vi.fn();
  render(
    <TransProvider trans={trans}>
      <PanelView model={model} actions={actions} rolesOf={undefined} doctorOpen={false} />
      <StatusLine model={model} onOpen={onOpen} />
    </TransProvider>
  );
  await act(() => model.refresh());
  return { fake, model, onOpen, ...said };
}
const card = (name: string) => screen.getByRole('heading', { name }).closest('li')!;
const names = (element: HTMLElement) =>
  within(element)
    .getAllByRole('button')
    .map(each => each.textContent);
const click = (name: string | RegExp) => act(async () => void fireEvent.click(screen.getByRole('button', { name })));

describe('the panel', () => {
  test('says who one is and how long, first of all; and each profile with what can be done', async () => {
    await show();
    expect(screen.getByText('Development · 7 h 12 m', { selector: 'span' })).toBeTruthy();
    expect(card('Development kernels').textContent).toContain('ada · role reader');
    expect(names(card('Development kernels'))).toEqual(['Refresh', 'Sign in anew', 'Sign out', '▸ My roles']);
    expect(names(card('Live production'))).toEqual(['Sign in', 'Use for kernels', '▸ My roles']);
    expect(names(card('warehouse'))).toEqual(['Sign in']);
    expect(screen.getByText('Sessions are encrypted with a key in a file.')).toBeTruthy();
  });

  test('does what its buttons say, and says so', async () => {
    const { fake, signIn, done, failed } = await show();
    await click('Sign in to Live');
    expect(signIn).toHaveBeenCalledWith('prod');
    await click('Use Live for kernels');
    expect(fake.bodies('credentials.switch')).toEqual([{ profile: 'prod' }]);
    expect(done).toHaveBeenLastCalledWith('Running kernels use Live from their next call on.');
    await act(async () => void fireEvent.click(screen.getByRole('checkbox')));
    expect(fake.bodies('credentials.autoRefresh')).toEqual([{ on: false }]);
    fake.failures.push({ id: 'credentials.refresh', error: new ProblemError('credential-busy', 'Too many.') });
    await click('Fetch new keys of Development');
    expect(failed).toHaveBeenCalledWith(
      'Development has no new keys.',
      expect.objectContaining({ message: 'Too many.' })
    );
    await click('Sign out of Development');
    expect(names(card('Development'))).toEqual(['Sign in', 'Use for kernels', '▸ My roles']);
  });

  test('shows the roles, what each may do, and takes one; without a session by a sign-in', async () => {
    const { fake, signIn } = await show(given => {
      given.roles = [
        { id: 'reader', label: 'Reader', description: 'Reads all.', current: true },
        { id: 'admin', label: 'Admin', description: 'May delete.', current: false }
      ];
    });
    await click('My roles in Development');
    expect(card('Development kernels').textContent).toContain('May delete.');
    expect(card('Development kernels').textContent).toContain('yours now');
    await click('Take the role Admin');
    expect(fake.bodies('credentials.takeRole')).toEqual([{ role: 'admin' }]);
    await click('My roles in Development');
    await click('My roles in Live');
    await click('Take the role Admin');
    expect(signIn).toHaveBeenCalledWith('prod', 'admin');
  });

  test('says why roles cannot be had, and asks again', async () => {
    const { fake } = await show(given =>
      given.failures.push({ id: 'credentials.roles', error: new ProblemError('credential-unreachable', 'No way.') })
    );
    await click('My roles in Live');
    expect(screen.getByRole('alert').textContent).toContain('No way.');
    fake.roles = [];
    await click('Retry');
    expect(screen.getByText('There are no roles to take.')).toBeTruthy();
  });

  test('shows the record, and what is wrong with it', async () => {
    const entry = { number: 3, at: at(-1), event: 'handed-out', profile: 'dev', by: 'system' } as const;
    const { fake } = await show(given => {
      given.audit = { entries: [entry], total: 3, whole: true, detail: '' };
    });
    await click('Record of keys');
    expect(screen.getByText('An unknown program got keys of dev')).toBeTruthy();
    expect(screen.getByText('The record is whole.')).toBeTruthy();
    expect(screen.getByText('2 earlier entries: lakeside credentials audit')).toBeTruthy();
    fake.audit = { entries: [], total: 0, whole: false, detail: 'Line 2 was changed.' };
    await click('Record of keys');
    await click('Record of keys');
    expect(screen.getByText('Line 2 was changed.')).toBeTruthy();
  });

  test('has the doctor look, and do what it offers', async () => {
    const { fake } = await show(given => {
      const fix = { id: 'rename-section', label: 'Rename [default]' };
      const cure = 'Give the section another name.';
      given.findings.push(
        { id: 'shadowing-file', state: 'failed', detail: 'The file wins over every sign-in.', cure, fix },
        { id: 'region', state: 'warning', detail: 'Kernels have no region.', cure: 'Write one.' }
      );
    });
    await click('Doctor: how kernels find keys');
    expect(screen.getByText('One thing keeps kernels from their keys.')).toBeTruthy();
    expect(screen.getByText('Give the section another name.')).toBeTruthy();
    expect(screen.getAllByRole('img').map(each => each.getAttribute('aria-label'))).toEqual(
      expect.arrayContaining(['Good', 'In the way', 'To know'])
    );
    fake.failures.push({ id: 'credentials.fix', error: new ProblemError('conflict', 'Nothing to mend there.') });
    await click('Rename [default]');
    expect(screen.getByRole('alert').textContent).toBe('Nothing to mend there.');
    await click('Rename [default]');
    expect(fake.bodies('credentials.fix')).toEqual([{ fix: 'rename-section' }, { fix: 'rename-section' }]);
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByText('Nothing is broken; one thing to know.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Rename [default]' })).toBeNull();
    fake.findings = [{ id: 'variables', state: 'ok', detail: 'No variable of kernels holds keys.' }];
    await click('Look again');
    expect(screen.getByText('Kernels find their keys.')).toBeTruthy();
  });

  test('lists the schedules that may use a profile, takes that from one, and says at a sign-out which stop', async () => {
    const common = { schedule: ulidOf(7), profile: 'dev', since: at(-60) };
    const { fake, done, failed } = await show(given => {
      given.overview.grants = [
        { ...common, id: ulidOf(1), name: 'Morning delays', role: 'reader', state: 'ready' },
        { ...common, id: ulidOf(2), name: 'Weekly', state: 'stopped', trouble: 'The owner must sign in again.' },
        { ...common, id: ulidOf(3), name: 'Elsewhere', profile: 'prod', state: 'ready' }
      ];
    });
    const list = () => within(screen.getAllByRole('region', { name: 'Schedules that may use it' })[0]!);
    expect(
      list()
        .getAllByRole('listitem')
        .map(each => each.textContent)
    ).toEqual(['Morning delaysas reader, also while you are awayRevoke', 'WeeklyThe owner must sign in again.Revoke']);
    expect(card('Live production').textContent).toContain('Elsewherealso while you are away');
    expect(within(card('warehouse')).queryByText('Schedules that may use it')).toBeNull();
    await click('Revoke what Weekly may use');
    expect(fake.calls.filter(({ id }) => id === 'credentials.revoke').map(({ params }) => params)).toEqual([
      { grantId: ulidOf(2) }
    ]);
    expect(done).toHaveBeenLastCalledWith('Weekly may not use dev any more.');
    expect(screen.queryByText('Weekly')).toBeNull();
    fake.failures.push({ id: 'credentials.revoke', error: new ProblemError('unavailable', 'It does not answer.') });
    await click('Revoke what Morning delays may use');
    expect(failed).toHaveBeenCalledWith('Morning delays may still use dev.', expect.anything());
    await click('Sign out of Development');
    expect(done).toHaveBeenLastCalledWith(
      'Signed out of Development. Its keys are wiped from this server. Schedules that do not run until you sign in again: Morning delays.'
    );
  });

  test('takes variables out of kernels that run, with the fix that withholds them from new ones', async () => {
    const unset = ['AWS_ACCESS_KEY_ID'];
    const fix = { id: 'withhold-variables', label: 'Take them out', unset };
    const { fake, takeOut, done } = await show(given => {
      given.findings = [{ id: 'variables', state: 'failed', detail: 'Kernels inherit keys.', fix }];
    });
    await click('Doctor: how kernels find keys');
    fake.failures.push({ id: 'credentials.fix', error: new ProblemError('conflict', 'Nothing to mend there.') });
    await click('Take them out');
    expect(takeOut).not.toHaveBeenCalled();
    await click('Take them out');
    expect(takeOut).toHaveBeenCalledWith(unset);
    expect(done).toHaveBeenCalledWith(expect.stringMatching(/^Taken out of the kernel that runs, and of those/));
  });

  test('checks again what no click mends', async () => {
    const { fake } = await show(given => {
      given.findings = [{ id: 'endpoint', state: 'failed', detail: 'It does not answer.' }];
    });
    await click('Doctor: how kernels find keys');
    fake.findings = [{ id: 'endpoint', state: 'ok', detail: 'Kernels get keys.' }];
    await click('Check again: It does not answer.');
    expect(screen.getByText('Kernels find their keys.')).toBeTruthy();
  });

  test('says what went wrong with a profile', async () => {
    await show(given => given.change('dev', { trouble: { message: 'The role was taken away.', code: 'x' } }));
    expect(card('Development kernels').textContent).toContain('The role was taken away.');
  });

  test('teaches where there is no profile; the status bar is empty of it', async () => {
    const { fake, model } = await show(given => {
      given.overview = { profiles: [], now: at(0) };
    });
    expect(screen.getByText('No profile is configured')).toBeTruthy();
    fake.overview = { profiles: [PROD], now: at(0) };
    await click('Look again');
    expect(card('Live production')).toBeTruthy();
    expect(model.state.overview?.profiles).toHaveLength(1);
  });

  test('says why nothing can be shown, and keeps what is known', async () => {
    const error = new ProblemError('unavailable', 'It does not answer.');
    const { fake, model } = await show(given => {
      given.failures.push({ id: 'credentials.overview', error }, { id: 'credentials.overview', error });
    });
    expect(screen.getByRole('alert').textContent).toContain('It does not answer.');
    await click('Retry');
    expect(card('Development kernels')).toBeTruthy();
    fake.failures.push({ id: 'credentials.overview', error });
    await act(() => model.refresh());
    expect(screen.getByRole('alert').textContent).toContain('This may be out of date. It does not answer.');
    expect(card('Development kernels')).toBeTruthy();
  });
});

describe('the status bar', () => {
  const line = () => document.querySelector('.jp-LakesideCredentials-line')?.textContent;

  test('says each state by shape and word, and opens the panel', async () => {
    const { fake, model, onOpen } = await show();
    const shown = async (id: string, more: object) => {
      fake.overview = { ...fake.overview, active: id };
      fake.change(id, more);
      await act(() => model.refresh());
      return line();
    };
    expect(line()).toBe('● Development · 7 h 12 m');
    fireEvent.click(document.querySelector('.jp-LakesideCredentials-line')!);
    expect(onOpen).toHaveBeenCalledOnce();
    expect(await shown('prod', {})).toBe('○ Live · production · signed out');
    expect(await shown('prod', { signIn: '01JD0000000000000000000001' })).toBe('◐ Live · production · signing in');
    expect(await shown('prod', { signIn: undefined, ...sessionOf(5.4) })).toBe('! Live · production · ends in 5 min');
    expect(await shown('prod', sessionOf(-5))).toBe('✕ Live · production · session ended');
    delete fake.overview.active;
    await act(() => model.refresh());
    expect(line()).toBe('○ No profile in use');
  });
});
