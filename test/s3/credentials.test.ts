import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { composeStore } from '../../server/composeStores.js';
import { readConfig } from '../../server/config.js';
import { createLog } from '../../server/logging.js';
import { drive } from '../support/credentials/headless.js';
import { CLIENT, startOidcServer } from '../support/credentials/oidcServer.js';
import { programs } from '../support/programs.js';
import { startCeph } from '../support/s3/ceph.js';
import { freePort } from '../support/s3/process.js';
import { makeBucket, rawClient } from '../support/s3/stores.js';
import { certifiedKey, trust } from '../support/s3/webIdentity.js';
import { scratch } from '../support/scratch.js';

// All of it real: the built command line, npm oidc-provider with a second factor, Ceph's gateway, which gives keys for
// tokens of the provider and refuses them after their end, and live clients in processes of their own.

/** How long keys live, in hours: nine seconds. */
const HOURS = 0.0025;

const python = resolve('.venv/bin/python');

/** A table with one row, which names the object that it is: polars reads what is in it, the others its name. */
const flights = `
import sys, pyarrow, pyarrow.parquet
pyarrow.parquet.write_table(pyarrow.table({"key": ["flights"]}), sys.stdout.buffer)
`;

/** Live clients of different make, each in a program of its own. */
const clients = {
  'AWS SDK for JavaScript': [process.execPath, resolve('test/support/credentials/clients/list.mjs')],
  boto3: [python, resolve('test/support/credentials/clients/list_boto3.py')],
  polars: [python, resolve('test/support/credentials/clients/list_polars.py')],
  'polars without boto3': [python, resolve('test/support/credentials/clients/list_polars.py')],
  pyarrow: [python, resolve('test/support/credentials/clients/list.py')],
  // A session of %%sql over a source of files whose bucket takes the keys of a profile.
  lakeside: [python, resolve('test/support/credentials/clients/lake.py')]
};

interface Said {
  keys?: string[];
  error?: string;
  /** What the endpoint itself says, where the client says something else. */
  endpoint?: { status: number; message: string };
}

/** A program whose answers are lines of JSON; the first says that it is ready. */
function talking(child: ChildProcess): { ready: Promise<Said>; list: () => Promise<Said> } {
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => {
    const { value } = (await lines.next()) as { value?: string };
    if (value === undefined) throw new Error('the client ended');
    return JSON.parse(value) as Said;
  };
  const list = (): Promise<Said> => {
    child.stdin!.write('again\n');
    return next();
  };
  return { ready: next(), list };
}

test('one sign-in heals live clients: keys end, the same client fails with the sentence, and goes on', async () => {
  const ceph = await startCeph(await freePort(), { givesTokens: true });
  onTestFinished(() => ceph.stop());
  const { endpoint, key } = ceph;
  const signing = certifiedKey();
  const provider = await startOidcServer({ key: signing.key, interval: 1 });
  onTestFinished(() => provider.close());
  const arn = await trust(endpoint, key, { issuer: provider.issuer, audience: CLIENT, thumbprint: signing.thumbprint });
  const bucket = await makeBucket(endpoint, key);
  const owner = rawClient(endpoint, key);
  await owner.send(
    new PutObjectCommand({ Bucket: bucket, Key: 'flights', Body: execFileSync(python, ['-c', flights]) })
  );
  const lake = await makeBucket(endpoint, key);
  await owner.send(new PutObjectCommand({ Bucket: lake, Key: 'seen.csv', Body: 'key\nflights\n' }));
  owner.destroy();

  const folder = scratch('lakeside-web-identity');
  mkdirSync(join(folder, '.config', 'lakeside'), { recursive: true });
  writeFileSync(
    join(folder, '.config', 'lakeside', 'config.yml'),
    `profiles:
  dev:
    kind: oidc
    issuer: ${provider.issuer}
    clientId: ${CLIENT}
    scopes: [openid]
    endpoint: ${endpoint}/
    roles: [{id: web, arn: '${arn}', hours: ${HOURS}}]
library: {kind: s3, bucket: ${bucket}, endpoint: '${endpoint}', credentials: {profile: dev}}
`
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LAKESIDE_HOME: join(folder, 'home'),
    TZ: 'UTC',
    PYTHONPATH: process.cwd(),
    AWS_EC2_METADATA_DISABLED: 'true'
  };
  const lakeside = (...args: string[]): ChildProcess => {
    const child = spawn(process.execPath, [join(programs, 'cli.js'), 'credentials', ...args], { cwd: folder, env });
    child.stderr.setEncoding('utf8');
    return child;
  };

  async function login(person: string): Promise<void> {
    const child = lakeside('login', 'dev');
    let said = '';
    child.stderr!.on('data', (text: string) => (said += text));
    const ended = new Promise<number | null>(done => child.once('exit', done));
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/Open http\S+ and confirm the code/);
    await drive(/Open (http\S+)/.exec(said)?.[1] ?? '', { login: person, code: provider.code });
    expect(await ended, said).toBe(0);
  }

  await login('ada');
  const running = Object.entries(clients).map(([name, command]) => {
    const words = [name === 'pyarrow' ? new URL(endpoint).host : endpoint, name === 'lakeside' ? lake : bucket];
    if (name === 'polars without boto3') words.push('native');
    const child = lakeside('exec', '--', ...command, ...words);
    onTestFinished(() => void child.kill());
    return { name, ...talking(child) };
  });
  const all = async (): Promise<Record<string, Said>> =>
    Object.fromEntries(await Promise.all(running.map(async ({ name, list }) => [name, await list()] as const)));
  const good = Object.fromEntries(running.map(({ name }) => [name, { keys: ['flights'] }]));
  const refresh = () => new Promise(done => lakeside('refresh', 'dev').once('exit', done));
  const started = Promise.all(running.map(({ ready }) => ready)).then(() => true);
  // On a busy machine they take longer to start than keys live.
  do expect(await refresh()).toBe(0);
  while (!(await Promise.race([started, sleep(1000, false)])));

  // A store of the sidecar, as the section library has it, which is made once.
  const lines: string[] = [];
  const config = { ...readConfig('cli', env), logLevel: 'debug' as const };
  const log = createLog('debug', line => lines.push(line));
  const store = await composeStore({ config, log, programs });
  onTestFinished(() => store.close());
  const beginning = async () => Buffer.from((await store.get('flights')) ?? []).toString('latin1', 0, 4);

  expect(await refresh()).toBe(0);
  const at = Date.now();
  expect(await all()).toEqual(good);
  expect(await beginning()).toBe('PAR1');

  await sleep(at + HOURS * 3_600_000 + 1000 - Date.now());
  const failed = await all();
  console.log(failed);
  const sentence = /The session of dev ended at \d\d:\d\d UTC\. .*sign in again, then run the cell again\./;
  expect(failed).toMatchObject({
    'AWS SDK for JavaScript': {
      error: expect.stringContaining('Could not load credentials') as string,
      endpoint: { status: 401, message: expect.stringMatching(sentence) as string }
    },
    boto3: { error: expect.stringMatching(sentence) as string },
    lakeside: { error: expect.stringMatching(sentence) as string },
    polars: { error: expect.stringMatching(sentence) as string },
    // It goes on with the keys it has, and Ceph refuses them.
    pyarrow: { error: expect.stringContaining('ACCESS_DENIED') as string }
  });

  await expect(store.get('flights')).rejects.toMatchObject({
    code: 'credential-signin',
    message: expect.stringMatching(
      /^The session of dev ended at \d\d:\d\d UTC\. .*sign in again, then try again\.$/
    ) as string
  });

  await login('grace');
  const again = Date.now();
  expect(await all()).toEqual(good);
  expect(await beginning()).toBe('PAR1');
  const record = readFileSync(join(folder, 'home', 'credentials', 'audit.jsonl'), 'utf8');
  expect(record.split('\n').filter(line => line.includes('"by":"system"')).length).toBeGreaterThan(1);
  expect(lines.join('\n')).not.toContain(key.secretAccessKey);
  console.log(`live clients go on ${Date.now() - again} ms after the new sign-in`);
}, 300_000);
