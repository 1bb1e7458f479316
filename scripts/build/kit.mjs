import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { pack, run } from './npm.mjs';

const entries = { index: 'server/plugins/kit.ts', testing: 'test/support/pluginTesting.ts' };

/**
 * Packs the npm package `@lakeside/plugin-kit` for authors of plug-ins: the interface, its types, and the conformance
 * suite.
 *
 * @param file - the tarball to write
 */
export async function buildKit({ file }) {
  const scratch = mkdtempSync(join(tmpdir(), 'lakeside-kit-'));
  const folder = join(scratch, 'package');
  try {
    const { version, license, dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    await build({
      entryPoints: entries,
      outdir: folder,
      bundle: true,
      splitting: true,
      chunkNames: 'chunk-[hash]',
      format: 'esm',
      platform: 'node',
      target: 'node24',
      external: ['zod', 'vitest'],
      legalComments: 'none',
      logLevel: 'warning'
    });
    writeTypes(join(folder, 'types'));
    const manifest = {
      name: '@lakeside/plugin-kit',
      version,
      description: 'What plug-ins of Lakeside are written with: the interface, its types, the conformance suite.',
      license,
      type: 'module',
      exports: {
        '.': { types: './types/server/plugins/kit.d.ts', default: './index.js' },
        './testing': { types: './types/test/support/pluginTesting.d.ts', default: './testing.js' }
      },
      engines: { node: '>=24' },
      dependencies: { zod: dependencies.zod },
      peerDependencies: { vitest: devDependencies.vitest },
      peerDependenciesMeta: { vitest: { optional: true } }
    };
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    cpSync('LICENSE', join(folder, 'LICENSE'));
    cpSync('docs/contributors/plugins.md', join(folder, 'README.md'));
    move(pack(folder, scratch), file);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Declarations of the entries and of all they reach. */
function writeTypes(out) {
  const project = join('node_modules', '.cache', 'lakeside', 'kit.tsconfig.json');
  mkdirSync(dirname(project), { recursive: true });
  const options = {
    extends: resolve('tsconfig.json'),
    compilerOptions: {
      types: ['node'],
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: resolve('.'),
      typeRoots: [resolve('node_modules/@types')],
      outDir: out
    },
    include: [],
    files: [...Object.values(entries), 'server/globals.d.ts'].map(file => resolve(file))
  };
  writeFileSync(project, JSON.stringify(options));
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project]);
}

function move(packed, file) {
  mkdirSync(dirname(file), { recursive: true });
  cpSync(packed, `${file}.new`);
  renameSync(`${file}.new`, file);
}
