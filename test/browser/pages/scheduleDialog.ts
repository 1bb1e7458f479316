import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** Schedule on the notebook toolbar, and its dialog. */
export class ScheduleDialog {
  constructor(private readonly page: Page) {}

  /** The button on the toolbar of the notebook in front. */
  get button(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden) [data-jp-item-name="lakeside-schedule"] jp-button');
  }

  get dialog(): Locator {
    return this.page.locator('.jp-LakesideSchedule-dialog');
  }

  /** Opens the dialog from the toolbar, and waits for the next times. */
  async open(): Promise<void> {
    await this.button.click();
    await this.ready();
  }

  /** Waits until the form is there with the next times. */
  async ready(): Promise<void> {
    await expect(this.name).toBeVisible();
    await expect(this.times.first()).toBeVisible();
  }

  get name(): Locator {
    return this.field('Name');
  }

  /** A field by its label. */
  field(label: string | RegExp): Locator {
    return this.dialog.getByLabel(label, { exact: true });
  }

  /** The next due times. */
  get times(): Locator {
    return this.dialog.getByRole('list', { name: 'Next times' }).getByRole('listitem');
  }

  /** A button below the form. */
  act(name: string): Locator {
    return this.dialog.locator('.jp-LakesideSchedule-body').getByRole('button', { name, exact: true });
  }

  /** Opens or closes what is folded away. */
  async fold(title: string): Promise<void> {
    await this.dialog.locator('summary').filter({ hasText: title }).click();
  }

  /** How the test stands. */
  get verdict(): Locator {
    return this.dialog.locator('.jp-LakesideSchedule-verdict');
  }
}
