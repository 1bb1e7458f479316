import { readArguments } from './arguments.js';
import { withoutSecrets } from '../logging.js';
import { checkOutside, checks } from './checks.js';
import type { CheckResult } from './checks.js';
import { plain, print, printJson } from './output.js';
import { signs } from './targetTests.js';

/** `lakeside doctor`: what is installed and whether it works. Exit code 1 where something failed. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = readArguments(args, { json: { type: 'boolean' } }, { min: 0, usage: 'lakeside doctor [--json]' });
  const results: CheckResult[] = [];
  for (const [name, check] of Object.entries(checks)) {
    const result = await check().catch((error: unknown): Omit<CheckResult, 'name'> => {
      return { state: 'failed', detail: error instanceof Error ? error.message : String(error) };
    });
    results.push({ name, ...result });
    if (!values.json) describe({ name, ...result });
  }
  for (const result of await checkOutside()) {
    results.push(result);
    if (!values.json) describe(result);
  }
  const failed = results.filter(result => result.state === 'failed').length;
  if (values.json) printJson({ version: LAKESIDE_VERSION, ok: failed === 0, checks: results });
  else print(failed === 0 ? '\nAll is well.' : `\n${failed} of ${results.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}

function describe(result: CheckResult): void {
  print(`${signs[result.state]} ${result.name.padEnd(12)} ${plain(withoutSecrets(result.detail))}`);
  if (result.cure !== undefined) print(`  ${' '.repeat(12)} ${plain(withoutSecrets(result.cure))}`);
}
