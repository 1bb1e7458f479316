import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

const FOLDER = 'docs/images';
/** Pages of docs/ hold many pictures. Bytes. */
const LARGEST = 300_000;

/** Saves a picture of what is in the window for docs/. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.png`);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  expect((await stat(file)).size, name).toBeLessThan(LARGEST);
}
