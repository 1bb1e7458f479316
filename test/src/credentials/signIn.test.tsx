import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { SignIn } from '../../../contract/credentials/index.js';
import { SignInBody } from '../../../src/credentials/signIn/body.js';
import { SignInModel } from '../../../src/credentials/signIn/signInModel.js';
import { FakeCredentials, profileOf, ulidOf } from './support.js';

const trans = nullTranslator.load('lakeside');
const copied = vi.hoisted(() => vi.fn(async () => true));
vi.mock('../../../src/ui/clipboard.js', () => ({ copyText: copied }));
afterEach(cleanup);

async function show(signIn: Partial<SignIn> = {}, next: Partial<SignIn>[] = []) {
  const fake = new FakeCredentials();
  Object.assign(fake.signIn, signIn);
  fake.next.push(...next);
  let ids = 0;
  const model = new SignInModel({
    client: fake.client,
    background: fake.client,
    profile: 'prod',
    activate: true,
    newId: () => ulidOf(++ids),
    wait: () => new Promise(() => undefined)
  });
  const onClose = vi.fn();
  const profile = profileOf('prod', { label: 'Live', production: true, description: 'What customers see.' });
  render(<SignInBody {...{ model, profile, trans, onClose }} />);
  await act(() => model.begin());
  return { fake, model, onClose };
}
const button = (name: string) => screen.getByRole('button', { name });
const click = (element: Element) => act(async () => void fireEvent.click(element));
const type = (field: Element, value: string) => act(async () => void fireEvent.change(field, { target: { value } }));
const soon = () => new Date(Date.now() + 90_500).toISOString();

describe('six digits', () => {
  test('have the focus, are sent with the last one, also pasted with spaces, and once', async () => {
    const { fake } = await show();
    const field = screen.getByRole('textbox', { name: 'The 6 digits that "ada" shows now' });
    expect(document.activeElement).toBe(field);
    expect(screen.getByText('production')).toBeTruthy();
    await type(field, '12345');
    expect(fake.bodies('credentials.answer')).toEqual([]);
    expect(button('Sign in').getAttribute('aria-disabled')).toBe('true');
    await click(button('Sign in'));
    expect(fake.bodies('credentials.answer')).toEqual([]);
    await type(field, ' 123 456 x7');
    expect(fake.bodies('credentials.answer')).toEqual([{ answer: { kind: 'code', code: '123456' } }]);
    expect(screen.getByRole('status').textContent).toBe('Signed in to Live.');
  });

  test('that are wrong are asked for again: why, how many tries, an empty field with the focus', async () => {
    const wrong = { kind: 'code', digits: 6, device: 'ada', triesLeft: 1, trouble: 'Not that one.' } as const;
    await show({}, [{ step: wrong }]);
    await type(screen.getByRole('textbox'), '123456');
    const field = screen.getByRole<HTMLInputElement>('textbox');
    expect(field.value).toBe('');
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(document.getElementById(field.getAttribute('aria-describedby')!)?.textContent).toBe('Not that one.');
    expect(screen.getByText('1 try left')).toBeTruthy();
  });

  test('can be refused to: Cancel ends it for everybody', async () => {
    const { fake, onClose } = await show();
    await click(button('Cancel'));
    expect(onClose).toHaveBeenCalledOnce();
    expect(fake.bodies('credentials.cancelSignIn')).toHaveLength(1);
  });
});

test('a device code is shown, copied and opened, with the time that is left', async () => {
  const step = {
    kind: 'device',
    userCode: 'WDJB-MJHT',
    verificationUri: 'https://id.example.org/device',
    verificationUriComplete: 'https://id.example.org/device?user_code=WDJB-MJHT',
    endsAt: soon()
  } as const;
  await show({ step });
  expect(screen.getByText('WDJB-MJHT')).toBeTruthy();
  expect(screen.getByRole('timer').textContent).toBe('Waiting · 1 min left');
  await click(button('Copy'));
  expect(copied).toHaveBeenCalledWith('WDJB-MJHT');
  expect(button('Copied')).toBeTruthy();
  const link = screen.getByRole('link', { name: 'Copy and open' });
  expect(link.getAttribute('href')).toBe(step.verificationUriComplete);
  expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  expect(link.getAttribute('target')).toBe('_blank');
  expect(document.activeElement).toBe(link);
});

test('a page of the provider is opened; one that is no page of the web is not', async () => {
  await show({ step: { kind: 'browser', url: 'https://id.example.org/auth', endsAt: soon() } });
  expect(screen.getByRole('link', { name: 'Open the page' }).getAttribute('href')).toBe('https://id.example.org/auth');
  cleanup();
  await show({ step: { kind: 'browser', url: 'javascript:alert(1)', endsAt: soon() } });
  expect(screen.queryByRole('link')).toBeNull();
  expect(screen.getByRole('alert').textContent).toContain('not on the web');
});

test('a password is sent with the user, where that is not known, and is not shown', async () => {
  const { fake } = await show({ step: { kind: 'password', triesLeft: 1 } });
  const user = screen.getByLabelText('User');
  const password = screen.getByLabelText<HTMLInputElement>('Password');
  expect(document.activeElement).toBe(user);
  expect(password.type).toBe('password');
  await type(password, 'open sesame');
  await click(button('Sign in'));
  expect(fake.bodies('credentials.answer')).toEqual([]);
  await type(user, ' ada ');
  await act(async () => void fireEvent.submit(password.form!));
  expect(fake.bodies('credentials.answer')).toEqual([
    { answer: { kind: 'password', user: 'ada', password: 'open sesame' } }
  ]);
});

test('what failed says why and is tried again; what was cancelled is begun again', async () => {
  const { fake } = await show({
    state: 'failed',
    trouble: { message: 'The clock is off.', code: 'credential-refused' }
  });
  expect(screen.getByRole('alert').textContent).toContain('The clock is off.');
  expect(document.activeElement).toBe(button('Try again'));
  fake.signIn = { state: 'cancelled' };
  await click(button('Try again'));
  expect(screen.getByRole('alert').textContent).toContain('cancelled');
  fake.signIn = { state: 'waiting', step: { kind: 'provider' } };
  await click(button('Sign in again'));
  expect(screen.getByRole('status').textContent).toContain('Waiting for the provider');
  expect(document.activeElement).toBe(button('Cancel'));
});
