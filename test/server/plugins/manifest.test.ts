import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPluginPackage } from '../../../server/plugins/manifest.js';
import { writePlugin } from '../../support/plugins.js';
import { scratch } from '../../support/scratch.js';

const code = '';

describe('the package of a plug-in', () => {
  test.each(['node_modules', 'plugins', 'plugins/node_modules'])(
    'is found in %s beside the configuration',
    async place => {
      const base = scratch();
      const folder = writePlugin(join(base, place), { name: '@acme/wiki', id: 'acme', code });
      expect(await readPluginPackage('@acme/wiki', base)).toEqual({
        name: '@acme/wiki',
        package: '@acme/wiki',
        version: '2.1.0',
        folder,
        entry: join(folder, 'index.js'),
        kind: 'wiki-target',
        id: 'acme'
      });
    }
  );

  test('is found by its absolute path, also behind a symbolic link', async () => {
    const base = scratch();
    const folder = writePlugin(base, { code });
    symlinkSync(folder, join(base, 'link'));
    expect(await readPluginPackage(join(base, 'link'), '/')).toMatchObject({ folder, entry: join(folder, 'index.js') });
  });

  test('is not looked for in folders above, which may be those of others', async () => {
    const base = scratch();
    writePlugin(join(base, 'node_modules'), { code });
    mkdirSync(join(base, 'lakeside'));
    await expect(readPluginPackage('acme-wiki', join(base, 'lakeside'))).rejects.toThrow(
      /acme-wiki.*it is not installed/
    );
  });

  test.each<[string, unknown, string]>([
    ['nothing', null, 'no section "lakeside"'],
    [
      'an interface of the future',
      { api: 2, kind: 'wiki-target', id: 'a' },
      'version 2 of the plug-in interface, and this Lakeside has version 1'
    ],
    ['no version', { kind: 'wiki-target', id: 'a' }, 'version undefined'],
    [
      'a kind that cannot come from outside',
      { api: 1, kind: 'object-store', id: 'a' },
      'lakeside.kind in its package.json must be "wiki-target"'
    ],
    ['no id', { api: 1, kind: 'wiki-target' }, 'lakeside.id in its package.json must be the name'],
    ['a bad id', { api: 1, kind: 'wiki-target', id: 'A b' }, 'must be a name of small letters']
  ])('that declares %s is refused with a sentence', async (_, lakeside, sentence) => {
    const folder = writePlugin(scratch(), { code, lakeside });
    await expect(readPluginPackage(folder, '/')).rejects.toMatchObject({ code: 'invalid' });
    await expect(readPluginPackage(folder, '/')).rejects.toThrow(sentence);
  });

  test.each<[string, string]>([
    ['{', 'is not JSON'],
    ['{}', 'is not that of an npm package'],
    [
      JSON.stringify({ name: 'a', main: '../../etc/x.js', lakeside: { api: 1, kind: 'wiki-target', id: 'a' } }),
      'lies outside its own folder'
    ]
  ])('%j is refused', async (text, sentence) => {
    const folder = scratch();
    writeFileSync(join(folder, 'package.json'), text);
    await expect(readPluginPackage(folder, '/')).rejects.toThrow(sentence);
  });

  test.each<[unknown, string]>([
    ['./a.js', 'a.js'],
    [{ '.': './b.js' }, 'b.js'],
    [{ '.': { types: './c.d.ts', import: './c.js', require: './c.cjs' } }, 'c.js'],
    [{ import: { types: './d.d.ts', default: './d.js' } }, 'd.js'],
    [undefined, 'index.js']
  ])('its module is what import would load: %j', async (exports, file) => {
    const folder = scratch();
    const lakeside = { api: 1, kind: 'wiki-target', id: 'a' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'a', exports, lakeside }));
    expect((await readPluginPackage(folder, '/')).entry).toBe(join(folder, file));
  });
});
