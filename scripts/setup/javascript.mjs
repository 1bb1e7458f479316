// npm packages and the build.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeEnvironment } from './environment.mjs';
import { hashOf } from './hash.mjs';
import { node24, root } from './places.mjs';
import { run } from './run.mjs';
import { isStamped, stamp } from './stamps.mjs';

const sources = [
  'src',
  'server',
  'contract',
  'schema',
  'style',
  'scripts/build',
  'scripts/build.mjs',
  'scripts/version.mjs'
];
const settings = ['package.json', 'package-lock.json', 'tsconfig.json', 'server/tsconfig.json'];
const outputs = [
  'lakeside/labextension/package.json',
  'lakeside/sidecar/main.js',
  'lakeside/sidecar/cli.js',
  'lakeside/_version.py'
];

/** Installs what package-lock.json says. */
export const npmStep = {
  name: 'npm packages',
  isDone: hasAllPackages,
  details: 'about 850 packages',
  async make() {
    const { node, npm } = node24();
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
    await run(node, [npm, 'ci', ...quiet], { cwd: root, env: nodeEnvironment(), saysWhyFirst: true });
  }
};

/** Builds labextension and sidecar as they are shipped. */
export const buildStep = {
  name: 'Build',
  isDone: () => isStamped('built', buildKey()) && outputs.every(output => existsSync(join(root, output))),
  async make() {
    const key = buildKey();
    await run(node24().node, ['scripts/build.mjs', '--prod'], { cwd: root, env: nodeEnvironment() });
    stamp('built', key);
  }
};

function buildKey() {
  return hashOf([...sources, ...settings]);
}

/** Whether node_modules holds what the lock file asks for; npm writes down what it installed. */
function hasAllPackages() {
  const installed = packagesOf(join('node_modules', '.package-lock.json'));
  const wanted = packagesOf('package-lock.json');
  if (installed === undefined || wanted === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const there = installed[path];
    return there === undefined ? entry.optional === true : there.version === entry.version;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}
