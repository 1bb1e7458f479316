import { test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { startJupyter } from './jupyter.js';
import type { Jupyter, JupyterOptions } from './jupyter.js';
import { isLive, tidy } from './pages/app.js';

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

/**
 * A `test` whose page is the same for all tests of a worker, so that JupyterLab is loaded once: each test finds it
 * without tabs, messages and kernels. For tests that need neither a fresh start nor settings of their own.
 */
export const labTest = test.extend<object, { desk: Page }>({
  desk: [
    async ({ browser }, use, { project }) => {
      const { viewport, permissions } = project.use;
      const context = await browser.newContext({ viewport, ...(permissions && { permissions }) });
      await use(await context.newPage());
      await context.close();
    },
    { scope: 'worker' }
  ],
  page: async ({ desk, jupyter }, use, info) => {
    await use(desk);
    for (const other of desk.context().pages()) if (other !== desk) await other.close();
    desk.removeAllListeners();
    await desk.unrouteAll({ behavior: 'ignoreErrors' });
    if (info.project.use.viewport) await desk.setViewportSize(info.project.use.viewport);
    const tidied = info.status === info.expectedStatus && (await isLive(desk)) && (await tidy(desk));
    if (!tidied) await desk.goto('about:blank');
    await shutDownKernels(jupyter);
  },
  context: async ({ desk }, use) => {
    await use(desk.context());
  }
});

/** Kernels that nobody looks at any more would take memory and time from the next test. */
async function shutDownKernels(jupyter: Jupyter): Promise<void> {
  const sessions = (await (await jupyter.fetch('api/sessions')).json()) as { id: string }[];
  await Promise.all(sessions.map(({ id }) => jupyter.fetch(`api/sessions/${id}`, { method: 'DELETE' })));
}

export { expect } from '@playwright/test';
