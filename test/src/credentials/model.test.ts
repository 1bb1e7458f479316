import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { CredentialsModel } from '../../../src/credentials/credentialsModel.js';
import { FailedCells } from '../../../src/credentials/failed/failedCells.js';
import type { IDone } from '../../../src/credentials/notify.js';
import { SignInModel } from '../../../src/credentials/signIn/signInModel.js';
import { OverviewNews } from '../../../src/credentials/watch/overviewNews.js';
import { FakeCredentials, MINUTE, NOW, at, profileOf, sessionOf, ulidOf } from './support.js';

const trans = nullTranslator.load('lakeside');
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach(end => end()));

function made() {
  const fake = new FakeCredentials();
  const model = new CredentialsModel({ client: fake.client, background: fake.client, clock: () => NOW - 5 * MINUTE });
  const signedIn: string[] = [];
  model.signedIn.connect((_, { id }) => signedIn.push(id));
  ends.push(() => model.dispose());
  return { fake, model, signedIn };
}

describe('the profiles', () => {
  test('are read, and the time is the server’s', async () => {
    const { model } = made();
    expect(model.state.phase).toBe('loading');
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', ahead: 5 * MINUTE });
    expect(model.now()).toBe(NOW);
    expect(model.profile('dev')?.state).toBe('signed-out');
  });

  test('keep what was known when they cannot be read', async () => {
    const { fake, model } = made();
    const error = new ProblemError('unavailable', 'Not there.');
    fake.failures.push({ id: 'credentials.overview', error }, { id: 'credentials.overview', error });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'failed', overview: undefined });
    fake.failures.length = 0;
    await model.refresh();
    fake.failures.push({ id: 'credentials.overview', error });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', error: { message: 'Not there.' } });
    expect(model.profile('dev')).toBeDefined();
  });

  test('are not put back by an answer that the news overtook; a clock that was set back is believed', async () => {
    const { fake, model } = made();
    const old = fake.overview;
    fake.change('dev', sessionOf(60));
    model.hear({ ...fake.overview, now: at(1) });
    model.hear({ ...old, now: at(0.9) });
    expect(model.profile('dev')?.state).toBe('active');
    model.hear({ ...old, now: at(-60) });
    expect(model.profile('dev')?.state).toBe('signed-out');
  });

  test('say who signed in, here or elsewhere, and not who was it before', async () => {
    const { fake, model, signedIn } = made();
    fake.change('dev', sessionOf(60));
    await model.refresh();
    await model.refresh();
    expect(signedIn).toEqual([]);
    fake.change('dev', sessionOf(-1));
    await model.refresh();
    fake.change('dev', sessionOf(60));
    await model.refresh();
    fake.change('dev', sessionOf(120));
    await model.refresh();
    expect(signedIn).toEqual(['dev']);
    fake.change('dev', sessionOf(120, { id: 'session-2' }));
    await model.refresh();
    expect(signedIn).toEqual(['dev', 'dev']);
  });

  test('are changed, and are busy meanwhile', async () => {
    const { fake, model } = made();
    fake.overview = { ...fake.overview, profiles: [profileOf('dev', sessionOf(60)), profileOf('prod')] };
    await model.refresh();
    const busy: boolean[] = [];
    model.stateChanged.connect((_, state) => busy.push(state.busy.has('dev')));
    await model.setAutoRefresh('dev', false);
    expect(busy[0]).toBe(true);
    expect(model.state.busy.size).toBe(0);
    expect(model.profile('dev')?.autoRefresh).toBe(false);
    expect(model.now()).toBe(NOW);
    await model.switchTo('prod');
    expect(model.state.overview?.active).toBe('prod');
    await model.signOut('dev');
    expect(model.profile('dev')?.state).toBe('signed-out');
    await model.renew('dev');
    await model.takeRole('dev', null);
    expect(fake.bodies('credentials.takeRole')).toEqual([{ role: null }]);
    fake.failures.push({ id: 'credentials.refresh', error: new ProblemError('credential-busy', 'Too many.') });
    await expect(model.renew('dev')).rejects.toThrow('Too many.');
    expect(model.state.busy.size).toBe(0);
  });
});

describe('a sign-in', () => {
  function begun(signIn: object = {}) {
    const fake = new FakeCredentials();
    Object.assign(fake.signIn, signIn);
    let tick: () => void = () => undefined;
    let ids = 0;
    const one = () => {
      const model = new SignInModel({
        client: fake.client,
        background: fake.client,
        profile: 'dev',
        activate: true,
        newId: () => ulidOf(++ids),
        wait: () => new Promise(resolve => (tick = resolve))
      });
      ends.push(() => model.dispose());
      return model;
    };
    return { fake, one, model: one(), pass: () => tick() };
  }
  const step = (model: SignInModel) => model.state.signIn?.step;

  test('is answered; a wrong code asks again, with the reason and the tries left', async () => {
    const { fake, model } = begun();
    fake.next.push({ step: { kind: 'code', digits: 6, device: 'ada', triesLeft: 2, trouble: 'Not that one.' } });
    await model.begin();
    expect(model.state).toMatchObject({ isOwn: true, isAnswering: false });
    expect(fake.bodies('credentials.signIn')).toEqual([{ signInId: ulidOf(1), activate: true }]);
    const answered = model.answer({ kind: 'code', code: '123456' });
    expect(model.state.isAnswering).toBe(true);
    // Pressed twice, it is sent once.
    await model.answer({ kind: 'code', code: '123456' });
    await answered;
    expect(step(model)).toMatchObject({ trouble: 'Not that one.', triesLeft: 2 });
    await model.answer({ kind: 'code', code: '654321' });
    expect(model.state.signIn?.state).toBe('succeeded');
    expect(fake.bodies('credentials.answer')).toHaveLength(2);
  });

  test('that waits elsewhere is looked at until it ends', async () => {
    const step1 = { kind: 'browser', url: 'https://id.example.org/', endsAt: '2026-11-22T10:00:00.000Z' };
    const { fake, model, pass } = begun({ step: step1 });
    await model.begin();
    const [signIn] = [...fake.signIns.values()];
    fake.signIns.set(signIn!.id, { ...signIn!, state: 'succeeded' });
    pass();
    await vi.waitFor(() => expect(model.state.signIn?.state).toBe('succeeded'));
  });

  test('that is on its way is joined, and not ended by who joined it', async () => {
    const { fake, model, one } = begun();
    await model.begin();
    const second = one();
    await second.begin();
    expect(second.state).toMatchObject({ isOwn: false, signIn: { id: model.state.signIn?.id } });
    await second.leave();
    expect(fake.bodies('credentials.cancelSignIn')).toHaveLength(0);
    await model.leave();
    expect(fake.bodies('credentials.cancelSignIn')).toHaveLength(1);
  });

  test('that is left before it has begun is ended', async () => {
    const { fake, model } = begun();
    const begin = model.begin();
    await model.leave();
    await begin;
    expect([...fake.signIns.values()].map(({ state }) => state)).toEqual(['cancelled']);
  });

  test('that goes on at the provider outlives its dialog', async () => {
    const step1 = {
      kind: 'device',
      userCode: 'A-B',
      verificationUri: 'https://x/',
      endsAt: '2026-11-22T10:00:00.000Z'
    };
    const { fake, model } = begun({ step: step1 });
    await model.begin();
    await model.leave();
    expect(fake.bodies('credentials.cancelSignIn')).toHaveLength(0);
  });

  test('that cannot be begun, or is no more, says why and can be begun anew', async () => {
    const { fake, model, pass } = begun();
    fake.failures.push({ id: 'credentials.signIn', error: new ProblemError('not-found', 'There is no profile.') });
    await model.begin();
    expect(model.state).toMatchObject({ signIn: undefined, error: { message: 'There is no profile.' } });
    await model.begin();
    expect(step(model)?.kind).toBe('code');
    fake.failures.push({ id: 'credentials.signInState', error: new ProblemError('not-found', 'It is no more.') });
    pass();
    await vi.waitFor(() => expect(model.state.error?.message).toBe('It is no more.'));
    fake.signIns.clear();
    await model.begin();
    await model.cancel();
    expect(model.state.signIn?.state).toBe('cancelled');
  });

  test('passes over moments without an answer', async () => {
    const { fake, model, pass } = begun();
    await model.begin();
    for (let n = 0; n < 5; n++) {
      expect(model.state.error).toBeUndefined();
      fake.failures.push({ id: 'credentials.signInState', error: new ProblemError('unavailable', 'Gone.') });
      pass();
      await vi.waitFor(() => expect(fake.failures).toHaveLength(0));
      await new Promise(resolve => setTimeout(resolve, 0));
    }
    expect(model.state.error?.message).toBe('Gone.');
  });
});

describe('the news', () => {
  test('come to all tabs over one connection, which is made again when it ends', async () => {
    const fake = new FakeCredentials();
    const heard: string[] = [];
    let last = Promise.resolve();
    const locks = { request: (_: string, work: () => Promise<void>) => (last = last.then(work)) };
    const tab = (name: string) => {
      const news = new OverviewNews({
        base: `http://localhost/${ulidOf(7)}/`,
        client: fake.client,
        hear: () => heard.push(name),
        wait: () => Promise.resolve(),
        locks
      });
      ends.push(() => news.dispose());
      news.start();
      news.start();
    };
    tab('first');
    tab('second');
    await vi.waitFor(() => expect(fake.connections).toBe(1));
    fake.push();
    await vi.waitFor(() => expect([...heard].sort()).toEqual(['first', 'second']));
    fake.end();
    await vi.waitFor(() => expect(fake.connections).toBe(2));
    fake.push();
    await vi.waitFor(() => expect(heard).toHaveLength(4));
  });
});

describe('a failed cell', () => {
  async function failed(profile = profileOf('dev', sessionOf(-1)), active: string | null = 'dev') {
    const { fake, model } = made();
    fake.overview = { ...fake.overview, profiles: [profile, profileOf('prod')] };
    if (active === null) delete fake.overview.active;
    await model.refresh();
    const asked: { message: string; action: IDone; isGone: boolean }[] = [];
    const signIn = vi.fn();
    const open = vi.fn();
    const say = vi.fn();
    const run = vi.fn(async () => true);
    const cells = new FailedCells({
      model,
      trans,
      signIn,
      open,
      ask: (message, action) => {
        const one = { message, action, isGone: false };
        asked.push(one);
        return () => void (one.isGone = true);
      },
      failed: vi.fn(),
      say
    });
    const cell = (id: string, value = 'ExpiredToken') => ({ id, error: { name: 'E', value, traceback: [] }, run });
    return { cells, cell, asked, signIn, open, say, run };
  }
  const signedIn = profileOf('dev', sessionOf(60, { id: 'session-2' }));

  test('asks for a sign-in at once, then offers that cell', async () => {
    const { cells, cell, asked, signIn, run } = await failed();
    expect(cells.take(cell('a'))).toBe(true);
    expect(asked[0]?.message).toBe('The cell failed: the session of dev has ended.');
    asked[0]?.action.run();
    expect(signIn).toHaveBeenCalledWith('dev');
    expect(cells.offer(profileOf('prod', sessionOf(60)))).toBeUndefined();
    const offer = cells.offer(signedIn);
    expect(offer?.label).toBe('Re-run the failed cell');
    expect(asked[0]?.isGone).toBe(true);
    offer?.run();
    expect(run).toHaveBeenCalledOnce();
    expect(cells.offer(signedIn)).toBeUndefined();
  });

  test('is passed over where keys are not the reason', async () => {
    const { cells, cell, asked } = await failed();
    expect(cells.take(cell('a', 'division by zero'))).toBe(false);
    expect(asked).toEqual([]);
  });

  test('gives way to the next one, and is forgotten when it runs well', async () => {
    const { cells, cell, asked } = await failed();
    cells.take(cell('a'));
    cells.take(cell('b'));
    expect(asked.map(({ isGone }) => isGone)).toEqual([true, false]);
    cells.ranWell('a');
    expect(asked[1]?.isGone).toBe(false);
    cells.ranWell('b');
    expect(asked[1]?.isGone).toBe(true);
    expect(cells.offer(signedIn)).toBeUndefined();
  });

  test('leads to the panel where no profile is in use', async () => {
    const { cells, cell, asked, open } = await failed(profileOf('dev'), null);
    cells.take(cell('a', 'No profile is chosen. Open Credentials in JupyterLab'));
    asked[0]?.action.run();
    expect(asked[0]?.message).toBe('The cell got no keys: no profile is in use.');
    expect(open).toHaveBeenCalledOnce();
    expect(cells.offer(signedIn)?.label).toBe('Re-run the failed cell');
  });

  test('that is not there any more is said', async () => {
    const { cells, cell, run, say } = await failed(profileOf('dev'));
    run.mockResolvedValueOnce(false);
    cells.take(cell('a'));
    cells.offer(signedIn)?.run();
    await vi.waitFor(() => expect(say).toHaveBeenCalledOnce());
  });
});
