import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildKit } from '../../../scripts/build/kit.mjs';
import { npm, pack } from '../../../scripts/build/npm.mjs';

/** What of the example is used to act as a person in its wiki. */
export interface Pages {
  readPage(
    root: string,
    id: string
  ): Promise<(Record<string, unknown> & { version: number; body: string }) | undefined>;
  addVersion(root: string, id: string, base: number, content: object): Promise<boolean>;
  attachmentOf(root: string, id: string, name: string): string;
  idOf(space: string, title: string, turn: number): string;
  allPages(root: string): Promise<{ id: string; title: string; space: string; version: number; body: string }[]>;
}

export interface Installed {
  folder: string;
  /** The example as its author has it, with the kit installed. */
  author: string;
  /** A person's home, in whose configuration folder the packed example is installed. */
  home: string;
  /** The folder of the wiki. */
  wiki: string;
  pages: Pages;
}

const install = ['install', '--no-save', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** Builds the kit, and installs it and the example outside the repository, as an author and as an operator would. */
export async function installExample(): Promise<Installed> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-plugin-'));
  const kit = join(folder, 'plugin-kit.tgz');
  await buildKit({ file: kit });

  const author = copyExample(folder);
  npm([...install, kit], author);
  mkdirSync(join(author, 'node_modules', '@types'), { recursive: true });
  for (const name of ['vitest', '@types/node', 'undici-types'])
    symlinkSync(resolve('node_modules', name), join(author, 'node_modules', name));
  return { author, ...(await installPacked({ folder, author })) };
}

/** What an operator has: the example, packed by its author and installed where the configuration looks for it. */
export async function installPacked(
  given: { folder?: string; author?: string; plugins?: string[]; targets?: string[] } = {}
): Promise<Omit<Installed, 'author'>> {
  const { folder = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-plugin-')) } = given;
  const { author = copyExample(folder), plugins = ['lakeside-missing'], targets = ['  lost: {kind: lost}'] } = given;
  const home = join(folder, 'home');
  const config = join(home, '.config', 'lakeside');
  mkdirSync(join(config, 'plugins'), { recursive: true });
  npm([...install, '--prefix', join(config, 'plugins'), pack(author, folder)], config);
  const wiki = join(folder, 'wiki');
  for (const space of ['home', 'lab']) mkdirSync(join(wiki, space), { recursive: true });
  writeFileSync(
    join(config, 'config.yml'),
    [
      'publicUrl: https://lab.example.org/lakeside/',
      `plugins: [${['lakeside-wiki-folder', ...plugins].join(', ')}]`,
      'targets:',
      '  notes:',
      '    kind: folder',
      '    label: Notes of the team',
      `    folder: ${wiki}`,
      '    site: https://notes.example.org/',
      '    space: home',
      ...targets,
      ''
    ].join('\n')
  );
  const installed = join(config, 'plugins', 'node_modules', 'lakeside-wiki-folder', 'pages.js');
  return { folder, home, wiki, pages: (await import(installed)) as Pages };
}

/** The example as its author has it: its development tools are those of this repository, whose rest it cannot reach. */
function copyExample(folder: string): string {
  const author = join(folder, 'author');
  cpSync('examples/plugins/wiki-folder', author, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(author, 'package.json'), 'utf8')) as { devDependencies?: object };
  delete manifest.devDependencies;
  writeFileSync(join(author, 'package.json'), JSON.stringify(manifest));
  return author;
}
