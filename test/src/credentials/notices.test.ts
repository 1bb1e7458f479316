import type { JupyterFrontEnd } from '@jupyterlab/application';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CredentialsModel } from '../../../src/credentials/credentialsModel.js';
import { showNotices } from '../../../src/credentials/notices/notices.js';
import { SignIns } from '../../../src/credentials/signIn/signIns.js';
import type { CredentialsWatch } from '../../../src/credentials/watch/watch.js';
import { FakeCredentials, MINUTE, NOW, at, profileOf, sessionOf, ulidOf } from './support.js';

const said = vi.hoisted(() => ({
  asked: [] as { message: string; labels: string[]; isGone: boolean; run: (label: string) => void }[],
  opened: vi.fn(async () => undefined)
}));
vi.mock('../../../src/credentials/notify.js', () => ({
  failed: vi.fn(),
  ask: (message: string, _: string, __: unknown, actions: { label: string; run: () => void }[]) => {
    const run = (label: string) => actions.find(each => each.label === label)!.run();
    const one = { message, labels: actions.map(({ label }) => label), isGone: false, run };
    said.asked.push(one);
    return () => void (one.isGone = true);
  }
}));
vi.mock('../../../src/credentials/signIn/open.js', () => ({ openSignIn: said.opened }));

const trans = nullTranslator.load('lakeside');
const ends: (() => void)[] = [];
beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date', 'setInterval', 'setTimeout'] });
  said.asked.length = 0;
  localStorage.clear();
});
afterEach(() => {
  ends.splice(0).forEach(end => end());
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.clearAllMocks();
});

async function made(change: (fake: FakeCredentials) => void = () => undefined) {
  const fake = new FakeCredentials();
  change(fake);
  const model = new CredentialsModel({ client: fake.client, background: fake.client, clock: Date.now });
  ends.push(() => model.dispose());
  let ids = 0;
  const signIns = new SignIns({
    client: fake.client,
    background: fake.client,
    model,
    trans,
    newId: () => ulidOf(++ids),
    wait: () => new Promise(() => undefined),
    failed: vi.fn()
  });
  const watch = { client: fake.client, trans, model, signIns, offers: [] } as CredentialsWatch;
  const execute = vi.fn();
  const start = async () => {
    showNotices({ app: { commands: { execute } } as unknown as JupyterFrontEnd, watch });
    await model.refresh();
    vi.advanceTimersByTime(10);
  };
  return { fake, model, signIns, start, execute };
}
const messages = () => said.asked.map(({ message }) => message);

describe('the first prompt', () => {
  test('comes once, also in the next tab, with a button for each profile', async () => {
    const two = (fake: FakeCredentials) => (fake.overview.profiles = [profileOf('dev'), profileOf('prod')]);
    const { start } = await made(two);
    await start();
    expect(said.asked).toMatchObject([
      { message: 'Sign in once, and every notebook here has keys.', labels: ['Sign in to dev', 'Sign in to prod'] }
    ]);
    said.asked[0]!.run('Sign in to prod');
    await vi.waitFor(() => expect(said.opened).toHaveBeenCalledOnce());
    await (await made(two)).start();
    expect(said.asked).toHaveLength(1);
  });

  test('stays on one line of buttons where names are long', async () => {
    const long = [profileOf('dev', { label: 'Development' }), profileOf('prod', { label: 'Production' })];
    const { start, execute } = await made(fake => (fake.overview.profiles = long));
    await start();
    expect(said.asked[0]!.labels).toEqual(['Sign in to Development', 'Other profiles']);
    said.asked[0]!.run('Other profiles');
    expect(execute).toHaveBeenCalledWith('lakeside:credentials');
  });

  test('leads to the panel where there are many', async () => {
    const { start, execute } = await made(fake => (fake.overview.profiles = ['a', 'b', 'c'].map(id => profileOf(id))));
    await start();
    said.asked[0]!.run('Open Credentials');
    expect(execute).toHaveBeenCalledWith('lakeside:credentials');
  });

  test('does not come where somebody is signed in, was until now, or where there is no profile', async () => {
    await (await made(fake => fake.change('dev', sessionOf(600)))).start();
    await (await made(fake => fake.change('dev', sessionOf(-600)))).start();
    await (await made(fake => (fake.overview.profiles = []))).start();
    expect(said.asked).toEqual([]);
  });
});

describe('reminders', () => {
  test('come at their marks, once, each in the place of the one before, and go with a new session', async () => {
    const { fake, model, start } = await made(given => given.change('dev', sessionOf(31)));
    await start();
    expect(said.asked).toEqual([]);
    vi.advanceTimersByTime(MINUTE + 5_000);
    vi.advanceTimersByTime(5 * MINUTE);
    expect(messages()).toEqual(['Your session of dev ends in 30 min.']);
    vi.advanceTimersByTime(15 * MINUTE);
    expect(messages()[1]).toBe('Your session of dev ends in 10 min.');
    expect(said.asked.map(({ isGone }) => isGone)).toEqual([true, false]);
    expect(said.asked[1]!.labels).toEqual(['Sign in', 'Later']);
    vi.advanceTimersByTime(9 * MINUTE);
    expect(said.asked).toHaveLength(3);
    fake.overview = { ...fake.overview, now: new Date(Date.now()).toISOString() };
    fake.change('dev', sessionOf(900, { id: 'session-2' }));
    await model.refresh();
    expect(said.asked.every(({ isGone }) => isGone)).toBe(true);
    vi.advanceTimersByTime(MINUTE);
    expect(said.asked).toHaveLength(3);
  });

  test('go where new keys came without a sign-in, and stay at the end', async () => {
    const { fake, model, start } = await made(given => given.change('dev', sessionOf(9)));
    await start();
    expect(said.asked[0]).toMatchObject({ isGone: false });
    vi.advanceTimersByTime(10 * MINUTE);
    expect(said.asked.at(-1)).toMatchObject({ isGone: false });
    fake.overview = { ...fake.overview, now: new Date(Date.now()).toISOString() };
    fake.change('dev', sessionOf(70));
    await model.refresh();
    expect(said.asked.every(({ isGone }) => isGone)).toBe(true);
  });

  test('come before the end of keys where renewing them fails', async () => {
    const trouble = { message: 'id.example.org does not answer.', code: 'credential-unreachable' };
    const session = sessionOf(9, { renewable: true, renewableUntil: at(600) });
    const { fake, model, start } = await made(given => given.change('dev', session));
    await start();
    expect(said.asked).toEqual([]);
    fake.change('dev', { ...session, trouble });
    await model.refresh();
    expect(said.asked[0]).toMatchObject({
      message: 'Your session of dev ends in 9 min.',
      labels: ['Sign in', 'Later']
    });
  });

  test('offer new keys where these need nobody', async () => {
    const { fake, start } = await made(given =>
      given.change('dev', { ...sessionOf(9, { renewable: true }), autoRefresh: false })
    );
    await start();
    said.asked[0]!.run('Refresh');
    await vi.waitFor(() => expect(fake.bodies('credentials.refresh')).toHaveLength(1));
  });
});

describe('signing in', () => {
  test('shows no dialog where nobody is asked anything', async () => {
    const { fake, model, signIns } = await made(given => {
      given.overview.profiles = [profileOf('laptop', { method: 'none', kind: 'static' })];
      given.signIn = { state: 'succeeded' };
    });
    await model.refresh();
    await signIns.signIn('laptop');
    expect(said.opened).not.toHaveBeenCalled();
    expect(fake.bodies('credentials.signIn')).toEqual([{ signInId: ulidOf(1), activate: true }]);
  });

  test('opens one dialog at a time, and does not give kernels the keys of a database', async () => {
    const { fake, model, signIns } = await made(given =>
      given.change('dev', { opens: 'database', method: 'password', kind: 'database' })
    );
    await model.refresh();
    let close: () => void = () => undefined;
    said.opened.mockImplementationOnce(() => new Promise(resolve => (close = () => resolve(undefined))));
    const first = signIns.signIn('dev');
    await vi.waitFor(() => expect(said.opened).toHaveBeenCalledOnce());
    await signIns.signIn('dev');
    expect(said.opened).toHaveBeenCalledOnce();
    expect(fake.bodies('credentials.signIn')).toEqual([{ signInId: ulidOf(1), activate: false }]);
    close();
    await first;
    // Who leaves the dialog ends it, and hears no more of it.
    expect(fake.bodies('credentials.cancelSignIn')).toHaveLength(1);
    expect(signIns.tookPart('dev')).toBe(false);
  });
});
