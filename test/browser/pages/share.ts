import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** Share on the notebook toolbar, its dialog and its messages. */
export class Share {
  constructor(private readonly page: Page) {}

  /** The button; its name says how the notebook stands. */
  get button(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-LakesideShare-main');
  }

  /** Presses Share, once it knows how the notebook stands. */
  async press(): Promise<void> {
    await this.ready();
    await this.button.click();
  }

  /** Waits until the button knows how the notebook stands. */
  async ready(): Promise<void> {
    await expect(this.button).toHaveAttribute('title', /\S/);
    await expect(this.button).not.toHaveAttribute('aria-label', 'Share: Sharing');
  }

  /** Waits for the state that the chip shows. */
  async expectState(state: 'none' | 'Up to date' | 'Changed since it was shared' | 'Another notebook has the same id') {
    await expect(this.button).toHaveAttribute('aria-label', state === 'none' ? 'Share' : `Share: ${state}`);
  }

  /** Chooses an entry of the menu beside the button. */
  async menu(entry: string): Promise<void> {
    await this.page.getByRole('button', { name: 'More about sharing' }).click();
    await this.page.locator('.jp-LakesideShare-menu').getByRole('menuitem', { name: entry }).click();
  }

  get dialog(): Locator {
    return this.page.locator('.jp-LakesideShare-dialog');
  }

  get title(): Locator {
    return this.dialog.getByRole('textbox', { name: 'Title' });
  }

  get tags(): Locator {
    return this.dialog.getByRole('textbox', { name: 'Tags' });
  }

  /** A button of the dialog, below its title. */
  act(name: string | RegExp): Locator {
    return this.dialog.locator('.jp-LakesideShare-body').getByRole('button', { name, exact: true });
  }

  /** The document in the preview. */
  get preview() {
    return this.dialog.frameLocator('iframe');
  }

  /** How the share in the dialog ended. */
  get verdict(): Locator {
    return this.dialog.locator('.jp-LakesideShare-verdict');
  }

  /** The address of the page, from the end of the dialog. */
  async link(): Promise<string> {
    return (await this.dialog.getByRole('link').getAttribute('href')) ?? '';
  }

  /** Shares for the first time with what the dialog offers, and closes it. */
  async first(): Promise<string> {
    await this.press();
    await this.act('Share').click();
    await expect(this.verdict).toContainText('Shared · version 1');
    const link = await this.link();
    await this.act('Close').click();
    await this.expectState('Up to date');
    return link;
  }

  /** A message at the corner. */
  toast(text: string | RegExp): Locator {
    return this.page.locator('.Toastify__toast').filter({ hasText: text });
  }

  /** What is on the clipboard. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
