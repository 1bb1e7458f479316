import type { FailPoint } from './ports.js';

/**
 * The fault tests' way to end or halt this process at a named point (docs/contributors/testing.md).
 *
 * @param wanted - `name`, or `name#3` for the third time it is reached; `stop:name` halts the process until it gets
 *   SIGCONT instead of killing it; undefined outside a fault test
 */
export function createFailPoint(wanted: string | undefined): FailPoint {
  if (wanted === undefined) return () => undefined;
  const isStop = wanted.startsWith('stop:');
  const [name, count = '1'] = wanted.replace(/^stop:/, '').split('#');
  let left = Number(count);
  return reached => {
    if (reached === name && --left === 0) process.kill(process.pid, isStop ? 'SIGSTOP' : 'SIGKILL');
  };
}
