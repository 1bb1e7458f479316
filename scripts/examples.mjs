// npm run examples [-- [--check] [NAME…]]
// Executes the notebooks in examples/ again and writes them back; with --check compares instead of writing.
import { spawn } from 'node:child_process';
import { findChromium } from './setup/chromium.mjs';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { node24, program, root } from './setup/places.mjs';

// Chromium draws the pictures of the interactive charts.
await setUp({ chromium: true });
const python = spawn(program('python'), ['scripts/examples', '--node', node24().node, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...nodeEnvironment(), CHROMIUM: findChromium() ?? '' },
  stdio: 'inherit'
});
// Ctrl-C reaches Python too, which ends its kernel first.
process.on('SIGINT', () => {});
python.on('close', code => process.exit(code ?? 1));
