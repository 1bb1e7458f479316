import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect } from '../fixtures.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { tablesTest as test } from './config.js';

/** What test/bench/panel.mjs reports; started by it alone. */

test.use({ sources: '  many: {kind: memory, label: Many, schemas: 200, tables: 500, columns: 10}\n' });

const words = ['order_daily', 'customer', 'weather_raw', 'store', 'flight', 'balance_h', 'click_path', 'airline'];

/** From a letter to the frame that shows what was found for it, in milliseconds. */
function keystroke(page: Page, text: string): Promise<number> {
  return page.evaluate(async typed => {
    const box = document.querySelector<HTMLInputElement>('#lakeside-tables input')!;
    // Past React, which would take a value that it knows already for no change.
    const native = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');
    const isBusy = () => document.querySelector('.jp-LakesideTables-rows')?.getAttribute('aria-busy') === 'true';
    const began = performance.now();
    native?.set?.call(box, typed);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    do await new Promise(requestAnimationFrame);
    while (isBusy() && performance.now() - began < 5_000);
    return performance.now() - began;
  }, text);
}

/** Bytes that the page uses once what nobody holds is gone. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** A frame in which nothing happens, the longest but one of twenty: what the machine costs by itself, in milliseconds. */
function frame(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const times: number[] = [];
    for (let at = 0; at < 20; at++) {
      const began = performance.now();
      await new Promise(requestAnimationFrame);
      times.push(performance.now() - began);
    }
    return times.toSorted((a, b) => a - b)[18] ?? 0;
  });
}

test('figures of the panel', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await lab.openEmpty();
  const before = await heap(page);
  await tables.open();
  await expect(tables.row(/^Many/)).toContainText('100,000', { timeout: 60_000 });
  await expect(tables.panel).not.toContainText('Reading', { timeout: 120_000 });
  const empty = await frame(page);
  const typing = words.flatMap(word => Array.from({ length: word.length - 1 }, (_, at) => word.slice(0, at + 2)));
  const rounds: number[][] = [];
  for (let round = 0; round < 5; round++) {
    const times: number[] = [];
    for (const text of typing) times.push(await keystroke(page, text));
    rounds.push(times);
  }
  await expect(tables.tree.locator('mark').first()).toHaveText('airline');
  const panel = (await heap(page)) - before;
  writeFileSync(process.env['FIGURES'] ?? '', JSON.stringify({ rounds, frame: empty, panel, whole: before + panel }));
});
