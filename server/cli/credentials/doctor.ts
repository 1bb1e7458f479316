import { readArguments } from '../arguments.js';
import { plain, print, printJson } from '../output.js';
import { withCredentials } from './session.js';
import { doctorUsage } from './usages.js';

const MARKS = { ok: '✓', warning: '!', failed: '✗' };
/** Longest time for all of it, in milliseconds. */
const PATIENCE = 30_000;

/** `lakeside credentials doctor`: how programs find their keys. Exit code 1 where something fails. */
export async function doctor(args: readonly string[]): Promise<number> {
  const { values } = readArguments(
    args,
    { fix: { type: 'string' }, json: { type: 'boolean' } },
    { min: 0, usage: doctorUsage }
  );
  return withCredentials(async ({ composed }) => {
    const made = await composed.doctor();
    const signal = AbortSignal.timeout(PATIENCE);
    const findings = await (values.fix === undefined ? made.findings(signal) : made.fix(values.fix, signal));
    if (values.json) printJson({ findings });
    for (const { state, detail, cure, fix } of values.json ? [] : findings) {
      print(plain(`${MARKS[state]} ${detail}`));
      if (cure !== undefined && state !== 'ok') print(plain(`  ${cure}`));
      if (fix !== undefined) print(plain(`  lakeside credentials doctor --fix ${fix.id}`));
    }
    return findings.some(({ state }) => state === 'failed') ? 1 : 0;
  });
}
