import { existsSync } from 'node:fs';
import { build } from 'esbuild';

const entry = 'src/share/page/main.tsx';

/** Bundles the script and the style of the Library's web pages; the sidecar serves them as files. */
export async function buildPages({ prod }) {
  if (!existsSync(entry)) return;
  await build({
    entryPoints: { library: entry },
    outdir: 'lakeside/sidecar/pages',
    bundle: true,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    loader: { '.svg': 'text' },
    define: { 'process.env.NODE_ENV': prod ? '"production"' : '"development"' },
    minify: prod,
    legalComments: 'none',
    logLevel: 'warning'
  });
}
