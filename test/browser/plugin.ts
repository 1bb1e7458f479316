import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPacked, type Installed } from '../wikis/plugin/installed.js';
import { labTest } from './fixtures.js';

/** What is wrong with plug-ins that are installed beside the example, by the names of their targets. */
const broken: Record<string, string> = {
  throwing: "throw new Error('the licence has run out');",
  hanging: 'for (;;);'
};

/**
 * A `labTest` with the example plug-in, packed and installed outside the repository as an operator would, and named in
 * the configuration beside one that is missing, one that throws and one that hangs.
 */
export const pluginTest = labTest.extend<object, { installed: Omit<Installed, 'author'> }>({
  installed: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const names = Object.keys(broken);
      const installed = await installPacked({
        plugins: ['lakeside-missing', ...names.map(packageOf)],
        targets: ['lost', ...names].map(name => `  ${name}: {kind: ${name}, label: Wiki that is ${name}}`)
      });
      for (const name of names) writePackage(installed.home, name);
      await use(installed);
      rmSync(installed.folder, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 120_000 }
  ],
  jupyterOptions: [
    async ({ installed }, use) => use({ env: { XDG_CONFIG_HOME: join(installed.home, '.config') } }),
    { scope: 'worker' }
  ]
});

function packageOf(name: string): string {
  return `lakeside-wiki-${name}`;
}

function writePackage(home: string, name: string): void {
  const folder = join(home, '.config', 'lakeside', 'plugins', 'node_modules', packageOf(name));
  mkdirSync(folder);
  const lakeside = { api: 1, kind: 'wiki-target', id: name };
  const manifest = { name: packageOf(name), version: '1.0.0', type: 'module', exports: './index.js', lakeside };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'index.js'), broken[name] ?? '');
}
