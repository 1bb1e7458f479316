import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMemoryLog } from '../../../server/adapters/memory/log.js';
import { composeTables } from '../../../server/composeTables.js';
import { readConfig } from '../../../server/config.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';
import { ada } from './support.js';

/** The tables of a scratch home, with the files of configuration that are given. */
function home(given: { own?: string; policy?: string; kernelEnvironment?: Record<string, string> } = {}) {
  const { own, policy, kernelEnvironment } = given;
  const folder = scratch('lakeside-sources');
  const file = join(folder, 'own', 'config.yml');
  const policyFile = join(folder, 'policy.yml');
  for (const [path, text] of [
    [file, own],
    [policyFile, policy]
  ] as const) {
    if (text === undefined) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const config = {
    ...readConfig('sidecar', { HOME: folder, LAKESIDE_HOME: join(folder, 'home') }),
    configurationFiles: [
      { file: policyFile, isPolicy: true },
      { file, isPolicy: false }
    ]
  };
  const log = createMemoryLog();
  const composed = composeTables({
    ...{ config, log, programs, notebooks: folder },
    ...(kernelEnvironment && { kernelEnvironment })
  });
  return { service: composed.service, close: () => composed.close(), file, folder, log };
}

const settings = { kind: 'memory', schemas: 2, tables: 3 };

describe('adding a source', () => {
  test('writes it into the own file, comments stay, and it is used without a restart', async () => {
    const { service, close, file } = home({
      own: '# mine\npublicUrl: https://lab.example.org/ # where we are\nsources:\n  # the first\n  one: { kind: memory }\n'
    });
    const tables = await service();
    expect((await tables.sources(ada)).map(({ id }) => id)).toEqual(['one']);
    const added = await tables.add(ada, 'two', { ...settings, label: 'Two' });
    expect(added).toMatchObject({ id: 'two', label: 'Two', kind: 'memory', origin: 'configuration' });
    const text = readFileSync(file, 'utf8');
    for (const comment of ['# mine', '# where we are', '# the first']) expect(text).toContain(comment);
    expect(text).toContain('  two:\n    kind: memory\n    schemas: 2\n');
    expect((await tables.sources(ada)).map(({ id }) => id)).toEqual(['one', 'two']);
    expect(await tables.schemas(ada, 'two')).toHaveLength(2);
    await close();
  });

  test('makes the file where there is none, for its owner alone, and follows a link', async () => {
    const { service, close, file, folder } = home();
    await (await service()).add(ada, 'one', settings);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await close();
    const linked = home();
    mkdirSync(dirname(linked.file));
    writeFileSync(join(folder, 'elsewhere.yml'), '# elsewhere\n');
    symlinkSync(join(folder, 'elsewhere.yml'), linked.file);
    await (await linked.service()).add(ada, 'one', settings);
    expect(readFileSync(join(folder, 'elsewhere.yml'), 'utf8')).toMatch(/^# elsewhere\n[^]*sources:/);
    await linked.close();
  });

  test('is refused where the name is taken or the organisation names the sources; the file stays as it is', async () => {
    const taken = home({ own: 'sources:\n  one: { kind: memory }\n' });
    const refused = await (await taken.service()).add(ada, 'one', settings).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'conflict', message: expect.stringContaining('"one"') });
    expect(readFileSync(taken.file, 'utf8')).toBe('sources:\n  one: { kind: memory }\n');
    await taken.close();
    const ruled = home({ policy: 'sources:\n  one: { kind: memory }\n' });
    await expect((await ruled.service()).add(ada, 'two', settings)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('organisation')
    });
    await ruled.close();
  });

  test.each([
    [{ kind: 'nonsense' }, 'kind', /is not known\. It is one of:/],
    [{ kind: 'memory', tables: 'many' }, 'tables', /must be a number/],
    [{ kind: 'memory', tabels: 3 }, 'tabels', /Did you mean tables\?/],
    [{}, 'kind', /is missing/]
  ])('with wrong settings %j names the field %s', async (wrong, field, sentence) => {
    const { service, close, file } = home();
    const tables = await service();
    for (const attempt of [tables.add(ada, 'one', wrong), tables.test(ada, wrong, new AbortController().signal)]) {
      const problem = await attempt.catch((error: unknown) => error);
      expect(problem).toMatchObject({ code: 'invalid', errors: [{ field, message: expect.stringMatching(sentence) }] });
    }
    expect(() => statSync(file)).toThrow();
    await close();
  });

  test('two at the same time are both there', async () => {
    const { service, close } = home();
    const tables = await service();
    await Promise.all([tables.add(ada, 'one', settings), tables.add(ada, 'two', settings)]);
    expect((await tables.sources(ada)).map(({ id }) => id)).toEqual(['one', 'two']);
    await close();
  });

  test('to a file that is not right is refused with its line', async () => {
    const { service, close, file } = home({ own: 'sources:\n  one: { kind: memory }\n' });
    const tables = await service();
    await tables.sources(ada);
    writeFileSync(file, 'sources:\n  one: { kind: memory }\n  - broken');
    await expect(tables.add(ada, 'two', settings)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/line \d/)
    });
    expect((await tables.sources(ada)).map(({ id }) => id)).toEqual(['one']);
    await close();
  });
});

test('settings are tried without being saved', async () => {
  const { service, close, file } = home();
  const tested = await (await service()).test(ada, settings, new AbortController().signal);
  expect(tested).toEqual({ ok: true, findings: [{ state: 'ok', detail: '2 schemas in memory' }] });
  expect(() => statSync(file)).toThrow();
  await close();
});

test('a source that is tried may refer to variables of the kernels, and to no other', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end('{}');
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const { service, close } = home({ kernelEnvironment: { SHOP_TOKEN: 'token-of-the-kernels' } });
  const tables = await service();
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tried = (env: string) =>
    tables.test(ada, { kind: 'iceberg', uri, token: { env } }, new AbortController().signal);
  expect((await tried('SHOP_TOKEN')).ok).toBe(false);
  expect(seen[0]).toBe('Bearer token-of-the-kernels');
  expect(JSON.stringify(await tried('constructor'))).toContain('from the variable constructor, which is not set');
  await close();
  server.close();
});

test('the process of the index answers, keeps what it read, and ends with the service', async () => {
  const { service, close, folder } = home({ own: 'sources:\n  one: { kind: memory }\n' });
  const tables = await service();
  while ((await tables.sources(ada))[0]?.index.state !== 'ready') await new Promise(resolve => setTimeout(resolve, 10));
  const { hits } = await tables.search(ada, { q: 'order_fact', columns: false, limit: 5 });
  expect(hits[0]).toMatchObject({ source: 'one', type: 'table' });
  const { tables: page, total } = await tables.list(ada, 'one', { schema: 'order_000', offset: 0, limit: 2 });
  expect([page.length, total]).toEqual([2, 20]);
  await close();
  expect(statSync(join(folder, 'home', 'tables')).mode & 0o777).toBe(0o700);
  await expect(tables.search(ada, { q: 'x', columns: false, limit: 5 })).rejects.toMatchObject({ code: 'stopping' });
});
