import { test as base } from '@playwright/test';
import { startJupyter } from './jupyter.js';
import type { Jupyter, JupyterOptions } from './jupyter.js';

interface WorkerFixtures {
  /** How the server of a spec file is started: `test.use({ jupyterOptions: { app: 'notebook' } })`. */
  jupyterOptions: JupyterOptions;
  /** A real Jupyter server for the tests of one worker. */
  jupyter: Jupyter;
}

/** Playwright's `test` with a real Jupyter server; pages start signed in by token. */
export const test = base.extend<object, WorkerFixtures>({
  jupyterOptions: [{}, { option: true, scope: 'worker' }],
  jupyter: [
    async ({ jupyterOptions }, use) => {
      const jupyter = await startJupyter(jupyterOptions);
      await use(jupyter);
      await jupyter.stop();
    },
    { scope: 'worker', timeout: 90_000 }
  ],
  baseURL: async ({ jupyter }, use) => {
    await use(jupyter.url);
  }
});

export { expect } from '@playwright/test';
