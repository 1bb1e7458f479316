import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { createPeers } from '../../../../server/adapters/peer-proc/index.js';
import { composeGrants } from '../../../../server/composeGrants.js';
import { createEndpoint } from '../../../../server/credentials/endpoint/endpoint.js';
import { ada, PATIENCE, printed, realHome } from '../../../support/schedule/realScheduler.js';
import type { RealHome } from '../../../support/schedule/realScheduler.js';
import { bench, HOUR, madeProvider, testClock } from '../../credentials/support.js';

const ASK = `
import json, os, urllib.request
door = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
token = open(os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"]).read()
asked = urllib.request.Request(door, headers={"Authorization": token})
print(json.load(urllib.request.urlopen(asked))["AccessKeyId"], "AWS_ACCESS_KEY_ID" in os.environ, "AWS_PROFILE" in os.environ)`;

let home: RealHome;
beforeAll(() => (home = realHome()));
afterAll(() => home.remove());

it('a run gets the keys of its schedule whoever is active, and does not start where its owner must sign in again', async () => {
  const clock = testClock();
  const [dev, prod] = [madeProvider(clock, 'dev'), madeProvider(clock, 'prod')];
  const keys = bench({ dev, prod }, { clock });
  const tokenFile = join(home.folder, 'token');
  writeFileSync(tokenFile, 't'.repeat(43), { mode: 0o600 });
  const endpoint = createEndpoint({
    handOut: name => keys.grants.handOut(name.replace('grants/', '')),
    handOutSecret: () => Promise.reject(new Error('No run of this test asks for a secret.')),
    handedOut: () => undefined,
    tokenFile,
    peers: createPeers(),
    clock,
    log: keys.log
  });
  await endpoint.listen({ port: 0 });
  onTestFinished(() => endpoint.close());
  const credentials = composeGrants({
    grants: () => Promise.resolve(keys.grants),
    doorOf: grant => ({ url: (endpoint.url() ?? '').replace('credentials/active', `grants/${grant}`), tokenFile })
  });
  // As a server has them whose person exported keys before it was started.
  const variables = { AWS_ACCESS_KEY_ID: 'AKIASHADOW', AWS_PROFILE: 'other' };
  const server = await home.start({ credentials, variables });
  onTestFinished(() => server.close());
  home.write('keys.ipynb', 'x = 1', ASK);
  const spec = {
    notebook: { path: 'keys.ipynb' },
    credentials: 'dev',
    policy: { retries: 3, retryDelay: '1s' },
    notify: { failure: ['owner'] }
  };

  // Nobody is signed in: it cannot be saved, and says which field and what helps.
  await expect(server.add(spec)).rejects.toMatchObject({
    code: 'invalid',
    errors: [{ field: 'credentials', message: 'Nobody is signed in to dev. Sign in first.' }]
  });
  expect(server.scheduler.service.list(ada, false)).toEqual([]);
  await keys.signIn('dev');
  const { id } = await server.add(spec);

  await keys.signIn('prod');
  clock.move(2 * HOUR);
  const good = await server.ended(server.runNow(id).id);
  expect(good).toMatchObject({ state: 'SUCCEEDED' });
  const [, line = ''] = await printed(join(home.outputOf(good), 'output.ipynb'));
  // Neither the keys of the interactive session nor those of the profile in use.
  expect(line).toMatch(/^ASIA-dev-[2-9] False False\n$/);

  await keys.service.signOut({ name: 'ada', groups: [], via: 'jupyter' }, 'dev');
  const bad = await server.ended(server.runNow(id).id);
  expect(bad).toMatchObject({ state: 'FAILED', attempts: [{ state: 'FAILED' }] });
  expect(bad.reason).toContain('Nobody is signed in to dev: the owner must sign in again. Open Credentials');
  expect(bad.attempts).toHaveLength(1);
  expect(existsSync(home.outputOf(bad))).toBe(false);
  await vi.waitFor(() => {
    expect(server.toasts.waiting('ada')).toMatchObject([
      { kind: 'failure', text: expect.stringContaining('the owner must sign in again') as string }
    ]);
  }, PATIENCE);

  // Signing in again is all that it needs; a test may use a profile for itself alone.
  await keys.signIn('dev', { activate: false });
  expect(await server.ended(server.runNow(id).id)).toMatchObject({ state: 'SUCCEEDED' });
  const { spec: whole } = server.scheduler.service.get(ada, id);
  const test = await server.scheduler.service.test(ada, { opId: home.ids.next(), spec: whole });
  expect(await server.ended(test.id)).toMatchObject({ state: 'SUCCEEDED' });
  await vi.waitFor(async () => expect(await keys.grants.told()).toMatchObject([{ schedule: id }]), PATIENCE);
  await server.scheduler.service.setState(ada, id, 'deleted');
  expect(await keys.grants.told()).toEqual([]);
  await server.scheduler.service.setState(ada, id, 'active');
  expect(await keys.grants.told()).toMatchObject([{ schedule: id, state: 'ready' }]);
  // Without a profile it asks where kernels ask, as before.
  const { credentials: _, ...none } = whole;
  await server.scheduler.service.update(ada, id, { revision: 3, spec: none });
  expect(await keys.grants.told()).toEqual([]);
}, 120_000);
