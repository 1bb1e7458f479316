// Builds the labextension, the sidecar and the Library's pages. `--prod` minifies; `lab`, `server` or `kit` builds one
// part. The kit for authors of plug-ins, which takes as long as all the rest, is built for a release or by its name.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { buildKit } from './build/kit.mjs';
import { buildLab } from './build/lab.mjs';
import { buildPages } from './build/pages.mjs';
import { buildServer } from './build/server.mjs';

const parts = process.argv.slice(2).filter(argument => !argument.startsWith('--'));
const prod = process.argv.includes('--prod');
const wanted = part => parts.length === 0 || parts.includes(part);

if (prod && wanted('lab')) rmSync('lakeside/labextension', { recursive: true, force: true });
writeVersion();
if (wanted('server')) {
  await buildServer({ prod });
  await buildPages({ prod });
}
if (prod ? wanted('kit') : parts.includes('kit')) await buildKit({ file: 'lakeside/sidecar/plugin-kit.tgz' });
if (wanted('lab')) await buildLab({ prod });

/** package.json is the source of the version; Python reads a generated file. */
function writeVersion() {
  const done = spawnSync(process.execPath, ['scripts/version.mjs'], { stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}
