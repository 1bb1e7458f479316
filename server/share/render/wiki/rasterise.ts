import { readFile } from 'node:fs/promises';
import type { Assets } from '../assets.js';
import type { Block, Section } from '../sharedoc.js';

/** Draws an SVG as a PNG; undefined where that fails. */
export type Rasterise = (svg: Uint8Array) => Uint8Array | undefined;

/** Twice as many dots as the drawing has pixels, so that it is sharp on fine screens, but not more than this wide. */
const SCALE = 2;
const MAX_WIDTH = 3000;

/** resvg takes its program once in a process and refuses it a second time. */
let program: Promise<void> | undefined;

/**
 * Loads resvg, which draws still SVG without a browser.
 * Words that are no shapes are drawn in the one font that Lakeside brings, if that has their letters.
 */
export async function loadRasteriser(assets: Assets): Promise<Rasterise> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  await (program ??= readFile(assets.resvg).then(bytes => initWasm(bytes)));
  const font = new Uint8Array(await readFile(assets.sans));
  return svg => {
    try {
      const text = Buffer.from(svg).toString('utf8');
      const fonts = { fontBuffers: [font], defaultFontFamily: 'KaTeX_SansSerif', sansSerifFamily: 'KaTeX_SansSerif' };
      const { width } = new Resvg(text, { font: fonts });
      const value = Math.min(Math.max(1, Math.round(width * SCALE)), MAX_WIDTH);
      return new Resvg(text, { font: fonts, fitTo: { mode: 'width', value }, background: 'white' }).render().asPng();
    } catch {
      // No drawing, or one beyond what resvg draws: the page says that it is missing.
      return undefined;
    }
  };
}

/** True where a cell shows an SVG. */
export function showsDrawing({ blocks, outputs }: Section): boolean {
  const isDrawing = (block: Block): boolean => {
    switch (block.kind) {
      case 'image':
        return block.picture.type === 'image/svg+xml';
      case 'heading':
      case 'markdown':
        return [...block.pictures.values()].some(picture => picture.type === 'image/svg+xml');
      case 'figure':
        return block.still.some(isDrawing);
      case 'html':
        return block.html.includes('data:image/svg+xml');
      default:
        return false;
    }
  };
  return [...blocks, ...outputs].some(isDrawing);
}
