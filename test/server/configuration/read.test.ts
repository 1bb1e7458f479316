import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProblemError } from '../../../contract/problem.js';
import { builtInPlugins } from '../../../server/composePlugins.js';
import { readConfiguration } from '../../../server/configuration/read.js';
import { definePlugin } from '../../../server/plugins/plugin.js';
import { createRegistry } from '../../../server/plugins/registry.js';
import { scratch } from '../../support/scratch.js';

let policy: string;
let own: string;
beforeEach(() => {
  const folder = scratch();
  policy = join(folder, 'policy.yml');
  own = join(folder, 'own.yml');
});

const bucket = 'library:\n  kind: s3\n  bucket: notebooks\n';

/** Reads what was written to the two places. */
function read(texts: { own?: string; policy?: string }) {
  const files = [];
  for (const [file, text] of [
    [own, texts.own],
    [policy, texts.policy]
  ] as const) {
    if (text === undefined) continue;
    writeFileSync(file, text);
    files.push({ file, isPolicy: file === policy });
  }
  return readConfiguration(files, builtInPlugins());
}

async function refusal(text: string): Promise<ProblemError> {
  return read({ own: text }).then(
    () => {
      throw new Error('It was taken.');
    },
    (error: unknown) => error as ProblemError
  );
}

describe('a configuration file', () => {
  test('chooses an object store and its settings', async () => {
    expect(await read({ own: `${bucket}  prefix: team/library\n  endpoint: https://s3.example.org\n` })).toMatchObject({
      files: [{ file: own, isPolicy: false }],
      origin: { library: own },
      outside: [],
      broken: [],
      library: { kind: 's3', bucket: 'notebooks', prefix: 'team/library', endpoint: 'https://s3.example.org' }
    });
  });

  test.each(['', '\n', '# nothing yet\n', '---\n', '{}'])('may be empty: %j', async text => {
    const { registry: _, ...rest } = await read({ own: text });
    expect(rest).toEqual({ files: [{ file: own, isPolicy: false }], origin: {}, outside: [], broken: [] });
  });

  test('of the organisation wins, whole sections at a time', async () => {
    const theirs = `${bucket}  endpoint: https://theirs.example.org\n`;
    const mine = `${bucket}  region: eu-central-1\n`;
    expect(await read({ own: mine, policy: theirs })).toMatchObject({
      files: [{ isPolicy: true }, { isPolicy: false }],
      origin: { library: policy },
      library: { kind: 's3', bucket: 'notebooks', endpoint: 'https://theirs.example.org' }
    });
    expect((await read({ own: mine, policy: theirs })).library).not.toHaveProperty('region');
    expect(await read({ own: mine, policy: '{}' })).toMatchObject({ origin: { library: own } });
  });

  test('of a person that is wrong is told, also where the organisation decides', async () => {
    await expect(read({ own: 'libary: {}', policy: bucket })).rejects.toThrow(
      `${own}, line 1: there is no key libary.`
    );
  });
});

describe('profiles of credentials', () => {
  const source = (more: string): string =>
    `sources:\n  shop:\n    kind: postgresql\n    host: db.example.org\n    database: shop\n${more}`;
  const bucketOf = (credentials: string): string => `${bucket}  credentials: ${credentials}\n`;

  test.each([
    source('    password: {credential: warehouse}\n'),
    source('    user: ada\n    password: {credential: warehouse}\n'),
    source('    user: ada\n'),
    bucketOf('{profile: prod}')
  ])('stand in the place of secrets: %j', async text => {
    await expect(read({ own: text })).resolves.toMatchObject({ files: [{ file: own }] });
  });

  test.each<[string, string]>([
    [source(''), 'sources.shop.user is missing.'],
    [source('    password: {env: A}\n'), 'sources.shop.user is missing.'],
    [bucketOf('{profile: active}'), 'credentials.profile must be a name of small letters'],
    [bucketOf('{}'), 'library.credentials.accessKeyId is missing.'],
    [bucketOf('{accessKeyId: A}'), 'library.credentials.secretAccessKey is missing.'],
    [bucketOf('{profile: prod, accessKeyId: A}'), 'library.credentials.accessKeyId must not be there beside profile.'],
    [bucketOf('{profil: prod}'), 'Did you mean profile?'],
    [
      'profiles:\n  warehouse:\n    kind: database\n    password: {credential: other}\n',
      'profiles.warehouse.password must say where the secret is, {env: NAME} or {file: /path}, never the secret itself.'
    ]
  ])('that are wrong there have a sentence: %j', async (text, sentence) => {
    expect((await refusal(text)).message).toContain(sentence);
  });
});

describe('what is wrong is told with file, line, key and the cure', () => {
  test.each<[string, string, number, string, RegExp]>([
    ['a misspelt section', '\nlibary:\n  kind: s3\n', 2, 'libary', /no key libary\. Did you mean library\?/],
    ['a misspelt key', `${bucket}  endpiont: https://x\n`, 4, 'library.endpiont', /Did you mean endpoint\?.*pathStyle/],
    [
      'a key like no other',
      `${bucket}  zzzzzzzzzz: 1\n`,
      4,
      'library.zzzzzzzzzz',
      /no key library\.zzzzzzzzzz\. Known/
    ],
    [
      'a kind nobody knows',
      'library:\n\n  kind: s33\n',
      3,
      'library.kind',
      /not known\. Did you mean s3\? .*files, s3/
    ],
    ['no kind', 'library:\n  bucket: a\n', 1, 'library.kind', /library\.kind is missing\. It is one of: files, s3/],
    ['no bucket', 'library:\n  kind: s3\n  region: x\n', 1, 'library.bucket', /library\.bucket is missing/],
    ['a number for text', 'library:\n  kind: s3\n  bucket: 12\n', 3, 'library.bucket', /library\.bucket must be text/],
    ['a bad name', 'library: {kind: s3, bucket: "s3://x"}', 1, 'library.bucket', /must be the name of a bucket/],
    ['a bad address', `${bucket}  endpoint: ftp://x\n`, 4, 'library.endpoint', /begins with https/],
    ['a relative folder', 'library:\n  kind: files\n  directory: x\n', 3, 'library.directory', /absolute path/],
    ['a section that is text', 'library: s3\n', 1, 'library', /library must be a section|library\.kind is missing/],
    ['a list', '- library\n', 1, '', /the file must be a section with keys/]
  ])('%s', async (_, text, line, field, sentence) => {
    const problem = await refusal(text);
    expect(problem).toMatchObject({ code: 'invalid', status: 422 });
    expect(problem.message).toMatch(sentence);
    expect(problem.message).toContain(`${own}, line ${line}: `);
    expect(problem.errors?.[0]).toEqual({ field, message: problem.message });
  });

  test.each<[string, number]>([
    ['library:\n  kind: "s3\n', 3],
    ['library:\n\tkind: s3\n', 2],
    ['a: 1\na: 2\n', 2],
    ['library: {kind: s3\n', 2]
  ])('%j is not YAML', async (text, line) => {
    const problem = await refusal(text);
    expect(problem).toMatchObject({ code: 'invalid' });
    expect(problem.message).toContain('this is not YAML');
    expect(problem.message).toMatch(new RegExp(`line (${line}|${line - 1}):`));
  });

  test('several faults, each with its line', async () => {
    const problem = await refusal('library:\n  kind: s3\n  bucket: b\n  pathStyle: often\nfoo: 1\n');
    expect(problem.errors?.map(({ field }) => field)).toEqual(['library.bucket', 'library.pathStyle', 'foo']);
    expect(problem.errors?.map(({ message }) => /line (\d+)/.exec(message)?.[1])).toEqual(['3', '4', '5']);
  });

  test('without telling what was written, which may be a secret', async () => {
    const text = `${bucket}  credentials:\n    accessKeyId: AKIDEXAMPLE\n    secretAccessKey: wJalrXUtnFEMI-K7MDENG\n`;
    const problem = await refusal(text);
    expect(problem.message).toContain('line 6: library.credentials.secretAccessKey must say where the secret is');
    expect(JSON.stringify(problem.toProblem())).not.toContain('wJalrXUtnFEMI');
    const misplaced = await refusal(`${bucket}  credentials:\n    secretAccesKey: wJalrXUtnFEMI-K7MDENG\n`);
    expect(JSON.stringify(misplaced.toProblem())).not.toContain('wJalrXUtnFEMI');
  });

  test('aliases without end', async () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (let n = 0; n < 8; n++) {
      const name = String.fromCharCode(97 + n);
      const next = String.fromCharCode(98 + n);
      lines.push(`${next}: &${next} [${Array.from({ length: 10 }, () => `*${name}`).join(',')}]`);
    }
    expect(await refusal(lines.join('\n'))).toMatchObject({ code: 'invalid' });
  });

  test('a folder in its place', async () => {
    mkdirSync(own);
    await expect(readConfiguration([{ file: own, isPolicy: false }], builtInPlugins())).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(`${own} cannot be read`) as string
    });
  });
});

describe('plug-ins', () => {
  const twin = (id: string) =>
    definePlugin({
      kind: 'object-store',
      id,
      config: z.strictObject({ size: z.number().default(3) }),
      create: () => Promise.reject(new Error('not made here'))
    });

  test('bring their own settings, with defaults', async () => {
    writeFileSync(own, 'library: {kind: mine}');
    const files = [{ file: own, isPolicy: false }];
    expect((await readConfiguration(files, createRegistry([twin('mine')]))).library).toEqual({ kind: 'mine', size: 3 });
    await expect(readConfiguration(files, createRegistry([twin('other')]))).rejects.toThrow(/It is one of: other/);
  });

  test('are found by kind and id, and there are no two of one name', () => {
    const [one, two] = [twin('one'), twin('two')];
    const registry = createRegistry([two, one]);
    expect(registry.of('object-store').map(({ id }) => id)).toEqual(['one', 'two']);
    expect(registry.find('object-store', 'two')).toBe(two);
    expect(() => registry.find('object-store', 'three')).toThrow('no plug-in object-store/three');
    expect(() => createRegistry([one, twin('one')])).toThrow('two plug-ins object-store/one');
  });
});
