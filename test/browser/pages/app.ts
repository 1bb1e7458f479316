import type { Page } from '@playwright/test';

/** What the tests use of the application that JupyterLab shows to scripts when it is asked to. */
interface App {
  restored: Promise<unknown>;
  commands: { execute(id: string, args?: object): Promise<unknown> };
  shell: { widgets(area: string): Iterable<{ dispose(): void }> };
}

/** Whether JupyterLab runs in a page. */
export function isLive(page: Page): Promise<boolean> {
  return page.evaluate(() => 'jupyterapp' in window).catch(() => false);
}

/** Runs a command of JupyterLab; what it returns stays in the page. */
export async function execute(page: Page, id: string, args: Record<string, unknown> = {}): Promise<void> {
  await page.evaluate(
    async command => {
      const { jupyterapp } = window as unknown as { jupyterapp: App };
      await jupyterapp.restored;
      await jupyterapp.commands.execute(command.id, command.args);
    },
    { id, args }
  );
}

/**
 * Closes what a test has opened in JupyterLab, without asking about changes.
 *
 * @returns whether it is as it was after the start
 */
export async function tidy(page: Page): Promise<boolean> {
  if ((await page.locator('.jp-Dialog, .lm-Menu').count()) > 0) return false;
  await page.evaluate(() => {
    const { jupyterapp } = window as unknown as { jupyterapp: App };
    for (const area of ['main', 'down']) for (const widget of [...jupyterapp.shell.widgets(area)]) widget.dispose();
  });
  await execute(page, 'apputils:dismiss-notification');
  await execute(page, 'filebrowser:go-to-path', { path: '/' });
  await execute(page, 'filebrowser:activate');
  return true;
}
