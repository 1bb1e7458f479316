import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Makes namespaces and tables of an Iceberg REST catalogue with PyIceberg.
 *
 * @returns the tables that the catalogue refused, each with why
 */
export function seedIceberg(given: object): [string, string][] {
  const script = resolve('test/support/tables/iceberg_seed.py');
  const options = { input: JSON.stringify(given), encoding: 'utf8' as const };
  return JSON.parse(execFileSync(resolve('.venv/bin/python'), [script], options)) as [string, string][];
}
