// The sample lake: data for the panel Tables, made where the server finds it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, root } from '../setup/places.mjs';
import { run } from '../setup/run.mjs';
import { seconds } from '../setup/steps.mjs';

const script = join(root, 'scripts', 'examples', 'lake.py');

/** Makes the lake below the notebooks where it is not there yet. Nothing else depends on it, so a failure is told and no more. */
export async function makeLake(notebooks) {
  const lake = join(notebooks, 'lake');
  const [, version] = /^VERSION = "(.*)"$/m.exec(readFileSync(script, 'utf8')) ?? [];
  const stamp = join(lake, '.lakeside-sample-lake');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === version) return;
  const began = Date.now();
  try {
    await run(program('python'), [script, lake]);
    console.log(`Sample lake, ${seconds(began)}: ${lake}`);
  } catch (error) {
    console.error(`The sample lake cannot be made: ${error.message}`);
    for (const line of error.tail ?? []) console.error(`  │ ${line}`);
  }
}
