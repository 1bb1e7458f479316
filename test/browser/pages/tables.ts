import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { execute } from './app.js';

/** The panel of tables and the pages of tables in JupyterLab. */
export class Tables {
  constructor(readonly page: Page) {}

  /** Shows the panel, with the focus in its search. */
  async open(): Promise<void> {
    await execute(this.page, 'lakeside:tables');
    await expect(this.panel).toBeVisible();
  }

  get panel(): Locator {
    return this.page.locator('#lakeside-tables');
  }

  get search(): Locator {
    return this.panel.getByRole('searchbox');
  }

  get tree(): Locator {
    return this.panel.getByRole('tree');
  }

  /** A row of the tree, by what a screen reader says of it, or how that begins. */
  row(name: string | RegExp): Locator {
    return this.panel.getByRole('treeitem', { name, exact: true });
  }

  /** Opens a row by its twisty. */
  async expand(name: string | RegExp): Promise<void> {
    const row = this.row(name).first();
    await row.locator('.jp-LakesideTables-twisty').click();
    await expect(row).toHaveAttribute('aria-expanded', 'true');
  }

  button(name: string | RegExp): Locator {
    return this.panel.getByRole('button', { name });
  }

  /** Makes the panel so wide; without a width as wide as it was. */
  async resize(width?: number): Promise<void> {
    const style = width === undefined ? { min: '', wide: '' } : { min: '0', wide: `${width}px` };
    await this.panel.evaluate((node, { min, wide }) => {
      node.style.minWidth = min;
      node.style.width = wide;
    }, style);
    if (width !== undefined) await expect.poll(async () => (await this.panel.boundingBox())!.width).toBe(width);
  }

  /** The form that adds a source. */
  get form(): Locator {
    return this.panel.getByRole('form', { name: 'Add a source' });
  }

  /** A field of that form. */
  field(label: string): Locator {
    return this.form.getByLabel(label, { exact: true });
  }

  /** The page of the table in front. */
  get table(): Locator {
    return this.page.locator('.jp-LakesideTable:visible');
  }

  tab(name: string): Locator {
    return this.table.getByRole('tab', { name });
  }

  /** The row that has the focus. */
  get focused(): Locator {
    return this.panel.locator('[role="treeitem"]:focus');
  }
}
