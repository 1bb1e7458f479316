import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// `import svg from './x.svg'` means the raw text, as the labextension builder does it.
const rawSvg = {
  name: 'raw-svg',
  enforce: 'pre' as const,
  load(id: string) {
    const file = id.split('?')[0] ?? '';
    return file.endsWith('.svg') ? `export default ${JSON.stringify(readFileSync(file, 'utf8'))};` : undefined;
  }
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const properties = 'test/support/properties.ts';

const node = {
  environment: 'node' as const,
  // Tests that start programs meet a machine that is busy with other tests.
  testTimeout: 90_000,
  globalSetup: ['test/support/programs.ts'],
  setupFiles: [properties]
};

const browser = {
  environment: 'jsdom' as const,
  setupFiles: ['test/support/jsdom.ts', properties],
  css: false,
  testTimeout: 30_000,
  server: { deps: { inline: [/@jupyterlab\//, /@jupyter\//, /@microsoft\//] } }
};

// The build writes it in; the tests of sources need it too.
const define = { LAKESIDE_VERSION: JSON.stringify(version) };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'contract',
          environment: 'node',
          testTimeout: 30_000,
          setupFiles: [properties],
          include: ['test/contract/**/*.test.ts']
        }
      },
      { define, test: { ...node, name: 'server', include: ['test/server/**/*.test.ts'] } },
      { test: { name: 'house', environment: 'node', testTimeout: 30_000, include: ['test/house/**/*.test.ts'] } },
      // A fresh jsdom takes seconds, and React bodies alone leave something in it: models share one.
      { plugins: [rawSvg], test: { ...browser, name: 'src', isolate: false, include: ['test/src/**/*.test.ts'] } },
      { plugins: [rawSvg], test: { ...browser, name: 'views', include: ['test/src/**/*.test.tsx'] } },
      // Heavier suites, started by name from .ci/run: kills, disk faults, real wikis and S3 servers, fuzzing.
      { define, test: { ...node, name: 'fault', include: ['test/fault/**/*.test.ts'], testTimeout: 1_200_000 } },
      {
        // A copy: vitest empties the one it is given, and the next project would have none.
        define: { ...define },
        test: {
          ...node,
          name: 'wikis',
          include: ['test/wikis/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000
        }
      },
      {
        define: { ...define },
        test: {
          ...node,
          name: 'tables',
          include: ['test/tables/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000
        }
      },
      {
        define: { ...define },
        test: {
          ...node,
          name: 's3',
          include: ['test/s3/**/*.test.ts'],
          globalSetup: ['test/support/s3/setup.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 120_000
        }
      },
      { define, test: { ...node, name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], testTimeout: 1_200_000 } }
    ]
  }
});
