import { spawnSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
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
    logLevel: 'warning'
  });

  for (const svg of globSync('src/**/*.svg')) cpSync(svg, `lib/${svg}`);
  const done = spawnSync(node, [builder, '--core-package-file', core, ...(prod ? [] : ['--development']), '.'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8'
  });
  if (done.status !== 0) {
    process.stderr.write(done.stdout + done.stderr);
    process.exit(done.status ?? 1);
  }
}
