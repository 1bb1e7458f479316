// The Jupyter server of `npm start`: starts it, finds its address, ends it with everything it started.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { program, root } from '../setup/places.mjs';
import { notebooks, runtime } from './scratch.mjs';

/** Longest time for kernels and sidecar to end. */
const GRACE = 15_000;
const quiet = /^--(debug|log-level|(Application|ServerApp|JupyterApp)\.log_level)\b/;
const otherFolder = /^--(notebook-dir|(ServerApp|LabApp)\.(root_dir|notebook_dir)|preferred-dir)\b/;

/** Starts JupyterLab in a session of its own: Ctrl-C reaches this process only, which ends the server in order. */
export function startServer(given, env) {
  const args = [
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
    ...(given.some(argument => quiet.test(argument)) ? [] : ['--Application.log_level=WARN']),
    ...(given.some(argument => otherFolder.test(argument)) ? [] : [`--ServerApp.root_dir=${notebooks}`]),
    ...given
  ];
  const launcher = join(root, 'scripts', 'start', 'jupyter.py');
  return spawn(program('python'), [launcher, String(process.pid), program('jupyter-lab'), ...args], {
    cwd: notebooks,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true
  });
}

/** The address of a server once it answers; undefined when it ended before. */
export async function addressOf(child) {
  while (child.exitCode === null && child.signalCode === null) {
    const info = readInfo(child.pid);
    if (info && (info.secure || (await answers(info)))) {
      return `${info.url}lab${info.token ? `?token=${encodeURIComponent(info.token)}` : ''}`;
    }
    await sleep(50);
  }
  return undefined;
}

/** Ends a server with its kernels and its sidecar; by force where it takes too long or `hurry` is resolved. */
export async function endServer(child, hurry) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(GRACE, undefined, { ref: false }), hurry]);
  if (child.exitCode === null && child.signalCode === null) {
    // Kernels and sidecar see that the server is gone and end by themselves.
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }
}

function readInfo(pid) {
  try {
    return JSON.parse(readFileSync(join(runtime, `jpserver-${pid}.json`), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether a server answers at all; a password or a base path make no difference. */
function answers(info) {
  return new Promise(resolve => {
    const request = http.get(`${info.url}api`, { timeout: 2_000 }, response => {
      response.resume();
      resolve(true);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}
