import { cleanup, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { specOf } from './support.js';
import type { FakeSchedules } from './support.js';
import { focused, open, press, select, type } from './view.js';

afterEach(cleanup);

const DEV = { name: 'dev', title: 'Development', needsSignIn: false };
const SIGNED_OUT = { ...DEV, needsSignIn: true, trouble: 'Nobody is signed in to Development. Sign in first.' };
const NEXT = { at: '2026-11-24T06:30:00.000Z', civil: '2026-11-24T07:30', offset: '+01:00' };

describe('the profile of a schedule', () => {
  test('is not asked for where there is none', async () => {
    const { fake } = await open();
    expect(screen.queryByRole('combobox', { name: 'Credentials' })).toBeNull();
    await press('Save schedule');
    expect(fake.sent('schedule.create')).not.toHaveProperty('credentials');
  });

  test('is chosen, said what it means, and saved; left out again it is gone', async () => {
    const { fake, onSaved } = await open(each => void (each.profiles = [DEV]));
    expect(select('Credentials').value).toBe('');
    expect(screen.getByText(/and none where nobody is signed in/)).toBeTruthy();
    type(select('Credentials'), 'dev');
    expect(screen.getByText(/also while you are away/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Sign in/ })).toBeNull();
    await press('Save schedule');
    expect(fake.sent('schedule.create').credentials).toBe('dev');
    expect(onSaved).toHaveBeenCalledOnce();
    type(select('Credentials'), '');
    await press('Save schedule');
    expect(fake.sent('schedule.create')).not.toHaveProperty('credentials');
  });

  test('nobody is signed in to warns before saving; a sign-in from here takes the warning away', async () => {
    const known: FakeSchedules[] = [];
    const signIn = vi.fn(() => {
      for (const each of known) each.profiles = [DEV];
      return Promise.resolve();
    });
    const { fake } = await open(each => void (each.profiles = [SIGNED_OUT]), undefined, undefined, signIn);
    known.push(fake);
    type(select('Credentials'), 'dev');
    const sentence = 'Nobody is signed in to Development. Sign in first.';
    expect(screen.getByText(sentence)).toBeTruthy();
    // Saved all the same, the server's word stands at the field.
    const errors = [{ field: 'credentials', message: sentence }];
    fake.fail('schedule.create', new ProblemError('invalid', sentence, { errors }));
    await press('Save schedule');
    expect(screen.getByRole('alert').textContent).toBe(sentence);
    await focused(select('Credentials'));
    await press('Sign in to Development');
    expect(signIn).toHaveBeenCalledWith('dev');
    expect(screen.queryByText(sentence)).toBeNull();
    await press('Save schedule');
    expect(fake.sent('schedule.create').credentials).toBe('dev');
  });

  test('whose keys cannot be renewed until the next run warns; one that is gone from the configuration stays shown', async () => {
    await open(each => {
      each.profiles = [{ ...DEV, until: '2026-11-24T05:00:00.000Z' }];
      each.times = { words: 'Every weekday', next: [NEXT] };
      each.form = { ...each.form, spec: specOf({ credentials: 'dev' }) };
    });
    expect(await screen.findByText(/^Its keys can be renewed until .* and the next run is after that/)).toBeTruthy();
    cleanup();
    await open(each => {
      each.profiles = [{ ...DEV, until: '2026-11-24T07:00:00.000Z' }];
      each.times = { words: 'Every weekday', next: [NEXT] };
      each.form = { ...each.form, spec: specOf({ credentials: 'old' }) };
    });
    expect(select('Credentials').value).toBe('old');
    type(select('Credentials'), 'dev');
    expect(screen.queryByText(/can be renewed until/)).toBeNull();
  });
});
