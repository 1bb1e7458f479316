import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { copyAssets } from '../../scripts/build/assets.mjs';

/** Bundles the renderer's program with its assets into a folder, as the product build does. @returns the program */
export async function buildRenderer(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'renderer.cjs');
  await build({
    entryPoints: ['server/renderer.ts'],
    outfile: program,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    logLevel: 'error'
  });
  await copyAssets(join(folder, 'assets'));
  return program;
}
