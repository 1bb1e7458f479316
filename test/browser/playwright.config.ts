import { defineConfig } from '@playwright/test';

const report = process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'];

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/browser',
  workers: 1,
  timeout: 180_000,
  // A browser on a slow machine can miss a moment. What passes only on its second try is named at the end of a run.
  retries: 1,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list'], ...(report === undefined ? [] : [['json', { outputFile: report }] as const])],
  use: {
    // What cannot be clicked is said where it stands, before the whole test is out of time.
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    // Traces take as much time again; `--trace retain-on-failure` asks for them.
    trace: 'off',
    screenshot: 'only-on-failure',
    // Playwright records with an ffmpeg of its own, which it would have to download.
    video: 'off',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-dev-shm-usage',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Calls (WebRTC) look only at other networks unless told so, and a machine may have none.
        '--allow-loopback-in-peer-connection'
      ]
    }
  },
  projects: [
    // The one journey that `npm test` makes; everything else is for .ci/run.
    { name: 'journey', testMatch: 'journey.spec.ts' },
    {
      name: 'full',
      testMatch: '*.spec.ts',
      testIgnore: ['journey.spec.ts', 'screenshots*.spec.ts', 'share-wiki.spec.ts', 'credentials-bucket.spec.ts']
    },
    // With a real MediaWiki, which takes a while to set up.
    { name: 'wiki', testMatch: 'share-wiki.spec.ts' },
    // With a real identity provider and Ceph.
    { name: 'bucket', testMatch: 'credentials-bucket.spec.ts' },
    // For test/bench/panel.mjs.
    { name: 'bench', testMatch: '*.bench.ts' },
    // Makes the pictures of docs/: npm run screenshots.
    { name: 'screenshots', testMatch: 'screenshots*.spec.ts' }
  ]
});
