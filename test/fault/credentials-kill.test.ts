import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { AuditReport, SignIn } from '../../contract/credentials/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createMemoryExclusive } from '../../server/adapters/memory/exclusive.js';
import { createMemoryLog } from '../../server/adapters/memory/log.js';
import { findKey } from '../../server/credentials/store/key.js';
import type { StoredSession } from '../../server/credentials/store/session.js';
import { createSessionStore } from '../../server/credentials/store/store.js';
import { createIds } from '../../server/ids.js';
import { drive } from '../support/credentials/headless.js';
import { CLIENT, startOidcServer } from '../support/credentials/oidcServer.js';
import { ROLES, stsTwin } from '../support/credentials/stsTwin.js';
import { dose } from '../support/dose.js';
import { answerOf, buildPrograms, start } from '../support/fault/processes.js';
import type { Running } from '../support/fault/processes.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { scratch } from '../support/scratch.js';

// Processes of a home, killed while somebody signs in at a real identity provider: between receiving keys and storing
// them, after that, and at any moment.

const ids = createIds(systemClock);
let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

async function prepare() {
  const provider = await startOidcServer({ interval: 1 });
  onTestFinished(() => provider.close());
  const twin = await stsTwin(systemClock, { trusted: { issuer: provider.issuer, audience: CLIENT } });
  const home = scratch('lakeside-credentials-kill');
  const config = join(home, 'config', 'lakeside');
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, 'config.yml'),
    `profiles: {dev: {kind: oidc, issuer: "${provider.issuer}", clientId: ${CLIENT}, endpoint: "${twin.url}", roles: [{id: reader, arn: "${ROLES.reader}"}]}}\n`
  );
  const directory = join(home, 'credentials');
  const log = createMemoryLog();

  /** The session on disk as another process reads it; every part of it is of one person. */
  async function session(): Promise<StoredSession | undefined> {
    const store = createSessionStore({
      directory,
      findKey: () => findKey({ directory, given: undefined, keyring: undefined, register: () => undefined, log }),
      exclusive: createMemoryExclusive(),
      register: () => undefined,
      failPoint: () => undefined
    });
    const found = await store.read('dev');
    if (found === undefined) return undefined;
    const { keys, identity, renewal } = found.grant;
    if (keys.kind !== 'aws') throw new Error('not of AWS');
    expect(twin.accepts(keys)).toBe(true);
    expect(twin.arnOf(keys.accessKeyId)).toContain(`/lakeside-${identity.name}`);
    const kept = renewal as { webToken: string; refreshToken: string; name: string };
    expect(kept.name).toBe(identity.name);
    expect(`${decodeJwt(kept.webToken).sub}@example.org`).toBe(identity.name);
    expect(provider.given).toContain(kept.refreshToken);
    return found;
  }

  const target = { programs: built.programs, home, env: { XDG_CONFIG_HOME: join(home, 'config') } };
  const sidecar = async (failPoint?: string): Promise<Running> => {
    const running = start({ ...target, ...(failPoint !== undefined && { failPoint }) }, 'sidecar', home);
    onTestFinished(async () => void running.child.kill('SIGKILL'));
    await running.said(line => line.ready);
    return running;
  };

  /** Begins a sign-in and confirms it. @returns its id */
  async function signIn(running: Running, person: string): Promise<string> {
    const signInId = ids.next();
    const params = { profileId: 'dev' };
    let now = await answerOf<SignIn>(running, 'credentials.signIn', { params, body: { signInId, activate: true } });
    while (now.step?.kind !== 'device') now = await state(running, signInId);
    await drive(now.step.verificationUriComplete ?? '', { login: person, code: provider.code });
    return signInId;
  }

  async function state(running: Running, signInId: string): Promise<SignIn> {
    await sleep(50);
    return answerOf<SignIn>(running, 'credentials.signInState', { params: { signInId } });
  }

  /** Signs in to the end, and looks whether the record of it all is whole. */
  async function signInWell(running: Running, person: string): Promise<void> {
    const id = await signIn(running, person);
    let now = await state(running, id);
    while (now.state === 'waiting') now = await state(running, id);
    expect(now).toMatchObject({ state: 'succeeded' });
    expect(await answerOf<AuditReport>(running, 'credentials.audit', { query: {} })).toMatchObject({ whole: true });
  }

  return { sidecar, session, signIn, signInWell };
}

const { runs, seed } = dose('kills at a sign-in', { ci: 6, full: 200 });

test('whoever is killed at a sign-in leaves the old session or the new one, whole, and the next sign-in works', async () => {
  const random = randomNumbers(seed);
  const { sidecar, session, signIn, signInWell } = await prepare();
  const seen = { old: 0, new: 0, none: 0 };
  let before: StoredSession | undefined;
  for (let round = 0; round < runs; round++) {
    const person = `person-${round}`;
    const point = ['credentials:received', 'credentials:stored', undefined][round % 3];
    const running = await sidecar(point);
    const signing = signIn(running, person);
    if (point === undefined) {
      await signing;
      // The provider is asked once a second; keys come and are stored some milliseconds after that.
      await sleep(random() * 1400);
      await running.kill();
    }
    expect(await running.ended).toMatchObject({ signal: 'SIGKILL' });
    await signing;
    const after = await session();
    const isNew = after?.grant.identity.name === `${person}@example.org`;
    if (point === 'credentials:received') expect(after).toEqual(before);
    if (point === 'credentials:stored') expect(isNew).toBe(true);
    if (!isNew) expect(after).toEqual(before);
    seen[isNew ? 'new' : after === undefined ? 'none' : 'old']++;
    before = after;
  }
  console.log(seen);
  const running = await sidecar();
  await signInWell(running, 'after-all');
  expect((await session())?.grant.identity.name).toBe('after-all@example.org');

  // Newer keys of the same person: those that came are lost, those there are stay good.
  const kept = await session();
  await running.kill('SIGTERM');
  const refreshing = await sidecar('credentials:received');
  refreshing.ask({ do: 'call', id: 'credentials.refresh', params: { profileId: 'dev' }, body: { confirm: true } });
  expect(await refreshing.ended).toMatchObject({ signal: 'SIGKILL' });
  expect(await session()).toEqual(kept);
  await signInWell(await sidecar(), 'once-more');
  expect((await session())?.grant.identity.name).toBe('once-more@example.org');
}, 3_600_000);
