import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProblemError } from '../../../contract/problem.js';
import { createSecretReader } from '../../../server/configuration/secret.js';
import { registerSecret } from '../../../server/logging.js';
import type { OutsidePlugin } from '../../../server/plugins/outside.js';
import type { PluginSurroundings } from '../../../server/plugins/plugin.js';
import type { WikiTarget } from '../../../server/share/ports.js';
import { regionMarks } from '../../../server/share/wiki/region.js';
import { testSurroundings } from '../../support/pluginTesting.js';
import { programs } from '../../support/programs.js';
import { outsidePlugin, pluginCode, writePlugin, type Line } from '../../support/plugins.js';
import { scratch } from '../../support/scratch.js';

const TOKEN = 'hunter2-and-more';
const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';
const { begin, end } = regionMarks('commonmark', MARKER);
const body = `${begin}\nText.\n${end}`;
const page = { title: 'A', body, summary: '' };

const around: PluginSurroundings = {
  ...testSurroundings({ label: 'Acme' }),
  readSecret: createSecretReader({
    variable: name => ({ ACME_TOKEN: TOKEN, OTHER: 'another secret' })[name],
    register: registerSecret
  })
};

/** A plug-in with this code, as Lakeside makes it. @param call - how long a call may take, in milliseconds */
async function made(code: string, call = 20_000): Promise<{ plugin: OutsidePlugin; lines: Line[] }> {
  const found = await outsidePlugin(writePlugin(scratch(), { code }), { call, alive: 1_000 });
  onTestFinished(() => found.plugin.close());
  return found;
}

async function target(instead = '', settings: object = {}, call?: number): Promise<WikiTarget> {
  const { plugin } = await made(pluginCode({ instead }), call);
  return plugin.create(settings, around);
}

describe('a plug-in from outside', () => {
  test('does what a wiki of Lakeside does', async () => {
    const wiki = await target();
    expect(await wiki.check()).toMatchObject({ software: 'Acme 1', lacks: [] });
    const first = await wiki.create(page);
    expect(first).toEqual({
      id: '1',
      title: 'A',
      space: 'home',
      url: 'https://acme.example.org/1',
      version: '1',
      body
    });
    expect(await wiki.read('1')).toEqual(first);
    expect(await wiki.read('2')).toBeUndefined();
    expect((await wiki.find(MARKER, {})).map(({ id }) => id)).toEqual(['1']);
    const next = await wiki.write('1', { base: '1', body: `${body}\n`, summary: '' });
    expect(next.version).toBe('2');
    await expect(wiki.write('1', { base: '1', body, summary: '' })).rejects.toMatchObject({
      code: 'target-conflict',
      message: 'Somebody was faster.'
    });
  });

  test('gets its settings with their defaults, and no other part of the environment', async () => {
    const wiki = await target(`
      check: async () => ({ features, account: settings.room, software: Object.keys(process.env).sort().join(' '), lacks: [] }),`);
    const { account, software } = await wiki.check();
    expect(account).toBe('home');
    expect(software.split(' ').filter(name => !name.startsWith('__'))).toEqual(['HOME', 'PATH']);
  });

  test('is told what is wrong with its settings as the configuration tells it', async () => {
    const { plugin } = await made(pluginCode());
    const named = { ...around, settings: 'targets.notes in /etc/lakeside/config.yml' };
    await expect(plugin.create({ romo: 'x' }, named)).rejects.toMatchObject({
      code: 'invalid',
      errors: [{ field: 'targets.notes.romo', message: expect.stringContaining('Did you mean room?') as string }]
    });
  });

  test('gets the secrets its settings refer to, and no others', async () => {
    const software = `(await around.readSecret(settings.token)).length + ' ' + await around.readSecret({ env: 'OTHER' }).catch(e => e.message)`;
    const wiki = await target(`check: async () => ({ features, account: 'a', software: ${software}, lacks: [] }),`, {
      token: { env: 'ACME_TOKEN' }
    });
    expect((await wiki.check()).software).toBe(
      `${TOKEN.length} The settings of the target do not refer to this secret.`
    );
  });

  test('writes into the log of Lakeside', async () => {
    const { plugin, lines } = await made(
      pluginCode({
        before: `console.log('printed');`,
        instead: `check: async () => { around.log.warn({ n: 1 }, 'logged'); throw 1; },`
      })
    );
    const wiki = await plugin.create({}, around);
    await expect(wiki.check()).rejects.toThrow();
    await expect
      .poll(() => lines.map(({ level, message }) => `${level} ${message}`).sort())
      .toEqual(['debug printed', 'warn logged']);
  });

  test('stops when it is asked to', async () => {
    const wiki = await target(`
      read: (id, { signal }) => new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('late')))),`);
    const controller = new AbortController();
    const reading = wiki.read('1', { signal: controller.signal });
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
    await expect(wiki.read('1', { signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
    expect(await wiki.check()).toMatchObject({ account: 'robot' });
  });
});

describe('a broken plug-in is named, and Lakeside goes on', () => {
  test.each<[string, string, RegExp]>([
    ['throws at import', `throw new Error('no luck');`, /acme-wiki failed to load: no luck/],
    ['throws no error at import', `throw undefined;`, /acme-wiki failed to load: without a word/],
    ['is no JavaScript', `const = 1;`, /failed to load: /],
    [
      'needs a package that is missing',
      `import 'no-such-package';`,
      /failed to load: Cannot find package 'no-such-package'/
    ],
    ['ends the process at import', `process.exit(0);`, /broke off: it ended by itself \(exit code 0\)/],
    ['crashes at import', `process.abort();`, /broke off: it ended by itself \(SIGABRT\)/],
    ['exports nothing', `export const plugin = {};`, /failed to load: its module has no default export/],
    [
      'has another id than it says',
      pluginCode({ id: 'other' }),
      /its package.json says id "acme" and its module "other"/
    ],
    ['has no create()', `export default { kind: 'wiki-target', id: 'acme', config: {} };`, /it has no create\(\)/],
    [
      'has settings that are no schema',
      `export default { kind: 'wiki-target', id: 'acme', config: {}, create() {} };`,
      /its config is no z.object\(\)/
    ]
  ])('that %s', async (_, code, sentence) => {
    const { plugin } = await made(code);
    await expect(plugin.load()).rejects.toMatchObject({
      code: 'target-failed',
      message: expect.stringMatching(sentence) as string
    });
    await expect(plugin.create({}, around)).rejects.toThrow(sentence);
  });

  test.each([
    ['waits for ever', `await new Promise(() => setInterval(() => {}, 1e6));`],
    ['blocks its process', `for (;;);`]
  ])('that %s at import', async (_, code) => {
    const folder = writePlugin(scratch(), { code });
    const { plugin } = await outsidePlugin(folder, { load: 1_500 });
    await expect(plugin.load()).rejects.toThrow(/acme-wiki broke off: it was not loaded within 2 seconds/);
  });

  test.each<[string, string, RegExp]>([
    ['nothing', `create: undefined`, /create\(\) made a target without create\(\)/],
    ['garbage', `check: async () => 'well', `, /wrong answer in check\(\): Invalid input: expected object/],
    [
      'a part',
      `check: async () => ({ features: { ...features, dialect: 'klingon' }, account: 'a', software: 'b', lacks: [] }),`,
      /features\.dialect/
    ],
    [
      'an address that is a script',
      `check: async () => ({ features, account: 'a', software: 'b', lacks: [] }), read: async () => ({ id: '1', title: 'A', space: 'home', url: 'javascript:alert(1)', version: '1', body: '' }),`,
      /url: must be an absolute address/
    ],
    ['a circle', `check: async () => { const a = {}; a.a = a; return a; },`, /failed in check\(\): .*circular/],
    ['a BigInt', `check: async () => 1n,`, /failed in check\(\): .*BigInt/],
    ['too much', `check: async () => 'x'.repeat(70 * 1024 * 1024),`, /its answer has \d+ characters/],
    [
      'an error',
      `check: async () => { throw new Error('no\\u001b[31m luck'); },`,
      /plug-in .*acme-wiki failed in check\(\): no \[31m luck\. Try again/
    ],
    ['a text thrown', `check: async () => { throw 'no luck'; },`, /it threw no luck/],
    [
      'what throws when it is looked at',
      `check: async () => { throw { get name() { throw 1; } }; },`,
      /failed in check\(\): something that cannot be read/
    ],
    ['nothing thrown', `check: async () => { throw null; },`, /failed in check\(\): without a word/],
    [
      'blame for Lakeside',
      `check: async () => { throw new ProblemError('internal', 'Lakeside did it.'); },`,
      /acme-wiki failed in check\(\): Lakeside did it/
    ],
    [
      'a crash',
      `check: async () => { setImmediate(() => { throw new Error('later'); }); await new Promise(() => {}); },`,
      /broke off: it ended by itself \(exit code 1\).*later/
    ]
  ])('that answers with %s', async (_, instead, sentence) => {
    const attempt = async (): Promise<unknown> => {
      const wiki = await target(instead);
      await wiki.check();
      return wiki.read('1');
    };
    await expect(attempt()).rejects.toMatchObject({
      code: 'target-failed',
      message: expect.stringMatching(sentence) as string
    });
  });

  test('that is slow is given up, and goes on', async () => {
    const wiki = await target(`read: () => new Promise(() => setInterval(() => {}, 1e6)),`, {}, 1_500);
    await expect(wiki.read('1')).rejects.toMatchObject({
      code: 'target-unreachable',
      message: expect.stringMatching(/acme-wiki gave no answer within 2 seconds/) as string
    });
    await wiki.create(page);
    expect(await wiki.find(MARKER, {})).toHaveLength(1);
  });

  test('that hangs is ended, and started anew', async () => {
    const wiki = await target(`read: () => { for (;;); },`, {}, 1_500);
    await expect(wiki.read('1')).rejects.toMatchObject({ code: 'target-unreachable' });
    await expect
      .poll(() => wiki.check().catch(() => undefined), { timeout: 10_000 })
      .toMatchObject({ account: 'robot' });
  });

  test('that crashed is started anew', async () => {
    const wiki = await target(`read: () => process.exit(3),`);
    await expect(wiki.read('1')).rejects.toThrow(/exit code 3/);
    expect(await wiki.check()).toMatchObject({ account: 'robot' });
  });

  test('that finds a page which is not ours does not get it written', async () => {
    const wiki = await target(`find: async () => [...pages.keys()].map(page),`);
    await wiki.check();
    await wiki.create({ ...page, body: 'Somebody else wrote this.' });
    await wiki.create(page);
    expect((await wiki.find(MARKER, {})).map(({ id }) => id)).toEqual(['2']);
  });

  test('that wrote to another page is told from one that did not', async () => {
    const wiki = await target(`write: async () => page('2'),`);
    await wiki.create(page);
    await wiki.create(page);
    await expect(wiki.write('1', { base: '1', body, summary: '' })).rejects.toThrow(/answered with another one/);
  });

  test('that tells a secret does not get it out', async () => {
    const instead = `
      check: async () => { const t = await around.readSecret(settings.token); return { features, account: t, software: btoa(t), lacks: ['x ' + t] }; },
      read: async () => { const t = await around.readSecret(settings.token); console.log(t); around.log.error({ t }, t); throw new Error('with ' + t); },
      write: async () => { const t = await around.readSecret(settings.token); throw new ProblemError('target-signin', 'as ' + t, { errors: [{ field: t, message: t }] }); },`;
    const { plugin, lines } = await made(pluginCode({ instead }));
    const wiki = await plugin.create({ token: { env: 'ACME_TOKEN' } }, around);
    const seen: unknown[] = [await wiki.check()];
    for (const call of [wiki.read('1'), wiki.write('1', { base: '1', body, summary: '' })])
      seen.push(await call.then(undefined, (error: unknown) => (error as ProblemError).toProblem()));
    await expect.poll(() => lines.length).toBeGreaterThan(1);
    const printed = lines.filter(({ level }) => level === 'debug');
    const text = JSON.stringify([seen, printed]);
    expect(text).toContain('[secret]');
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain(Buffer.from(TOKEN).toString('base64').replace(/=+$/, ''));
  });

  test('that speaks on the channel of Lakeside as it likes is not heard', async () => {
    const wiki = await target(`
      read: async () => { for (const m of [1, null, 'x', { type: 'done', id: 'x' }, { type: 'done', id: 999 }, { type: 'broken', fault: {} }]) process.send(m); return undefined; },`);
    expect(await wiki.read('1')).toBeUndefined();
    expect(await wiki.check()).toMatchObject({ account: 'robot' });
  });

  test('ends with Lakeside, even while it hangs', async () => {
    const folder = writePlugin(scratch(), {
      code: pluginCode({ before: 'console.log(process.pid);', instead: 'read: () => { for (;;); },' })
    });
    const { plugin, lines } = await outsidePlugin(folder, { call: 500 });
    const wiki = await plugin.create({}, around);
    await expect.poll(() => lines.length).toBe(1);
    const pid = Number(lines[0]?.message);
    await expect(wiki.read('1')).rejects.toThrow();
    await plugin.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

test('its process ends when Lakeside is killed, even while it hangs', async () => {
  const folder = writePlugin(scratch(), { code: 'for (;;);' });
  const start = { entry: pathToFileURL(join(folder, 'index.js')).href, kind: 'wiki-target', id: 'acme' };
  const host = JSON.stringify(join(programs, 'plugins', 'host.js'));
  const given = `JSON.stringify({ ...${JSON.stringify(start)}, parent: process.pid })`;
  const script = `console.log(require('node:child_process').fork(${host}, [${given}]).pid)`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(printed.toString());
  const lives = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  expect(lives()).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(lives, { timeout: 20_000, interval: 200 }).toBe(false);
});

test('its own check is what the doctor shows', async () => {
  const code = pluginCode().replace(
    'async create(settings',
    `check: async ({ room }) => [{ state: 'warning', detail: 'room ' + room, cure: 'Air it.' }], async create(settings`
  );
  const { plugin } = await made(code);
  expect(await plugin.check!({}, around)).toEqual([{ state: 'warning', detail: 'room home', cure: 'Air it.' }]);
  const { plugin: without } = await made(pluginCode());
  expect(await without.check!({}, around)).toEqual([{ state: 'ok', detail: 'Acme 1, as robot' }]);
});

test('a module in CommonJS is taken too', async () => {
  const folder = writePlugin(scratch(), { code: '' });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'acme-wiki', main: 'x.cjs', lakeside: { api: 1, kind: 'wiki-target', id: 'acme' } })
  );
  writeFileSync(
    join(folder, 'x.cjs'),
    `const { z } = require('@lakeside/plugin-kit'); exports.default = { kind: 'wiki-target', id: 'acme', config: z.object({}), create: async () => ({}) };`
  );
  const { plugin } = await outsidePlugin(folder);
  onTestFinished(() => plugin.close());
  await plugin.load();
  await expect(plugin.create({}, around)).rejects.toThrow(/a target without check\(\), spaces\(\)/);
});
