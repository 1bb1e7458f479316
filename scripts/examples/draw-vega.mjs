/**
 * Reads a JSON array of Vega-Lite charts from stdin and writes the JSON array of their pictures to stdout:
 * `png` in base64, at twice the size for sharp screens, and `width` and `height` in CSS pixels.
 */
import { text } from 'node:stream/consumers';
import { chromium } from '@playwright/test';
import * as vega from 'vega';
import { compile } from 'vega-lite';

// The charts speak Vega-Lite 5, as JupyterLab does; the compiler here is newer and says so each time.
const quiet = { warn: () => quiet, info: () => quiet, debug: () => quiet, error: console.error, level: () => quiet };

async function toSvg(chart) {
  const { spec } = compile(chart, { logger: quiet, config: { aria: false } });
  return new vega.View(vega.parse(spec), { renderer: 'none', logger: quiet }).toSVG();
}

async function toPicture(page, chart) {
  await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${await toSvg(chart)}`);
  const svg = page.locator('svg');
  const { width, height } = await svg.boundingBox();
  return { png: (await svg.screenshot()).toString('base64'), width, height };
}

const charts = JSON.parse(await text(process.stdin));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking']
});
try {
  const page = await browser.newPage({ deviceScaleFactor: 2 });
  const pictures = [];
  for (const chart of charts) pictures.push(await toPicture(page, chart));
  process.stdout.write(JSON.stringify(pictures));
} finally {
  await browser.close();
}
