import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { CredentialsOverview } from '../../../contract/credentials/index.js';
import { lakeside } from '../../support/cli/lakeside.js';
import type { Ended } from '../../support/cli/lakeside.js';
import { DEVICE, ROLES, stsTwin, USER } from '../../support/credentials/stsTwin.js';
import type { StsTwin } from '../../support/credentials/stsTwin.js';
import { notebookFile } from '../../support/schedule/realScheduler.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

// The built command line, against a strict twin of STS.

/** A home whose configuration has the twin's user as `dev`, and keys in variables as `lab`. */
function homeOf(twin: StsTwin): { folder: string; variables: Record<string, string> } {
  const folder = scratch('lakeside-cli-credentials');
  mkdirSync(join(folder, '.config', 'lakeside'), { recursive: true });
  writeFileSync(
    join(folder, '.config', 'lakeside', 'config.yml'),
    `profiles:
  dev:
    kind: iam-mfa
    endpoint: ${twin.url}
    credentials: {accessKeyId: {env: IAM_ID}, secretAccessKey: {env: IAM_SECRET}}
    device: ${DEVICE}
    roles: [{id: reader, arn: '${ROLES.reader}'}]
  lab:
    kind: static
    label: Laboratory
    production: true
    accessKeyId: {env: LAB_ID}
    secretAccessKey: {env: LAB_SECRET}
`
  );
  const variables = {
    IAM_ID: USER.accessKeyId,
    IAM_SECRET: twin.secretAccessKey,
    LAB_ID: 'AKIALAB00000001',
    LAB_SECRET: 'the-secret-of-the-laboratory'
  };
  return { folder, variables };
}

/** A command with something on its standard input. */
function typed(
  { folder, variables }: ReturnType<typeof homeOf>,
  args: string[],
  input: string,
  more: Record<string, string> = {}
): Promise<Ended & { signal: string | null }> {
  const env = { PATH: process.env['PATH'], HOME: folder, LAKESIDE_HOME: join(folder, 'home'), ...variables, ...more };
  const child = spawn(process.execPath, [join(programs, 'cli.js'), 'credentials', ...args], { cwd: folder, env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined).end(input);
  return new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
}

test('signs in with a code, gives keys to programs without showing them, switches and signs out', async () => {
  const twin = await stsTwin(systemClock);
  const home = homeOf(twin);
  const run = (...args: string[]): Promise<Ended> => lakeside(home.folder, ['credentials', ...args], home.variables);

  const looked = await run('doctor');
  expect(looked).toMatchObject({ code: 0, out: expect.stringContaining('lakeside credentials exec') as string });
  expect(looked.out).not.toContain(twin.secretAccessKey);
  expect(await run('login')).toMatchObject({ code: 2, err: expect.stringContaining('There is: dev, lab.') as string });
  const wrong = await typed(home, ['login', 'dev'], 'abc\n');
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('six digits') as string });
  const login = await typed(home, ['login', 'dev', '--role', 'reader'], `${twin.code()}\n`);
  expect(login, login.err).toMatchObject({ code: 0, out: 'dev: ada as reader, 59 m left\n' });

  const overview = CredentialsOverview.parse(JSON.parse((await run('list', '--json')).out));
  expect(overview).toMatchObject({
    active: 'dev',
    profiles: [{ state: 'active' }, { colour: 'red', state: 'active' }]
  });

  const program = `const given = process.env;
    const answer = await fetch(given.AWS_CONTAINER_CREDENTIALS_FULL_URI, {
      headers: { Authorization: (await import('node:fs')).readFileSync(given.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, 'utf8') }
    });
    console.log(JSON.stringify({ given, keys: await answer.json() }));
    process.exit(7);`;
  const client = [process.execPath, '--input-type=module', '-e', program];
  const shadowed = { ...home, variables: { ...home.variables, AWS_ACCESS_KEY_ID: 'AKIASHADOW' } };
  const executed = await typed(shadowed, ['exec', '--', ...client], '');
  expect(executed.code, executed.err).toBe(7);
  const { given, keys } = JSON.parse(executed.out) as Record<'given' | 'keys', Record<string, string>>;
  expect(given['AWS_ACCESS_KEY_ID']).toBeUndefined();
  expect(given['LAKESIDE_HOME']).toBe(join(home.folder, 'home'));
  expect(
    twin.accepts({
      accessKeyId: keys['AccessKeyId'] ?? '',
      secretAccessKey: keys['SecretAccessKey'] ?? '',
      sessionToken: keys['Token'] ?? ''
    })
  ).toBe(true);
  expect(Object.values(given).join()).not.toContain(keys['SecretAccessKey']);
  const other = await typed(home, ['exec', '--profile', 'lab', '--', ...client], '');
  expect(other.out).toContain('AKIALAB00000001');
  expect((await typed(home, ['exec', '--', 'no-such-program'], '')).code).toBe(127);

  const bridge = JSON.parse((await run('process')).out) as Record<string, unknown>;
  expect(bridge).toMatchObject({ Version: 1, AccessKeyId: keys['AccessKeyId'], SessionToken: keys['Token'] });
  expect((await run('refresh')).out).toMatch(/^dev: ada as reader, 59 m left/);

  // A file names the profile: pushing asks for what saving asks for.
  const push = (profile: string): Promise<Ended> => {
    const text = `schedules:\n  - {name: Nightly, notebook: {path: a.ipynb}, when: {cron: "@daily"}, credentials: ${profile}}\n`;
    writeFileSync(join(home.folder, 'lakeside.yml'), text);
    return lakeside(home.folder, ['schedule', 'push', 'lakeside.yml'], home.variables);
  };
  writeFileSync(join(home.folder, 'a.ipynb'), notebookFile(['x = 1']));
  const none = await push('nowhere');
  expect(none.code).toBe(2);
  expect(none.err).toContain('credentials names "nowhere"');
  expect((await run('grants')).out).toContain('No schedule may use a profile.');
  const pushed = await push('dev');
  expect(pushed.code, pushed.err).toBe(0);
  expect((await run('grants')).out).toMatch(/Nightly +dev +reader +.* ready/);

  expect((await run('switch', 'lab')).out).toContain('Kernels get the keys of Laboratory now');
  expect(await run('logout', 'dev')).toMatchObject({
    out: 'dev: signed out\n',
    err: expect.stringContaining('Schedules that do not run until you sign in again: Nightly.') as string
  });
  expect(await run('grants')).toMatchObject({
    out: expect.stringContaining('stopped') as string,
    err: expect.stringContaining('the owner must sign in again') as string
  });
  expect(await run('revoke', 'Weekly')).toMatchObject({ code: 2 });
  expect((await run('revoke', 'Nightly')).out).toContain('Nightly may not use dev any more.');
  expect(JSON.parse((await run('grants', '--json')).out)).toEqual({ grants: [] });
  expect(await run('exec', '--profile', 'dev', '--', 'true')).toMatchObject({
    code: 2,
    err: expect.stringContaining('Nobody is signed in to dev') as string
  });
  expect(readdirSync(join(home.folder, 'home', 'credentials', 'sessions'))).toEqual([]);

  const audit = await run('audit');
  expect(audit).toMatchObject({ code: 0, err: expect.stringContaining('none is missing') as string });
  for (const event of ['signed-in', 'switched', 'handed-out', 'renewed', 'permitted', 'revoked', 'signed-out'])
    expect(audit.out).toContain(event);
  expect(audit.out).not.toMatch(
    new RegExp([keys['SecretAccessKey'], twin.secretAccessKey].map(String).map(escape).join('|'))
  );
}, 60_000);

test('killed between receiving and storing keys: the old session or the new one, whole', async () => {
  const twin = await stsTwin(systemClock);
  const home = homeOf(twin);
  const file = join(home.folder, 'home', 'credentials', 'sessions', 'dev.json');
  const keyNow = async (): Promise<string> => {
    const { out, err } = await lakeside(home.folder, ['credentials', 'process', '--profile', 'dev'], home.variables);
    const keys = JSON.parse(out === '' ? err : out) as Record<string, string>;
    const [accessKeyId = '', secretAccessKey = ''] = [keys['AccessKeyId'], keys['SecretAccessKey']];
    expect(twin.accepts({ accessKeyId, secretAccessKey, sessionToken: keys['SessionToken'] })).toBe(true);
    return accessKeyId;
  };
  expect((await typed(home, ['login', 'dev', '--role', 'reader'], `${twin.code()}\n`)).code).toBe(0);
  const first = await keyNow();
  const before = readFileSync(file, 'utf8');

  const killedBefore = await typed(home, ['refresh', 'dev'], '', { LAKESIDE_FAIL_POINT: 'credentials:received' });
  expect(killedBefore.signal).toBe('SIGKILL');
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(await keyNow()).toBe(first);

  const killedAfter = await typed(home, ['refresh', 'dev'], '', { LAKESIDE_FAIL_POINT: 'credentials:stored' });
  expect(killedAfter.signal).toBe('SIGKILL');
  expect(await keyNow()).not.toBe(first);
  // Nothing is locked by the dead.
  expect((await typed(home, ['refresh', 'dev'], '')).code).toBe(0);
}, 60_000);

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
