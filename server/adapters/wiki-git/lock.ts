import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';

/** The holder says so often that it lives; a lock that nobody renewed for so long was left behind. */
const RENEW_MS = 10_000;
const LEFT_MS = 60_000;
const LOOK_MS = 25;

export interface LockOptions {
  file: string;
  clock: Clock;
  /** Who waits longer gives up. */
  patienceMs: number;
  signal?: AbortSignal | undefined;
  /** What to say then. */
  busy: () => ProblemError;
}

/**
 * Does something while no other process of this machine does it in the same folder. It saves work and stale locks of
 * git; that nothing is lost rests on the refusal of pushes, not on this.
 */
export async function whileLocked<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { file, clock, patienceMs, signal, busy } = options;
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}`;
  const begun = clock.monotonic();
  while (!(await take(file, mine))) {
    if (signal?.aborted === true) throw new ProblemError('cancelled', 'Sharing was cancelled.');
    if (clock.monotonic() - begun > patienceMs) throw busy();
    await removeLeft(file);
    await clock.sleep(LOOK_MS * (1 + Math.random()));
  }
  const renewal = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, RENEW_MS);
  renewal.unref();
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
  }
}

/** Makes the lock, unless there is one. */
async function take(file: string, mine: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(mine).finally(() => handle.close());
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Takes away a lock whose holder is gone. */
async function removeLeft(file: string): Promise<void> {
  const words = await readFile(file, 'utf8').catch(() => undefined);
  if (words === undefined) return;
  const made = await stat(file).catch(() => undefined);
  const [pid, host] = words.split(' ');
  const isGone = host === hostname() && !isAlive(Number(pid));
  if (!made || (!isGone && Date.now() - made.mtimeMs < LEFT_MS)) return;
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(file, aside);
    // Somebody was quicker, and this is the lock of a living holder: it goes back.
    if ((await readFile(aside, 'utf8')) !== words) await rename(aside, file);
  } catch {
    // Another process took it away.
  }
  await rm(aside, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
