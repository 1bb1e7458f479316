import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorFinding } from '../../../contract/credentials/index.js';
import { giverOf, renamed, sectionsOf, settingOf, withRegion } from '../../../server/credentials/doctor/awsFiles.js';
import { createCredentialDoctor } from '../../../server/credentials/doctor/doctor.js';
import { kernelView } from '../../../server/credentials/doctor/kernel.js';
import { createEndpoint } from '../../../server/credentials/endpoint/endpoint.js';
import { createMemoryExclusive } from '../../../server/adapters/memory/exclusive.js';
import { scratch } from '../../support/scratch.js';
import { bench, HOUR, madeProvider, profileOf, testClock } from './support.js';

const signal = new AbortController().signal;
const KEYS = '[default]\naws_access_key_id = AKIAOLD\naws_secret_access_key = the-old-secret\n';

/** The doctor of a home, with a real endpoint and one profile of the region eu-west-1. */
async function start(more: { environment?: Record<string, string>; isCommand?: boolean } = {}) {
  const clock = testClock();
  const dev = madeProvider(clock, 'dev', {
    check: () => Promise.resolve([{ state: 'warning', detail: 'The clock is 90 s late.', cure: 'Set it.' }])
  });
  const all = bench({ dev }, { clock, profiles: [profileOf('dev', { label: 'Development', region: 'eu-west-1' })] });
  const home = scratch('lakeside-doctor');
  mkdirSync(join(home, '.aws'));
  const tokenFile = join(home, 'token');
  writeFileSync(tokenFile, 't'.repeat(43), { mode: 0o600 });
  const endpoint = createEndpoint({
    handOut: name => all.handOuts.aws(name),
    handOutSecret: name => all.handOuts.secret(name),
    handedOut: () => undefined,
    tokenFile,
    peers: { find: () => undefined },
    clock,
    log: all.log
  });
  await endpoint.listen({ port: 0 });
  onTestFinished(() => endpoint.close());
  const environment = {
    HOME: home,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint.url() ?? '',
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
    ...more.environment
  };
  const doctor = createCredentialDoctor({
    sessions: all.sessions,
    handOuts: all.handOuts,
    kernel: kernelView(environment),
    choices: all.choices,
    endpoint: () => endpoint.url(),
    isCommand: more.isCommand ?? false,
    exclusive: createMemoryExclusive()
  });
  const finding = async (id: string): Promise<DoctorFinding | undefined> =>
    (await doctor.findings(signal)).find(each => each.id === id);
  const file = (name: string): string => join(home, '.aws', name);
  return { ...all, doctor, finding, file, endpoint, tokenFile, clock, dev };
}

test('all is well: each link says so, in the order in which clients look', async () => {
  const { doctor, signIn, file } = await start({ environment: { AWS_DEFAULT_REGION: 'eu-west-1' } });
  await signIn('dev');
  const findings = await doctor.findings(signal);
  expect(findings.map(({ id, state }) => [id, state])).toEqual([
    ['variables', 'ok'],
    ['shadowing-file', 'ok'],
    ['config-file', 'ok'],
    ['endpoint', 'ok'],
    ['region', 'ok'],
    ['profile-dev', 'warning']
  ]);
  expect(findings.at(-1)).toEqual({
    id: 'profile-dev',
    state: 'warning',
    detail: 'Development: The clock is 90 s late.',
    cure: 'Set it.'
  });
  expect(findings[1]?.detail).toContain(file('credentials'));
});

describe('variables that win', () => {
  const environment = { AWS_ACCESS_KEY_ID: 'AKIAOLD', AWS_SESSION_TOKEN: 'old-token' };

  test('are named, never shown; one click withholds them from kernels, another gives them back', async () => {
    const { doctor, finding, choices } = await start({ environment });
    const found = await finding('variables');
    const unset = ['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN'];
    expect(found).toMatchObject({ state: 'failed', fix: { id: 'withhold-variables', unset } });
    expect(found?.detail).toContain('AWS_ACCESS_KEY_ID and AWS_SESSION_TOKEN');
    expect(JSON.stringify(found)).not.toMatch(/AKIAOLD|old-token/);

    const after = await doctor.fix('withhold-variables', signal);
    expect(after[0]).toMatchObject({ id: 'variables', state: 'ok', fix: { id: 'give-variables' } });
    expect(choices.read().withheld).toEqual(unset);
    await expect(doctor.fix('withhold-variables', signal)).rejects.toMatchObject({ code: 'conflict' });

    const back = await doctor.fix('give-variables', signal);
    expect(back[0]?.state).toBe('failed');
    await expect(doctor.fix('give-variables', signal)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of a terminal are for the person to take out', async () => {
    const { doctor, finding } = await start({ environment, isCommand: true });
    const found = await finding('variables');
    expect(found).toMatchObject({ state: 'failed', cure: 'Take them out: unset AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN' });
    expect(found?.fix).toBeUndefined();
    await expect(doctor.fix('withhold-variables', signal)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a credentials file that wins', () => {
  test('is found, its section renamed with one click, its keys kept', async () => {
    const { doctor, finding, file } = await start();
    const target = `${file('credentials')}.real`;
    const text = `# mine\n${KEYS}\n[default-before-lakeside]\naws_access_key_id = AKIAOLDER\n[other]\nregion = x\n`;
    writeFileSync(target, text, { mode: 0o640 });
    chmodSync(target, 0o640);
    symlinkSync(target, file('credentials'));
    const found = await finding('shadowing-file');
    expect(found).toMatchObject({ state: 'failed', fix: { id: 'rename-section', label: 'Rename [default]' } });
    expect(JSON.stringify(await doctor.findings(signal))).not.toContain('the-old-secret');

    const after = await doctor.fix('rename-section', signal);
    expect(after.find(({ id }) => id === 'shadowing-file')?.state).toBe('ok');
    expect(readFileSync(target, 'utf8')).toBe(text.replace('[default]', '[default-before-lakeside-2]'));
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(lstatSync(file('credentials')).isSymbolicLink()).toBe(true);
    await expect(doctor.fix('rename-section', signal)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is looked at in the section that kernels take', async () => {
    const { finding, file } = await start({ environment: { AWS_PROFILE: 'team' } });
    writeFileSync(file('credentials'), KEYS);
    expect((await finding('shadowing-file'))?.state).toBe('ok');
    writeFileSync(file('credentials'), '[team]\naws_access_key_id=AKIA\n');
    expect((await finding('shadowing-file'))?.state).toBe('failed');
  });

  test('so is the configuration, which is not changed', async () => {
    const { finding, file } = await start();
    writeFileSync(file('config'), '[default]\ncredential_process = /bin/keys\n');
    const found = await finding('config-file');
    expect(found).toMatchObject({ state: 'failed' });
    expect(found?.detail).toContain('credential_process');
    expect(found?.fix).toBeUndefined();
  });
});

describe('the region', () => {
  test('is written where there is none, beside what stands there', async () => {
    const { doctor, finding, file } = await start();
    writeFileSync(file('config'), '[profile team]\nregion = us-west-2\n[default]\noutput = json\n');
    expect(await finding('region')).toMatchObject({ state: 'warning', fix: { id: 'write-region' } });
    await doctor.fix('write-region', signal);
    expect(readFileSync(file('config'), 'utf8')).toBe(
      '[profile team]\nregion = us-west-2\n[default]\nregion = eu-west-1\noutput = json\n'
    );
    expect(await finding('region')).toMatchObject({ state: 'ok' });
    await expect(doctor.fix('write-region', signal)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that differs is told, and left alone', async () => {
    const { finding } = await start({ environment: { AWS_DEFAULT_REGION: 'us-east-1' } });
    const found = await finding('region');
    expect(found).toMatchObject({ state: 'warning' });
    expect(found?.detail).toMatch(/us-east-1.*eu-west-1/);
    expect(found?.fix).toBeUndefined();
  });

  test('is one that boto3 reads too', async () => {
    const { doctor, finding } = await start({ environment: { AWS_REGION: 'eu-west-1' } });
    const found = await finding('region');
    expect(found).toMatchObject({ state: 'warning', fix: { id: 'write-region' } });
    expect(found?.detail).toContain('boto3');
    await doctor.fix('write-region', signal);
    expect(await finding('region')).toMatchObject({ state: 'ok' });
  });

  test('is not written over a file that cannot be read', async () => {
    const { doctor, finding, file } = await start();
    // Root may read whatever its rights are; a folder is no file for anybody.
    mkdirSync(file('config'));
    expect((await finding('region'))?.fix?.id).toBe('write-region');
    await expect(doctor.fix('write-region', signal)).rejects.toThrow();
    expect(statSync(file('config')).isDirectory()).toBe(true);
  });
});

describe('the endpoint', () => {
  test('refuses with its sentence where nobody is signed in, or the session ended', async () => {
    const { finding, signIn, clock, dev } = await start();
    expect(await finding('endpoint')).toMatchObject({ state: 'warning' });
    expect((await finding('endpoint'))?.detail).toContain('Nobody is signed in to Development.');
    await signIn('dev');
    dev.fail = new Error('away');
    clock.move(13 * HOUR);
    expect((await finding('endpoint'))?.state).not.toBe('ok');
  });

  test('that is gone, without a token, or another one than kernels ask', async () => {
    const { finding, endpoint, tokenFile, doctor } = await start();
    writeFileSync(tokenFile, 'line\nbreak'.repeat(9));
    expect(await finding('endpoint')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('token') as string
    });
    await endpoint.close();
    writeFileSync(tokenFile, 't'.repeat(43));
    expect(await finding('endpoint')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('does not answer') as string
    });
    const other = await start({ environment: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/other' } });
    expect((await other.finding('endpoint'))?.detail).toContain('http://127.0.0.1:1/other');
    const blind = await start({ environment: { AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: join(tokenFile, 'none') } });
    expect((await blind.finding('endpoint'))?.detail).toContain('no token');
    await expect(doctor.fix('toString', signal)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is not missed by a command in a terminal elsewhere, but where Jupyter started without a profile', async () => {
    const nothing = { AWS_CONTAINER_CREDENTIALS_FULL_URI: '' };
    const command = await start({ environment: nothing, isCommand: true });
    expect(await command.finding('endpoint')).toMatchObject({
      state: 'warning',
      cure: expect.stringContaining('credentials exec') as string
    });
    const server = await start({ environment: nothing });
    expect(await server.finding('endpoint')).toMatchObject({ state: 'failed' });
  });
});

test('a provider that cannot be made is a finding, not an end', async () => {
  const all = bench({}, { profiles: [profileOf('gone', { label: 'Gone' })] });
  const doctor = createCredentialDoctor({
    sessions: all.sessions,
    handOuts: all.handOuts,
    kernel: kernelView({ HOME: scratch() }),
    choices: all.choices,
    endpoint: () => undefined,
    isCommand: true,
    exclusive: createMemoryExclusive()
  });
  const findings = await doctor.findings(signal);
  expect(findings.at(-1)).toMatchObject({ id: 'profile-gone', state: 'failed' });
});

describe('files of AWS', () => {
  test('have sections, settings below them, and lines that belong to others', () => {
    const text =
      '; first\n[default]\r\nREGION = eu-west-1 \r\ns3 =\n  aws_access_key_id = no\n[ profile "my team" ]\na:b\n[broken\nx=1\n';
    expect(sectionsOf(text).map(({ line, name, values }) => [line, name, [...values]])).toEqual([
      [
        1,
        'default',
        [
          ['region', 'eu-west-1'],
          ['s3', '']
        ]
      ],
      [
        5,
        'my team',
        [
          ['a', 'b'],
          ['x', '1']
        ]
      ]
    ]);
    expect(giverOf(text, 'default')).toBeUndefined();
    expect(settingOf(text, 'default', 'region')).toBe('eu-west-1');
  });

  test('keep their ends of lines, and take a section that is not there', () => {
    expect(renamed('[a]\r\nk=1\r\n', 'a', 'b')).toEqual({ text: '[b]\r\nk=1\r\n', name: 'b' });
    expect(withRegion('', 'default', 'r')).toBe('[default]\nregion = r\n');
    expect(withRegion('[default]', 'team', 'r')).toBe('[default]\n[profile team]\nregion = r\n');
  });
});
