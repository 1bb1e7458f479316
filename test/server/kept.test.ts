import { expect, test } from 'vitest';
import { createKept } from '../../server/composeKept.js';
import { credentialStamp } from '../../server/composeSecrets.js';
import { createAccountReader, createSecretReader } from '../../server/configuration/secret.js';
import { ProblemError } from '../../contract/problem.js';

/** A wiki of the configuration whose token is a profile's, and what the profile says. */
function bench() {
  const state = { secret: 'token one', isSignedOut: false, made: [] as string[], closed: [] as string[] };
  const sources = {
    variable: () => 'of a variable',
    register: () => undefined,
    account: () =>
      state.isSignedOut
        ? Promise.reject(new ProblemError('credential-signin', 'Nobody is signed in to Wiki.'))
        : Promise.resolve({ secret: state.secret })
  };
  const readers = { readSecret: createSecretReader(sources), readAccount: createAccountReader(sources) };
  const settings: Record<string, object> = { wiki: { token: { credential: 'wiki' } }, plain: { token: { env: 'A' } } };
  const kept = createKept({
    async make(name) {
      const token = await readers.readSecret(name === 'wiki' ? { credential: 'wiki' } : { env: 'A' });
      state.made.push(`${name} ${token}`);
      return { token, close: () => Promise.resolve(state.closed.push(token)) };
    },
    stamp: name => credentialStamp(settings[name], readers)
  });
  return { state, kept };
}

test('what was made stays, until its profile says something else; the old one ends with all', async () => {
  const { state, kept } = bench();
  const [first, same] = await Promise.all([kept.open('wiki'), kept.open('wiki')]);
  expect(first).toBe(same);
  state.secret = 'token two';
  expect((await kept.open('wiki')).token).toBe('token two');
  await kept.open('wiki');
  await kept.open('plain');
  await kept.open('plain');
  expect(state.made).toEqual(['wiki token one', 'wiki token two', 'plain of a variable']);
  expect(state.closed).toEqual([]);
  await kept.close();
  expect(state.closed.sort()).toEqual(['of a variable', 'token one', 'token two']);
});

test('nobody uses what is there once the profile is signed out, and a sign-in heals', async () => {
  const { state, kept } = bench();
  await kept.open('wiki');
  state.isSignedOut = true;
  await expect(kept.open('wiki')).rejects.toMatchObject({ code: 'credential-signin' });
  expect((await kept.open('plain')).token).toBe('of a variable');
  state.isSignedOut = false;
  expect((await kept.open('wiki')).token).toBe('token one');
  expect(state.made).toEqual(['wiki token one', 'plain of a variable']);
});
