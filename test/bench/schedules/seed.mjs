// node test/bench/schedules/seed.mjs HOME …: bundles seed.ts into a home and starts it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../bundle.mjs';

const file = join(process.argv[2], 'seed.mjs');
await bundle('test/bench/schedules/seed.ts', file);
await import(pathToFileURL(file).href);
