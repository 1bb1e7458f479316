import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * Makes namespaces and tables of an Iceberg REST catalogue with PyIceberg.
 *
 * @returns the tables that the catalogue refused, each with why
 */
export function seedIceberg(given: object): [string, string][] {
  const script = resolve('test/support/tables/iceberg_seed.py');
  // Older S3 servers refuse the checksums that Arrow would send.
  const env = { ...process.env, AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required' };
  const options = { input: JSON.stringify(given), encoding: 'utf8' as const, env };
  return JSON.parse(execFileSync(resolve('.venv/bin/python'), [script], options)) as [string, string][];
}
