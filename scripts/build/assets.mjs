import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files the renderer reads when it runs: KaTeX's style and its fonts. */
export function copyAssets(target) {
  const katex = 'node_modules/katex/dist';
  mkdirSync(join(target, 'katex', 'fonts'), { recursive: true });
  cpSync(join(katex, 'katex.min.css'), join(target, 'katex', 'katex.min.css'));
  for (const font of readdirSync(join(katex, 'fonts'))) {
    if (font.endsWith('.woff2')) cpSync(join(katex, 'fonts', font), join(target, 'katex', 'fonts', font));
  }
}
