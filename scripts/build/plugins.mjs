import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the program in which plug-ins from outside run, and the kit that it gives them. ES modules, because plug-ins
 * are loaded by `import()`, which the programs in CommonJS do not have.
 */
export async function buildPluginHost({ prod, out }) {
  mkdirSync(out, { recursive: true });
  await build({
    entryPoints: { host: 'server/plugins/host/main.ts', kit: 'server/plugins/kit.ts' },
    outdir: out,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: prod,
    minifyWhitespace: prod,
    legalComments: 'none',
    logLevel: 'warning',
    chunkNames: 'chunk-[hash]'
  });
  writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n');
}
