// npm run screenshots
// Makes the pictures in docs/images/ from the examples, in real JupyterLab.
import { spawn } from 'node:child_process';
import { findChromium } from './setup/chromium.mjs';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { node24, root } from './setup/places.mjs';

await setUp({ chromium: true });
const playwright = ['node_modules/@playwright/test/cli.js', 'test', '-c', 'test/browser/playwright.config.ts'];
const run = spawn(node24().node, [...playwright, '--project=screenshots', ...process.argv.slice(2)], {
  cwd: root,
  env: { ...nodeEnvironment(), CHROMIUM: findChromium() ?? '' },
  stdio: 'inherit'
});
run.on('close', code => process.exit(code ?? 1));
