import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';
import type { FrameLocator, Locator, Page } from '@playwright/test';
import type { Jupyter } from '../jupyter.js';

/** What both places of the Library have: its pages and its panel in JupyterLab. */
class LibraryViews {
  constructor(
    readonly page: Page,
    readonly area: Locator
  ) {}

  get search(): Locator {
    return this.area.getByRole('textbox', { name: 'Search notebooks, tables, tags' });
  }

  /** The list, or one of its rows by title. */
  get list(): Locator {
    return this.area.getByRole('list', { name: /^(Notebooks|Deleted notebooks)$/ });
  }

  row(title: string | RegExp): Locator {
    return this.list.getByRole('listitem').filter({ has: this.page.getByRole('link', { name: title, exact: true }) });
  }

  /** The titles in sight, from top to bottom. */
  async titles(): Promise<string[]> {
    return this.list.locator('.lk-Row-title').allInnerTexts();
  }

  async open(title: string): Promise<void> {
    await this.list.getByRole('link', { name: title, exact: true }).click();
  }

  /** Chooses an entry of the menu of a notebook in the list. */
  async act(title: string, entry: string | RegExp): Promise<void> {
    await this.area.getByRole('button', { name: `More for "${title}"` }).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  /** Narrows the list to a value of a property. */
  async filter(property: string, value: string): Promise<void> {
    await this.area.getByRole('group', { name: 'Filters' }).getByRole('button', { name: property }).click();
    const menu = this.page.getByRole('dialog', { name: property });
    await menu.getByRole('combobox').fill(value);
    await menu.getByRole('option', { name: value }).first().click();
  }

  get count(): Locator {
    return this.area.locator('.lk-Library-count');
  }
}

/** The Library's web pages. */
export class LibraryPages extends LibraryViews {
  constructor(
    page: Page,
    readonly jupyter: Jupyter
  ) {
    super(page, page.locator('#library'));
  }

  /** Goes to a page, signed in. */
  async goto(path = ''): Promise<void> {
    const separator = path.includes('?') ? '&' : '?';
    await this.page.goto(`${this.jupyter.url}lakeside/library${path}${separator}token=${this.jupyter.token}`);
  }

  get heading(): Locator {
    return this.page.getByRole('heading', { level: 1 });
  }

  /** The notebook as people read it. */
  get document(): FrameLocator {
    return this.page.frameLocator('.lk-Frame iframe');
  }

  /** Chooses an entry of the menu at the end of the notebook's header. */
  async more(entry: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'More', exact: true }).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** A message at the lower edge. */
  message(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Messages' }).locator('.lk-Toast').filter({ hasText: text });
  }
}

/** The Library in JupyterLab's side bar, and its pages in tabs. */
export class LibraryPanel extends LibraryViews {
  constructor(page: Page) {
    super(page, page.locator('#lakeside-library'));
  }

  async show(): Promise<void> {
    if (!(await this.area.isVisible())) await this.page.locator('.jp-SideBar [data-id="lakeside-library"]').click();
    await expect(this.search).toBeVisible();
  }

  /** The page in the tab in front. */
  get tab(): FrameLocator {
    return this.page.frameLocator('.jp-MainAreaWidget:not(.lm-mod-hidden) > .jp-IFrame > iframe');
  }

  /** The document inside the page in the tab in front. */
  get document(): FrameLocator {
    return this.tab.frameLocator('.lk-Frame iframe');
  }

  message(text: string | RegExp): Locator {
    return this.page.locator('.Toastify__toast').filter({ hasText: text });
  }
}

/** What axe finds wrong, as rule and place. Documents in frames have a test of their own. */
export async function violations(page: Page, within?: string): Promise<string[]> {
  const builder = new AxeBuilder({ page }).exclude('iframe');
  if (within !== undefined) builder.include(within);
  const { violations: found } = await builder.analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target.join(' ')}`));
}
