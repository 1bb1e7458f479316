import { spawnSync } from 'node:child_process';
import { cpSync, globSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const node = process.execPath;
const builder = 'node_modules/@jupyter/builder/lib/build-labextension.js';
const core = 'node_modules/@jupyterlab/core-meta/core.package.json';

/** Turns src/ and contract/ into lib/, file by file, and packs the labextension from it. Types are checked by lint. */
export async function buildLab({ prod }) {
  rmSync('lib', { recursive: true, force: true });
  await build({
    entryPoints: globSync('{src,contract}/**/*.{ts,tsx}', {
      exclude: file => file.endsWith('.d.ts') || file.startsWith('src/share/page')
    }),
    outdir: 'lib',
    outbase: '.',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    sourcemap: !prod,
    define: { LAKESIDE_VERSION: JSON.stringify(JSON.parse(readFileSync('package.json', 'utf8')).version) },
    logLevel: 'warning'
  });

  for (const svg of globSync('src/**/*.svg')) cpSync(svg, `lib/${svg}`);
  // Surfaces bring their style with them when they are loaded; what is needed at the start is in style/index.css.
  await build({ entryPoints: globSync('style/**/*.css'), outdir: 'lib/style', minify: prod, logLevel: 'warning' });
  const done = spawnSync(node, [builder, '--core-package-file', core, ...(prod ? [] : ['--development']), '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8'
  });
  if (done.status !== 0) {
    process.stderr.write(done.stdout + done.stderr);
    process.exit(done.status ?? 1);
  }
}
