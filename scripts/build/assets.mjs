import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Files the renderer reads when it runs: KaTeX's style and fonts, resvg, and Vega for live figures. */
export async function copyAssets(target) {
  const katex = 'node_modules/katex/dist';
  mkdirSync(join(target, 'katex', 'fonts'), { recursive: true });
  cpSync(join(katex, 'katex.min.css'), join(target, 'katex', 'katex.min.css'));
  for (const font of readdirSync(join(katex, 'fonts'))) {
    if (font.endsWith('.woff2')) cpSync(join(katex, 'fonts', font), join(target, 'katex', 'fonts', font));
  }
  // The one font in which resvg draws words.
  cpSync(
    join(katex, 'fonts', 'KaTeX_SansSerif-Regular.ttf'),
    join(target, 'katex', 'fonts', 'KaTeX_SansSerif-Regular.ttf')
  );
  cpSync('node_modules/@resvg/resvg-wasm/index_bg.wasm', join(target, 'resvg.wasm'));
  await build({
    stdin: { contents: "export { default as embed } from 'vega-embed';", resolveDir: process.cwd() },
    outfile: join(target, 'vega.js'),
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'lakesideVega',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'error'
  });
}
