import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Where pictures go that somebody wants to look at: `SCREENSHOTS=<folder>`. */
const folder = process.env['SCREENSHOTS'];

/** Keeps a picture of the window, where somebody wants to look at it. */
export async function look(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}
