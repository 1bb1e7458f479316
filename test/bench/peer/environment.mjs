// Environments of Python with what the benchmarks compare with: made once for all checkouts of a person.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/setup/cache.mjs';
import { pythonEnvironment } from '../../../scripts/setup/environment.mjs';
import { hashOf } from '../../../scripts/setup/hash.mjs';
import { program, root } from '../../../scripts/setup/places.mjs';
import { run } from '../../../scripts/setup/run.mjs';

/** The Python of an environment with everything that a lock file pins; `peer` is the package it is named after. */
export async function peerPython(peer, lock) {
  const pinned = readFileSync(join(root, lock), 'utf8');
  const [, version] = new RegExp(`^${peer}==([\\d.]+)`, 'm').exec(pinned);
  const place = folder => join(folder, 'bin', 'python');
  // It hangs on the Python that ours is made of: another one makes another environment.
  const asked = ['-c', 'import sys; print(sys.base_prefix, sys.version)'];
  const { stdout: python } = spawnSync(program('python'), asked, { encoding: 'utf8' });
  const folder = await cached(`${peer}-${version}-${hashOf([lock], python).slice(0, 12)}`, async folder => {
    const env = pythonEnvironment();
    const made = ['--relocatable', '--allow-existing', '--python', program('python'), folder];
    await run(program('uv'), ['venv', '-q', ...made], { env });
    const given = ['--compile-bytecode', '--python', place(folder), '-r', lock];
    await run(program('uv'), ['pip', 'install', '-q', ...given], { cwd: root, env });
  });
  return place(folder);
}
