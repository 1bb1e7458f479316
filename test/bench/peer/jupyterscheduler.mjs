// node test/bench/peer/jupyterscheduler.mjs: prints the Python of an environment with jupyter-scheduler.
// The environment is made once for all checkouts of a person, from requirements/peer.txt.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/setup/cache.mjs';
import { pythonEnvironment } from '../../../scripts/setup/environment.mjs';
import { hashOf } from '../../../scripts/setup/hash.mjs';
import { program, root } from '../../../scripts/setup/places.mjs';
import { run } from '../../../scripts/setup/run.mjs';

const LOCK = 'requirements/peer.txt';
const [, version] = /^jupyter-scheduler==([\d.]+)/m.exec(readFileSync(join(root, LOCK), 'utf8'));
const place = folder => join(folder, 'bin', 'python');

// It hangs on the Python that ours is made of: another one makes another environment.
const asked = ['-c', 'import sys; print(sys.base_prefix, sys.version)'];
const { stdout: python } = spawnSync(program('python'), asked, { encoding: 'utf8' });
const folder = await cached(`jupyter-scheduler-${version}-${hashOf([LOCK], python).slice(0, 12)}`, fill);
console.log(place(folder));

async function fill(folder) {
  const env = pythonEnvironment();
  const made = ['--relocatable', '--allow-existing', '--python', program('python'), folder];
  await run(program('uv'), ['venv', '-q', ...made], { env });
  await run(program('uv'), ['pip', 'install', '-q', '--compile-bytecode', '--python', place(folder), '-r', LOCK], {
    cwd: root,
    env
  });
}
