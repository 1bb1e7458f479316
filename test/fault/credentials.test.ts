import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SignIn } from '../../contract/credentials/index.js';
import type { Run, Schedule } from '../../contract/schedule/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createIds } from '../../server/ids.js';
import { startDesk } from '../support/credentials/desk.js';
import type { Desk } from '../support/credentials/desk.js';
import { startKernel } from '../support/credentials/kernel.js';
import { filesBelow, leaks, processes } from '../support/credentials/leaks.js';
import { programs } from '../support/programs.js';
import { notebook } from '../support/share/home.js';

// One real Jupyter server with sidecar, kernels, runner and command line: where its secrets are, and who reaches them.

const LABORATORY = { id: 'AKIALABORATORY00001', secret: 'laboratory/Nw3vB7+secret/of+keys' };
const PASSWORD = 'warehouse-Tz8kQ4-password';
const python = resolve('.venv/bin/python');
const api = 'lakeside/api/v1';
const ids = createIds(systemClock);

let desk: Desk;
const children: ChildProcess[] = [];
beforeAll(async () => {
  if (process.getuid?.() !== 0) {
    throw new Error('These tests act as another user of the machine, which needs root. Run them as root.');
  }
  desk = await startDesk(LABORATORY);
}, 120_000);
afterAll(async () => {
  for (const child of children) child.kill();
  await desk.close();
}, 60_000);

/** Gets keys as any program does, says who it is and which it got, and ends in a traceback through AWS's library. */
const USES = `import hashlib, os, boto3
client = boto3.client("sts", region_name="us-east-1")
arn = client.get_caller_identity()["Arn"]
credentials = boto3.Session().get_credentials()
key = credentials.get_frozen_credentials()
print(os.getpid(), arn, hashlib.sha256(key.secret_key.encode()).hexdigest(), credentials, client)`;
const FAILS = `client.assume_role(RoleArn="arn:aws:iam::123456789012:role/nobody", RoleSessionName="x" * 3)`;

/** Signs a person in to \`dev\`, and types the password of the warehouse. */
async function signIn(person: string): Promise<void> {
  const begun = await desk.begin('dev');
  const shown = await desk.until(begun.id, ({ step }) => step?.kind === 'device');
  await desk.confirm(shown, person);
  await desk.until(begun.id, ({ state }) => state === 'succeeded');
}

test('no secret is in a process, a file, a log, a notebook or a traceback; each file is its owner’s alone', async () => {
  const { jupyter } = desk;
  await signIn('ada');
  const warehouse = await desk.begin('warehouse', false);
  const typed = await desk.ask('POST', `${api}/credentials/sign-ins/${warehouse.id}/answer`, {
    answer: { kind: 'password', password: PASSWORD }
  });
  expect(typed).toMatchObject({ status: 200, body: { state: 'succeeded' } });
  const answers = [typed.body];
  // A second set of tokens and keys, and keys of another kind.
  const renewed = await desk.ask('POST', `${api}/credentials/profiles/dev/refresh`, { confirm: true });
  expect(renewed.status).toBe(200);
  answers.push(renewed.body);
  const { url, token } = await desk.endpoint();
  const lab = await fetch(url.replace('active', 'lab'), { headers: { authorization: token } });
  expect(await lab.json()).toMatchObject({ SecretAccessKey: LABORATORY.secret });

  const kernel = await startKernel(jupyter);
  const used = await kernel.run(USES);
  expect(used.printed).toContain('assumed-role/reader/lakeside-ada');
  const kernelPid = Number(used.printed.split(' ')[0]);
  const failed = await kernel.run(FAILS);
  expect(failed.printed).toContain('AccessDenied');
  const outputs = [used.printed, failed.printed].map(text => ({ source: 'keys()', output: text }));
  writeFileSync(join(jupyter.root, 'seen.ipynb'), notebook(['# Seen', ...outputs]));

  const waits = `${USES}
import pathlib, time
pathlib.Path("WAITS").write_text(str(os.getpid()))
while not pathlib.Path("GOES").exists(): time.sleep(0.1)`.replace(/WAITS|GOES/g, name => join(jupyter.root, name));
  writeFileSync(
    join(jupyter.root, 'job.ipynb'),
    notebook(['# Job', { source: waits, output: '' }, { source: FAILS, output: '' }])
  );
  const spec = { name: 'Job', notebook: { path: 'job.ipynb' }, when: { cron: '0 0 1 1 *' } };
  const made = await desk.ask('POST', `${api}/schedules`, { opId: ids.next(), spec });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const run = await desk.ask('POST', `${api}/schedules/${(made.body as Schedule).id}/runs`, { opId: ids.next() });
  const words = ['credentials', 'exec', '--', python, '-c', `${USES}\nimport sys\nsys.stdout.flush()\ninput()`];
  const program = spawn(process.execPath, [join(programs, 'cli.js'), ...words], {
    env: { ...desk.environment, PATH: process.env['PATH'], AWS_ENDPOINT_URL_STS: desk.twin.url },
    stdio: ['pipe', 'pipe', 'pipe']
  });
  children.push(program);
  let said = '';
  program.stdout.on('data', (text: Buffer) => (said += text.toString()));
  program.stderr.on('data', (text: Buffer) => (said += text.toString()));
  await expect.poll(() => said, { timeout: 30_000 }).toContain('assumed-role/reader/lakeside-ada');
  await expect.poll(() => existsSync(join(jupyter.root, 'WAITS')), { timeout: 60_000 }).toBe(true);
  const runPid = Number(readFileSync(join(jupyter.root, 'WAITS'), 'utf8'));

  const { given } = desk.provider;
  expect(given.length).toBeGreaterThanOrEqual(7);
  expect(desk.twin.given.length).toBeGreaterThanOrEqual(6);
  const secrets = [...given, ...desk.twin.given, desk.twin.secretAccessKey, ...Object.values(LABORATORY), PASSWORD];
  const sealing = readFileSync(join(jupyter.home, 'credentials', 'key'), 'utf8').trim();
  const everywhere = [...secrets, token, sealing];

  // While all of them run: Jupyter, its sidecar, a kernel, a scheduled run, a program with keys.
  const running = processes();
  const sidecar = [...running].find(([, [words]]) => words?.bytes.includes(join(programs, 'main.js')));
  for (const pid of [jupyter.pid, sidecar?.[0] ?? 0, kernelPid, runPid, program.pid ?? 0]) {
    expect(
      running.get(pid)?.map(({ bytes }) => bytes.length > 0),
      `process ${pid}`
    ).toEqual([true, true]);
  }
  expect(leaks(everywhere, [...running.values()].flat())).toEqual([]);

  writeFileSync(join(jupyter.root, 'GOES'), '');
  program.stdin.end('\n');
  const isOver = async (): Promise<string> =>
    ((await desk.ask('GET', `${api}/runs/${(run.body as Run).id}`)).body as Run).state;
  await expect.poll(isOver, { timeout: 60_000 }).toBe('FAILED');
  answers.push((await desk.ask('GET', `${api}/credentials/audit`)).body, await desk.overview());

  const files = desk.folders.flatMap(filesBelow);
  const names = files.map(({ name }) => name);
  for (const name of [
    'jupyter.log',
    'home/state.db',
    'home/credentials/audit.jsonl',
    'home/credentials/sessions/dev.json'
  ]) {
    expect(names).toContain(name);
  }
  const outputOfRun = files.find(({ name }) => /runs\/.*output\.ipynb$/.test(name));
  expect(outputOfRun?.bytes.toString()).toContain('AccessDenied');
  const own = { 'home/credentials/endpoint-token': token, 'home/credentials/key': sealing };
  for (const [name, text] of Object.entries(own)) {
    expect(
      files
        .find(file => file.name === name)
        ?.bytes.toString()
        .trim()
    ).toBe(text);
  }
  const others = files.filter(({ name }) => !Object.hasOwn(own, name));
  const spoken = [...used.raw, ...failed.raw, said, JSON.stringify(answers)].join('\n');
  expect(leaks(everywhere, [...others, { name: 'what was said', bytes: Buffer.from(spoken) }])).toEqual([]);
  expect(leaks(secrets, files)).toEqual([]);

  const credentials = join(jupyter.home, 'credentials');
  for (const entry of [
    credentials,
    ...(await readdir(credentials, { recursive: true })).map(name => join(credentials, name))
  ]) {
    const facts = statSync(entry);
    expect(facts.mode & 0o777, entry).toBe(facts.isDirectory() ? 0o700 : 0o600);
  }
  console.log(`${new Set(everywhere).size} secrets, ${running.size} processes, ${files.length} files: none found`);
  kernel.close();
}, 240_000);

test('the search finds what is planted, in each form and place', async () => {
  const secret = 'planted/secret+of the test="';
  const places = (bytes: Buffer | string) => [{ name: 'here', bytes: Buffer.from(bytes) }];
  const found = ['secret 1 of 1 in here'];
  for (const form of [
    `a${secret}b`,
    JSON.stringify({ secret }),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex')
  ]) {
    expect(leaks([secret], places(form)), form).toEqual(found);
  }
  for (const before of ['', 'a', 'ab', 'abc']) {
    for (const encoding of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${before}${secret}after`).toString(encoding);
      expect(leaks([secret], places(text)), text).toEqual(found);
    }
  }
  expect(() => leaks([], [])).toThrow('0 secrets');
  expect(() => leaks(['short'], [])).toThrow('1 of them too short');
  const [folder = ''] = desk.folders;
  const planted = join(folder, 'home', 'planted');
  mkdirSync(planted);
  writeFileSync(join(planted, 'a.gz'), gzipSync(`x${secret}`));
  expect(leaks([secret], filesBelow(folder))).toEqual(['secret 1 of 1 in home/planted/a.gz, opened']);
  const child = spawn('sleep', ['60'], { env: { PLANTED: Buffer.from(secret).toString('base64') } });
  children.push(child);
  await expect
    .poll(() => leaks([secret], [...processes().values()].flat()))
    .toEqual([`secret 1 of 1 in environ of process ${child.pid}`]);
  child.kill();
});

test('another user of the machine reads nothing, and gets nothing without the token', async () => {
  const { jupyter } = desk;
  await signIn('grace');
  const { url, token } = await desk.endpoint();
  const kernel = await startKernel(jupyter);
  const { printed } = await kernel.run('import os; print(os.getpid(), flush=True)');
  const sidecar = [...processes()].find(([, [words]]) => words?.bytes.includes(join(programs, 'main.js')))?.[0];
  const credentials = join(jupyter.home, 'credentials');
  const files = ['endpoint-token', 'key', 'sessions/dev.json', 'audit.jsonl', 'locks/audit.lock'];
  const open = join(desk.folders[1] ?? '', 'open');
  writeFileSync(open, 'for everybody', { mode: 0o644 });
  const wanted = {
    url,
    host: `evil.example:${new URL(url).port}`,
    files: [
      open,
      ...files.map(name => join(credentials, name)),
      ...[jupyter.pid, sidecar, Number(printed)].map(pid => `/proc/${pid}/environ`)
    ],
    folders: [credentials, join(credentials, 'sessions'), join(credentials, 'locks')]
  };
  const ask = async (): Promise<Record<string, unknown>> => {
    const child = spawn(process.execPath, [
      resolve('test/support/credentials/clients/stranger.mjs'),
      JSON.stringify(wanted)
    ]);
    children.push(child);
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    await new Promise(done => child.once('close', done));
    expect(said).toMatch(/^\{.*\}\n$/);
    return JSON.parse(said) as Record<string, unknown>;
  };
  const refused = { status: 401, text: expect.not.stringMatching(/ASIA|Secret/) as string };
  const nothing = (list: string[]): string[] => list.map(() => 'EACCES');
  expect(await ask()).toMatchObject({
    user: 65534,
    files: ['for everybody', ...nothing(wanted.files.slice(1))],
    folders: nothing(wanted.folders),
    without: refused,
    wrong: refused,
    rebound: { status: 403, text: expect.not.stringMatching(/ASIA|Secret/) as string }
  });
  // Its wrong tokens are slowed down, whoever has the right one is not.
  const { many } = await ask();
  expect((many as number[]).at(-1)).toBe(429);
  expect((many as number[]).filter(status => status === 401).length).toBeLessThan(5);
  const right = await fetch(url, { headers: { authorization: token } });
  expect(right.status).toBe(200);
  // Where somebody opened the folders, the files still are their owner's alone.
  for (const folder of wanted.folders) chmodSync(folder, 0o755);
  const opened = await ask();
  for (const folder of wanted.folders) chmodSync(folder, 0o700);
  expect(opened['files']).toEqual(['for everybody', ...nothing(wanted.files.slice(1))]);
  expect(opened['folders']).not.toContain('EACCES');
  kernel.close();
}, 120_000);

/** The keys that kernels get, and the person that AWS gave them to. */
async function handedOut(): Promise<{ isWhole: boolean; arn: string | undefined }> {
  const { url, token } = await desk.endpoint();
  const answer = await fetch(url, { headers: { authorization: token } });
  const keys = (await answer.json()) as Record<'AccessKeyId' | 'SecretAccessKey' | 'Token', string>;
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken } = keys;
  const isWhole = desk.twin.accepts({ accessKeyId, secretAccessKey, sessionToken });
  return { isWhole, arn: desk.twin.arnOf(accessKeyId) };
}

test('two tabs that sign in at once share one sign-in, and a code counts for one of them', async () => {
  const before = desk.twin.calls.length;
  const tabs = await Promise.all([desk.begin('prod'), desk.begin('prod')]);
  expect(new Set(tabs.map(({ id }) => id)).size).toBe(1);
  const [{ id }] = tabs;
  await desk.until(id, ({ step }) => step?.kind === 'code');
  const code = desk.twin.code();
  const answers = await Promise.all(
    [1, 2].map(() => desk.ask('POST', `${api}/credentials/sign-ins/${id}/answer`, { answer: { kind: 'code', code } }))
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
    message: 'This sign-in does not wait for a code now. Look at it again.'
  });
  expect(await desk.until(id, ({ state }) => state !== 'waiting')).toMatchObject({ state: 'succeeded' });
  expect(desk.twin.calls.slice(before)).toEqual(['GetSessionToken', 'GetCallerIdentity']);
  const { active, profiles } = await desk.overview();
  expect(active).toBe('prod');
  expect(profiles.find(profile => profile.id === 'prod')).toMatchObject({ session: { identity: { name: 'ada' } } });
  expect(await handedOut()).toEqual({ isWhole: true, arn: 'arn:aws:iam::123456789012:user/ada' });
});

test('a browser and a terminal that sign in at once: both succeed, and one session is there, whole', async () => {
  for (const round of [1, 2, 3]) {
    const people = [`tab-${round}`, `terminal-${round}`];
    const begun = await desk.begin('dev');
    const shown = await desk.until(begun.id, ({ step }) => step?.kind === 'device');
    const terminal = spawn(process.execPath, [join(programs, 'cli.js'), 'credentials', 'login', 'dev'], {
      env: { ...desk.environment, PATH: process.env['PATH'] }
    });
    children.push(terminal);
    let said = '';
    terminal.stderr.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise(done => terminal.once('exit', done));
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(/Open http\S+ and confirm the code/);
    const step: SignIn['step'] = { ...shown.step, verificationUriComplete: /Open (http\S+)/.exec(said)?.[1] } as never;
    await Promise.all([desk.confirm(shown, people[0] ?? ''), desk.confirm({ ...shown, step }, people[1] ?? '')]);
    await desk.until(begun.id, ({ state }) => state === 'succeeded');
    expect(await ended, said).toBe(0);
    const { session } = (await desk.overview()).profiles.find(({ id }) => id === 'dev') ?? {};
    const person = session?.identity.name.split('@')[0] ?? '';
    expect(people).toContain(person);
    const arn = expect.stringContaining(`/lakeside-${person}@`) as string;
    expect(await handedOut()).toEqual({ isWhole: true, arn });
  }
});
