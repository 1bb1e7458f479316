import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { copyAssets } from './assets.mjs';
import { buildPluginHost } from './plugins.mjs';

/**
 * Bundles the Node programs: CommonJS, one file per lazily loaded module, each module in one file only.
 * esbuild splits ES modules only, so the chunks are made as such and turned into CommonJS one by one:
 * CommonJS with a warm compile cache starts in a fifth of the time (docs/adr/0004).
 */
export async function buildServer({ prod, out = 'lakeside/sidecar' }) {
  const version = JSON.parse(readFileSync('package.json', 'utf8')).version;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const result = await build({
    entryPoints: {
      main: 'server/main.ts',
      cli: 'server/cli.ts',
      renderer: 'server/renderer.ts',
      tablesIndex: 'server/tablesIndex.ts'
    },
    outdir: out,
    bundle: true,
    splitting: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: {
      'iconv-lite': './scripts/build/iconv-lite.mjs',
      'mime-db': './scripts/build/mime-db.cjs',
      qs: './scripts/build/qs.mjs'
    },
    define: { LAKESIDE_VERSION: JSON.stringify(version) },
    // Names stay as they are: errors tell them, and keeping them by code would cost time at each start.
    minifySyntax: prod,
    minifyWhitespace: prod,
    legalComments: 'none',
    logLevel: 'warning',
    // A chunk may be required before ES module namespaces exist, so dynamic imports become lazy requires below.
    chunkNames: 'chunk-[hash]'
  });
  for (const file of result.outputFiles) {
    const code = await transform(file.text, {
      format: 'cjs',
      platform: 'node',
      target: 'node24',
      supported: { 'dynamic-import': false },
      minifyWhitespace: prod,
      logLevel: 'warning'
    });
    writeFileSync(file.path, code.code);
  }
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
  await copyAssets(join(out, 'assets'));
  await buildPluginHost({ prod, out: join(out, 'plugins') });
  return readdirSync(out);
}
