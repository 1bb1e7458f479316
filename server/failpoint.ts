import type { FailPoint } from './ports.js';

/**
 * The fault tests' way to kill this process at a named point (docs/contributors/testing.md).
 *
 * @param wanted - `name` or `name#3` for the third time it is reached; undefined outside a fault test
 */
export function createFailPoint(wanted: string | undefined): FailPoint {
  if (wanted === undefined) return () => undefined;
  const [name, count = '1'] = wanted.split('#');
  let left = Number(count);
  return reached => {
    if (reached === name && --left === 0) process.kill(process.pid, 'SIGKILL');
  };
}
