// node test/bench/wiki/server.mjs FOLDER: the MediaWiki of the benchmark, bundled into a folder and started.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../bundle.mjs';

const file = join(process.argv[2], 'server.mjs');
await bundle('test/bench/wiki/server.ts', file);
await import(pathToFileURL(file).href);
