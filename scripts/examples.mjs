/**
 * `npm run examples` executes the notebooks in examples/ again and writes them back.
 * `npm run examples -- --check` executes and compares without writing; names after it pick single notebooks.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const python = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));

if (!existsSync(python)) {
  console.error('examples: there is no .venv yet, so nothing to execute notebooks with. Run `npm start` or `npm test` once; both set it up.');
  process.exit(1);
}
const run = spawnSync(python, ['scripts/examples', '--node', process.execPath, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit'
});
process.exit(run.status ?? 1);
