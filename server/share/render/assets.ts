import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files the renderer reads when it runs. */
export interface Assets {
  /** Folder of KaTeX's style sheet and fonts. */
  katex: string;
  /** resvg, which draws SVG, and the font in which it draws words. */
  resvg: string;
  sans: string;
  /** Vega, Vega-Lite and Vega-Embed as one script; may be absent when run from sources. */
  vega: string;
}

const SANS = 'KaTeX_SansSerif-Regular.ttf';

/**
 * Finds the files: in `assets/` beside the bundled program, or, when run from sources, in `node_modules` above.
 *
 * @param folder - where the program lies
 */
export function findAssets(folder: string): Assets {
  for (let at = folder; ; at = dirname(at)) {
    const built = join(at, 'assets');
    if (existsSync(join(built, 'katex', 'katex.min.css')))
      return {
        katex: join(built, 'katex'),
        resvg: join(built, 'resvg.wasm'),
        sans: join(built, 'katex', 'fonts', SANS),
        vega: join(built, 'vega.js')
      };
    const source = join(at, 'node_modules', 'katex', 'dist');
    if (existsSync(join(source, 'katex.min.css')))
      return {
        katex: source,
        resvg: join(at, 'node_modules', '@resvg', 'resvg-wasm', 'index_bg.wasm'),
        sans: join(source, 'fonts', SANS),
        vega: join(at, 'lakeside', 'sidecar', 'assets', 'vega.js')
      };
    if (dirname(at) === at)
      throw new Error(`The renderer's assets are not in ${folder} or above it. Install Lakeside again.`);
  }
}
