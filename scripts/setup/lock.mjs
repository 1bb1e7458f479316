// One set-up at a time in a checkout.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { state } from './places.mjs';

const PATIENCE = 15 * 60_000;

/** Does something while no other process holds the same lock; waits for it and says so. */
export async function withLock(name, action) {
  mkdirSync(state, { recursive: true });
  const file = join(state, `${name}.lock`);
  const began = Date.now();
  let told = false;
  while (!take(file)) {
    if (!told) console.log(`  …  waiting for another set-up of this checkout (process ${holder(file)})`);
    told = true;
    if (Date.now() - began > PATIENCE) throw new Error(`${file} is still held by process ${holder(file)}`);
    await sleep(300);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await action();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

/** Marks something as in use by this process, until it ends. */
export function markUse(name) {
  mkdirSync(state, { recursive: true });
  const file = join(state, `${name}.${process.pid}.pid`);
  for (const pid of users(name)) if (!isAlive(pid)) rmSync(join(state, `${name}.${pid}.pid`), { force: true });
  writeFileSync(file, '');
  process.once('exit', () => rmSync(file, { force: true }));
}

/** Process ids that marked something as in use, dead ones included. */
export function users(name) {
  return readdirSync(state)
    .map(entry => new RegExp(`^${name}\\.(\\d+)\\.pid$`).exec(entry)?.[1])
    .filter(pid => pid !== undefined)
    .map(Number);
}

/** Whether a process is there. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const pid = holder(file);
    // Left by a process that was killed. An empty file belongs to one that is just writing its number.
    if (pid !== undefined && !isAlive(pid)) rmSync(file, { force: true });
    return false;
  }
}

function holder(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
