import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import type { Jupyter } from '../jupyter.js';
import { execute, isLive, tidy } from './app.js';
import type { Theme } from '../themes.js';

/** JupyterLab, or Notebook 7, as a person uses it. */
export class Lab {
  constructor(
    readonly page: Page,
    readonly jupyter: Jupyter,
    private readonly app: 'lab' | 'notebook' = 'lab'
  ) {}

  /** Opens a notebook, without the tabs and messages of before. */
  async open(path: string): Promise<void> {
    if (this.app === 'notebook' || !(await isLive(this.page))) return this.load(path);
    await tidy(this.page);
    await execute(this.page, 'filebrowser:open-path', { path });
    await this._shown();
  }

  /** Loads the application with a notebook; JupyterLab in a fresh workspace. */
  async load(path: string): Promise<void> {
    const place = this.app === 'lab' ? `lab/tree/${path}?reset&` : `notebooks/${path}?`;
    await this.page.goto(`${this.jupyter.url}${place}token=${this.jupyter.token}`);
    await this._shown();
  }

  private async _shown(): Promise<void> {
    await expect(this.notebook).toBeVisible({ timeout: 60_000 });
    await expect(this.notebook.locator('.jp-Cell').first()).toBeVisible();
  }

  /** Opens JupyterLab without a notebook. */
  async openEmpty(): Promise<void> {
    if (await isLive(this.page)) return execute(this.page, 'filebrowser:refresh');
    await this.page.goto(`${this.jupyter.url}lab?reset&token=${this.jupyter.token}`);
    await expect(this.fileBrowser).toBeVisible({ timeout: 60_000 });
  }

  /** The notebook in front. */
  get notebook(): Locator {
    return this.page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  }

  get fileBrowser(): Locator {
    return this.page.locator('.jp-DirListing').first();
  }

  /** A file in the list. */
  file(name: string): Locator {
    return this.fileBrowser.locator('.jp-DirListing-item').filter({ hasText: name });
  }

  /** Puts a text into a cell; it is not saved. */
  async edit(cell: number, text: string): Promise<void> {
    const target = this.notebook.locator('.jp-Cell').nth(cell);
    await target.dblclick();
    await target.locator('.cm-content').fill(text);
    await expect(this.tab).toHaveClass(/jp-mod-dirty/);
  }

  /** Saves the notebook and waits until it is saved. */
  async save(): Promise<void> {
    await this.page.keyboard.press('Control+S');
    await expect(this.tab).not.toHaveClass(/jp-mod-dirty/);
  }

  /** The tab of the notebook in front. */
  get tab(): Locator {
    return this.page.locator('.lm-DockPanel-tabBar .lm-TabBar-tab.lm-mod-current');
  }

  /** The state of the kernel in the status bar. */
  kernel(state: 'Idle' | 'Busy'): Locator {
    return this.page.locator('#jp-main-statusbar').getByText(`| ${state}`);
  }

  /** Runs a command by its name, from the palette; JupyterLab may still be moving things and close it again. */
  async command(label: string): Promise<void> {
    const palette = this.page.locator('.lm-CommandPalette');
    // Only the label: "Run All Cells" is the end of another command's label, too.
    const named = this.page.locator('.lm-CommandPalette-itemLabel').filter({ hasText: new RegExp(`^${label}$`) });
    await expect(async () => {
      if (!(await palette.isVisible())) await this.page.keyboard.press('Control+Shift+C');
      await palette.locator('input').fill(label, { timeout: 3000 });
      const item = palette.locator('.lm-CommandPalette-item').filter({ has: named }).first();
      await item.click({ timeout: 3000 });
    }).toPass({ timeout: 60_000 });
  }

  /** Chooses an entry of the menu of a file. */
  async fileMenu(name: string, entry: string | RegExp): Promise<void> {
    await this.file(name).click({ button: 'right' });
    await this.page.locator('.lm-Menu').getByRole('menuitem', { name: entry }).click();
  }

  /** Renames a file in the list. */
  async rename(from: string, to: string): Promise<void> {
    await this.fileMenu(from, /^Rename/);
    const editor = this.fileBrowser.locator('input.jp-DirListing-editor');
    await editor.fill(to);
    await editor.press('Enter');
    await expect(this.file(to)).toBeVisible();
  }

  /** Changes settings of a plugin, as the settings editor does. */
  async set(plugin: string, settings: Record<string, unknown>): Promise<void> {
    const answer = await this.jupyter.fetch(`lab/api/settings/${plugin}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ raw: JSON.stringify(settings) })
    });
    expect(answer.status).toBe(204);
  }

  /** Shows the dark, the light or the high contrast theme. */
  async theme(theme: Theme): Promise<void> {
    const names = {
      light: 'JupyterLab Light',
      dark: 'JupyterLab Dark',
      'high contrast': 'JupyterLab Dark High Contrast'
    };
    await execute(this.page, 'apputils:change-theme', { theme: names[theme] });
    await expect(this.page.locator('body')).toHaveAttribute('data-jp-theme-name', names[theme]);
  }
}
