// Bundles TypeScript of the tests, so that a benchmark can start it with Node.js alone.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What sets servers up knows where the checkout is by where its own files lie: it stays there. */
const setUp = {
  name: 'set-up',
  setup({ onResolve }) {
    onResolve({ filter: /\/scripts\/setup\// }, ({ path, resolveDir }) => ({
      path: pathToFileURL(resolve(resolveDir, path)).href,
      external: true
    }));
  }
};

/**
 * Writes a program and all it imports into one file.
 *
 * @param entry - the TypeScript file
 * @param outfile - the file to write, `.mjs`
 */
export async function bundle(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    plugins: [setUp],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: 'warning'
  });
}
