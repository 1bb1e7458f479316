import { existsSync, globSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildServer } from '../../scripts/build/server.mjs';

/** Folder of the bundled programs (`main.js`, `cli.js`, `renderer.js`) that the tests start. */
export const programs = resolve('node_modules/.cache/lakeside/programs');

const sources = ['server/**/*.ts', 'contract/**/*.ts', 'scripts/build/*.mjs', 'package-lock.json'];

/** Builds the programs from the sources as they are now; vitest calls it once before the first test. */
export default async function setup(): Promise<void> {
  const marker = join(programs, 'package.json');
  const newest = Math.max(...globSync(sources).map(file => statSync(file).mtimeMs));
  if (existsSync(marker) && statSync(marker).mtimeMs > newest) return;
  await buildServer({ prod: false, out: programs });
}
