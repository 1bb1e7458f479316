import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { execute } from './app.js';

/** The history of a notebook in JupyterLab, as a person uses it. */
export class History {
  constructor(readonly page: Page) {}

  /** Opens the history of the notebook in front, or of a file. */
  async open(path?: string): Promise<void> {
    await execute(this.page, 'lakeside:notebook-history', path === undefined ? {} : { path });
    await expect(this.area).toBeVisible();
  }

  /** Opens the list of deleted notebooks. */
  async openDeleted(): Promise<void> {
    await execute(this.page, 'lakeside:deleted-notebooks', {});
    await expect(this.area).toBeVisible();
  }

  get area(): Locator {
    return this.page.locator('.jp-LakesideHistory-body:visible');
  }

  get versions(): Locator {
    return this.area.getByRole('option');
  }

  get changes(): Locator {
    return this.area.locator('.jp-Lakeside-change');
  }

  button(name: string | RegExp): Locator {
    return this.area.getByRole('button', { name });
  }

  /** A message of JupyterLab. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.Toastify__toast').filter({ hasText: text });
  }
}
