import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Jupyter } from '../jupyter.js';
import { execute } from './app.js';

/** Sign-ins in JupyterLab, as a person does them. */
export class Credentials {
  constructor(
    readonly page: Page,
    private readonly jupyter: Jupyter
  ) {}

  get panel(): Locator {
    return this.page.locator('#lakeside-credentials');
  }

  get dialog(): Locator {
    return this.page.locator('.jp-LakesideSignIn');
  }

  /** Who am I, how long, in the status bar. */
  get status(): Locator {
    return this.page.locator('.jp-LakesideCredentials-line');
  }

  /** A profile in the panel. */
  profile(label: string): Locator {
    return this.panel.locator('.jp-LakesideCredentials-profile').filter({ hasText: label });
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name });
  }

  toast(text: string): Locator {
    return this.page.locator('.Toastify__toast').filter({ hasText: text });
  }

  async open(): Promise<void> {
    await execute(this.page, 'lakeside:credentials');
    await expect(this.panel.getByRole('heading', { name: 'Credentials' })).toBeVisible();
  }

  /** Asks for a route of the credentials, as the panel does. */
  async ask(path: string, method = 'GET', body?: object): Promise<Record<string, unknown>> {
    let told: Record<string, unknown> = {};
    // The sidecar may still be starting.
    await expect(async () => {
      const answer = await this.jupyter.fetch(`lakeside/api/v1/credentials${path}`, {
        method,
        ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      });
      expect(answer.status).toBe(200);
      told = (await answer.json()) as Record<string, unknown>;
    }).toPass({ timeout: 30_000 });
    return told;
  }
}
