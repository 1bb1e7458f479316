import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { builtInPlugins, outsidePlugins } from '../../../server/composePlugins.js';
import { readConfig } from '../../../server/config.js';
import { readConfiguration } from '../../../server/configuration/read.js';
import type { Configuration } from '../../../server/configuration/read.js';
import { silent } from '../../support/share/home.js';
import { pluginCode, writePlugin } from '../../support/plugins.js';
import { programs } from '../../support/programs.js';
import { scratch } from '../../support/scratch.js';

let folder: string;
let own: string;
let policy: string;

beforeEach(() => {
  folder = scratch();
  own = join(folder, 'own', 'config.yml');
  policy = join(folder, 'policy', 'config.yml');
  for (const file of [own, policy]) mkdirSync(join(dirname(file), 'plugins'), { recursive: true });
});

function read(texts: { own?: string; policy?: string }): Promise<Configuration> {
  const files = (
    [
      [own, texts.own],
      [policy, texts.policy]
    ] as const
  ).flatMap(([file, text]) => {
    if (text === undefined) return [];
    writeFileSync(file, text);
    return [{ file, isPolicy: file === policy }];
  });
  const config = readConfig('cli', { HOME: folder });
  return readConfiguration(files, builtInPlugins(), outsidePlugins({ config, log: silent, programs }));
}

const notes = 'targets:\n  notes:\n    kind: acme\n    label: Notes\n    room: attic\n    anything: 1\n';

describe('plug-ins from outside in the configuration', () => {
  test('bring their kind of target; their settings are theirs to check', async () => {
    writePlugin(join(folder, 'own', 'plugins'), { code: 'throw 1;' });
    const { outside, broken, targets, registry } = await read({ own: `plugins: [acme-wiki]\n${notes}` });
    expect(broken).toEqual([]);
    expect(outside.map(({ id, outside: { name, version } }) => [id, name, version])).toEqual([
      ['acme', 'acme-wiki', '2.1.0']
    ]);
    expect(targets?.['notes']).toEqual({ kind: 'acme', label: 'Notes', room: 'attic', anything: 1 });
    expect(registry.find('wiki-target', 'acme')).toBe(outside[0]);
  });

  test('are those of the organisation where it names any, found beside its file', async () => {
    writePlugin(join(folder, 'own', 'plugins'), { code: '' });
    writePlugin(join(folder, 'policy', 'plugins'), { name: 'corp-wiki', id: 'corp', code: '' });
    const both = await read({ own: 'plugins: [acme-wiki]', policy: 'plugins: [corp-wiki]' });
    expect(both.outside.map(({ id }) => id)).toEqual(['corp']);
    expect((await read({ own: 'plugins: [acme-wiki]', policy: 'plugins: []' })).outside).toEqual([]);
    expect((await read({ own: 'plugins: [acme-wiki]', policy: '{}' })).outside).toHaveLength(1);
  });

  test('that are broken leave everything else as it is, and the targets they may have brought say so', async () => {
    writePlugin(join(folder, 'own', 'plugins'), { name: 'good-wiki', id: 'good', code: pluginCode({ id: 'good' }) });
    writePlugin(join(folder, 'own', 'plugins'), { name: 'old-wiki', code: '', lakeside: { api: 0 } });
    const text = `plugins: [missing-wiki, good-wiki, old-wiki]\n${notes}  fine:\n    kind: good\n`;
    const { broken, outside, targets, registry } = await read({ own: text });
    expect(broken.map(({ name }) => name)).toEqual(['missing-wiki', 'old-wiki']);
    expect(outside.map(({ id }) => id)).toEqual(['good']);
    expect(Object.keys(targets ?? {})).toEqual(['notes', 'fine']);
    const nothing = undefined as never;
    await expect(registry.find('wiki-target', 'acme').create({}, nothing)).rejects.toThrow(
      /no plug-in for targets of the kind acme\. The plug-in missing-wiki cannot be used: it is not installed.*old-wiki.*version 0/
    );
  });

  test('cannot take a kind that is there already', async () => {
    for (const [name, id] of [
      ['mine', 'mediawiki'],
      ['one', 'x'],
      ['two', 'x']
    ] as const)
      writePlugin(join(folder, 'own', 'plugins'), { name, id, code: '' });
    const { broken, outside } = await read({ own: 'plugins: [mine, one, two]' });
    expect(outside.map(({ outside: { name } }) => name)).toEqual(['one']);
    expect(broken.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('mine cannot be used: it brings the kind mediawiki, which Lakeside itself has already'),
      expect.stringContaining('two cannot be used: it brings the kind x, which one has already')
    ]);
  });

  test('do not hide a misspelt kind', async () => {
    writePlugin(join(folder, 'own', 'plugins'), { code: '' });
    await expect(read({ own: 'plugins: [acme-wiki]\ntargets: {a: {kind: acne}}' })).rejects.toThrow(
      /targets\.a\.kind is not known\. Did you mean acme\?.*acme, .*mediawiki/
    );
  });

  test.each([
    ['plugins: acme-wiki', /plugins must be a list/],
    ['plugins: [../evil]', /plugins\.0 must be the name of an npm package/],
    ['plugins: [1]', /plugins\.0 must be text/],
    ['targets: {"My wiki": {kind: mediawiki}}', /targets\.My wiki must be a name of small letters/]
  ])('%s is told with its place', async (text, sentence) => {
    await expect(read({ own: text })).rejects.toThrow(sentence);
    await expect(read({ own: text })).rejects.toThrow(`${own}, line 1: `);
  });
});

describe('the policy of a target', () => {
  const wiki =
    'targets: {a: {kind: mediawiki, api: "https://a.example.org/api.php", user: u, password: {env: P}, policy: ';

  test('is taken with its default', async () => {
    expect((await read({ own: `${wiki}{spaces: ["0", "team-*"]}}}` })).targets?.['a']?.policy).toEqual({
      spaces: ['0', 'team-*'],
      secrets: 'warn'
    });
  });

  test.each([
    ['{secret: block}', /no key targets\.a\.policy\.secret\. Did you mean secrets\?/],
    ['{secrets: never}', /targets\.a\.policy\.secrets must be warn or block/],
    ['{spaces: []}', /must name a space at least/]
  ])('%s is told with its place', async (text, sentence) => {
    await expect(read({ own: `${wiki}${text}}}` })).rejects.toThrow(sentence);
  });
});
