import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHttp } from '@aws-sdk/credential-provider-http';
import { describe, expect, test } from 'vitest';
import { scratch } from '../../support/scratch.js';
import { start, TOKEN } from './endpointSupport.js';
import { ada, HOUR, MINUTE, START } from './support.js';

describe('what it answers', () => {
  test('keys as the SDKs want them, with an end that is never later than the real one', async () => {
    const { ask, signIn, clock, dev } = await start();
    await signIn('dev');
    const { status, body, headers } = await ask();
    expect(status).toBe(200);
    expect(body).toEqual({
      AccessKeyId: 'ASIA-dev-1',
      SecretAccessKey: 'secret-of-dev-1',
      Token: 'token-of-dev-1',
      Expiration: '2026-11-22T09:27:00Z'
    });
    expect(headers['cache-control']).toBe('no-store');
    clock.move(50 * MINUTE + 1);
    dev.fail = new Error('down');
    expect((await ask()).body['Expiration']).toBe('2026-11-22T10:12:00Z');
  });

  test('401 at once with a sentence where a person is needed', async () => {
    const { ask, signIn, service, clock, dev } = await start();
    const none = await ask();
    expect(none).toMatchObject({ status: 401, body: { Code: 'SignInRequired' } });
    expect(none.body['Message']).toContain('No profile is chosen. Open Credentials in JupyterLab and sign in');
    await signIn('dev');
    expect((await ask()).status).toBe(200);
    await service.autoRefresh({ name: 'ada', groups: [], via: 'jupyter' }, 'dev', false);
    clock.move(HOUR);
    const began = performance.now();
    const over = await ask();
    expect(performance.now() - began).toBeLessThan(500);
    expect(over).toMatchObject({ status: 401 });
    expect(over.body['Message']).toBe(
      'The session of dev ended at 10:12 UTC. Open Credentials in JupyterLab and sign in again, then run the cell again.'
    );
    expect(dev.renewals).toBe(0);
    await service.signOut({ name: 'ada', groups: [], via: 'jupyter' }, 'dev');
    expect((await ask()).body['Message']).toContain('Nobody is signed in to dev.');
    expect((await ask({ path: '/aws/credentials/nowhere' })).status).toBe(404);
    expect((await ask({ path: '/' })).status).toBe(404);
    expect((await ask({ method: 'POST' })).status).toBe(405);
  });

  test('keys in force while a sign-in waits, and while the provider is down', async () => {
    const { ask, signIn, dev, clock } = await start();
    await signIn('dev');
    const hold = Promise.withResolvers<undefined>();
    dev.hold = hold.promise as Promise<unknown> as Promise<void>;
    const waiting = await signIn('dev');
    expect(waiting.state).toBe('waiting');
    expect((await ask()).body['AccessKeyId']).toBe('ASIA-dev-1');
    dev.fail = new Error('down');
    hold.resolve(undefined);
    clock.move(HOUR - MINUTE);
    expect((await ask()).body['AccessKeyId']).toBe('ASIA-dev-1');
  });
});

describe('who may ask', () => {
  test('a wrong token, none, a longer one: 401, then 429; whoever has it is never slowed', async () => {
    const { ask, signIn, tokenFile } = await start();
    await signIn('dev');
    for (const token of ['', 'x', TOKEN.slice(1), `${TOKEN}t`, `Bearer ${TOKEN}`, TOKEN.toUpperCase()]) {
      const refused = await ask({ headers: { Authorization: token } });
      expect(refused.status).toBe(401);
      expect(JSON.stringify(refused.body)).not.toMatch(/secret|token-of|ASIA/);
    }
    const statuses: number[] = [];
    for (let index = 0; index < 40; index++) statuses.push((await ask({ headers: { Authorization: 'x' } })).status);
    expect(statuses.filter(status => status === 401).length).toBeLessThan(25);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask()).status).toBe(200);
    // The file changes, as after a restart with another home: it is read again.
    writeFileSync(tokenFile, 'u'.repeat(43));
    expect((await ask()).status).toBe(429);
    expect((await ask({ headers: { Authorization: 'u'.repeat(43) } })).status).toBe(200);
    // An empty file lets nobody in.
    writeFileSync(tokenFile, '');
    expect((await ask({ headers: { Authorization: '' } })).status).toBe(429);
  });

  test('names that are not this machine’s, and web pages, are refused', async () => {
    const { ask, signIn, url } = await start();
    await signIn('dev');
    const others: Record<string, string>[] = [
      { Host: `evil.example:${url.port}` },
      { Host: '127.0.0.1' },
      { Host: `127.0.0.1.evil.example:${url.port}` },
      { Host: `127.0.0.1:${Number(url.port) + 1}` },
      { Origin: 'https://evil.example' }
    ];
    for (const headers of others) {
      const refused = await ask({ headers });
      expect(refused.status, JSON.stringify(headers)).toBe(403);
      expect(refused.body['AccessKeyId']).toBeUndefined();
    }
    expect((await ask({ headers: { Host: `localhost:${url.port}` } })).status).toBe(200);
  });
});

describe('secrets of databases', () => {
  const path = '/secrets/warehouse';

  test('come by the name of their profile, under the same guards, and are recorded once', async () => {
    const { ask, signIn, service, recorder, url, clock } = await start();
    const none = await ask({ path });
    expect(none).toMatchObject({ status: 401, body: { Code: 'SignInRequired' } });
    expect(none.body['Message']).toBe(
      'Nobody is signed in to warehouse. Open Credentials in JupyterLab, or run: lakeside credentials login warehouse. Then run the cell again.'
    );
    const type = async (password: string): Promise<void> => {
      const { id } = await signIn('warehouse');
      await service.answer(ada, id, { kind: 'password', password });
    };
    await type('typed-pa55word');
    const { status, body, headers } = await ask({ path });
    expect(status).toBe(200);
    expect(body).toEqual({ user: 'grace', password: 'typed-pa55word', expiresAt: '2026-11-22T17:12:00.000Z' });
    expect(headers['cache-control']).toBe('no-store');
    await ask({ path });
    // Newer ones at once, and a new line in the record.
    await type('newer-pa55word');
    expect((await ask({ path })).body['password']).toBe('newer-pa55word');

    const refused = [
      await ask({ path, headers: { Authorization: 'x' } }),
      await ask({ path, headers: { Host: `evil.example:${url.port}` } }),
      await ask({ path, headers: { Origin: 'https://evil.example' } }),
      await ask({ path, method: 'POST' }),
      await ask({ path: '/secrets/dev' }),
      await ask({ path: '/secrets/warehous' }),
      await ask({ path: '/secrets/active' }),
      await ask({ path: '/secrets/' }),
      await ask({ path: '/aws/credentials/warehouse' })
    ];
    expect(refused.map(answer => answer.status)).toEqual([401, 403, 403, 405, 401, 401, 401, 404, 401]);
    expect(JSON.stringify(refused)).not.toMatch(/pa55word|secret-of|token-of/);
    clock.move(8 * HOUR);
    expect((await ask({ path })).body['Message']).toContain('The session of warehouse ended at 17:12 UTC.');

    await recorder.close();
    const { entries, whole } = await service.audit(ada, 100);
    expect(whole).toBe(true);
    expect(entries.filter(({ event }) => event === 'handed-out')).toMatchObject([
      { profile: 'warehouse', by: 'kernel', process: { pid: process.pid } },
      { profile: 'warehouse', by: 'kernel', process: { pid: process.pid } }
    ]);
    expect(JSON.stringify(entries)).not.toContain('pa55word');
  });

  test('have a sentence for a profile of AWS, and for one that there is not', async () => {
    const { ask, signIn } = await start();
    await signIn('dev');
    expect((await ask({ path: '/secrets/dev' })).body['Message']).toBe(
      'dev opens AWS, and gives no password. Refer to a profile of the kind database instead of dev.'
    );
    expect((await ask({ path: '/secrets/warehous' })).body['Message']).toBe(
      'The configuration refers to a profile "warehous" of credentials, which its section profiles has not. Did you mean warehouse? There is: dev, prod, warehouse.'
    );
  });

  test('do not become what kernels get as keys of AWS by a sign-in', async () => {
    const { ask, signIn, service } = await start();
    await signIn('dev');
    const { id } = await signIn('warehouse');
    await service.answer(ada, id, { kind: 'password', password: 'typed-pa55word' });
    expect((await ask()).body['AccessKeyId']).toBe('ASIA-dev-1');
  });
});

describe('a live client of AWS’s SDK for JavaScript', () => {
  test('goes on with new keys after a sign-in and a switch, without being made again', async () => {
    const { signIn, service, url, tokenFile, clock } = await start();
    const options = {
      awsContainerCredentialsFullUri: url.href,
      awsContainerAuthorizationTokenFile: tokenFile,
      maxRetries: 0
    };
    const client = fromHttp(options);
    await expect(client()).rejects.toMatchObject({
      Message: expect.stringContaining('No profile is chosen') as string
    });
    await signIn('dev');
    expect(await client()).toMatchObject({ accessKeyId: 'ASIA-dev-1', expiration: new Date(START + 15 * MINUTE) });
    await signIn('prod');
    expect((await client()).accessKeyId).toBe('ASIA-prod-1');
    await service.switch({ name: 'ada', groups: [], via: 'jupyter' }, 'dev');
    expect((await client()).accessKeyId).toBe('ASIA-dev-1');
    clock.move(HOUR);
    expect((await client()).accessKeyId).toBe('ASIA-dev-2');
  });
});

test('the first hand-out to each process is recorded, with its kernel, and no other', async () => {
  const { ask, signIn, url, service, recorder } = await start();
  const ada = { name: 'ada', groups: [], via: 'jupyter' } as const;
  await signIn('dev');
  for (let index = 0; index < 3; index++) expect((await ask()).status).toBe(200);
  const kernel = '01234567-89ab-4cde-8f01-23456789abcd';
  const program = join(scratch(), 'client.mjs');
  writeFileSync(
    program,
    `for (let i = 0; i < 3; i++) { const r = await fetch(process.argv[2], { headers: { Authorization: process.argv[3] } }); if (!r.ok) process.exit(1); await r.text(); }`
  );
  chmodSync(program, 0o600);
  const child = spawn(process.execPath, [program, url.href, TOKEN, '-f', `/x/kernel-${kernel}.json`], {
    stdio: 'ignore'
  });
  expect(await new Promise(resolve => child.once('exit', resolve))).toBe(0);
  await recorder.close();
  const { entries, whole } = await service.audit(ada, 100);
  const handOuts = entries.filter(({ event }) => event === 'handed-out').reverse();
  expect(whole).toBe(true);
  expect(handOuts).toHaveLength(2);
  expect(handOuts[0]).toMatchObject({ profile: 'dev', issue: 1, process: { pid: process.pid } });
  expect(handOuts[1]).toMatchObject({ process: { pid: child.pid, kernel } });
  expect(JSON.stringify(entries)).not.toMatch(/secret|token-of/);
});
