import { Worker } from 'node:worker_threads';

const POLL_MS = 1_000;

/**
 * Ends this process when the one that started it is gone, however that ended. A thread of its own looks, because a
 * plug-in may never give the main one back.
 */
export function followParent(parent: number): void {
  const watch = `
    setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL'); }, ${POLL_MS});
  `;
  new Worker(watch, { eval: true, env: {}, resourceLimits: { maxOldGenerationSizeMb: 8, stackSizeMb: 1 } }).unref();
}
