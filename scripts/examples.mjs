// npm run examples [-- [--check] [NAME…]]
// Executes the notebooks in examples/ again and writes them back; with --check compares instead of writing.
import { spawn } from 'node:child_process';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { node24, program, root } from './setup/places.mjs';

await setUp();
const python = spawn(program('python'), ['scripts/examples', '--node', node24().node, ...process.argv.slice(2)], {
  cwd: root,
  env: nodeEnvironment(),
  stdio: 'inherit'
});
// Ctrl-C reaches Python too, which ends its kernel first.
process.on('SIGINT', () => {});
python.on('close', code => process.exit(code ?? 1));
