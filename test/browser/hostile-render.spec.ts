import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { createProcessRenderer } from '../../server/adapters/renderer-process/index.js';
import { FIGURE_POLICY } from '../../server/share/render/figure/body.js';
import { dangers } from '../support/harmless.js';
import { hostileNotebooks, type HostileNotebook } from '../support/hostile.js';
import buildPrograms, { programs } from '../support/programs.js';

/** A server on a port of its own. */
interface Listening {
  server: Server;
  url: string;
}

async function listen(server: Server): Promise<Listening> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Everything that reached the outside world: requests, and datagrams of calls. */
const asked: string[] = [];
/** Pages by path, and live figures by path. */
const pages = new Map<string, string>();
const figures = new Map<string, string>();

/** Serves pages and figures as the Library does. */
function answer(path: string, response: ServerResponse): void {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  const [kind, name = ''] = path.split('/');
  if (kind === 'page') {
    response.setHeader('content-security-policy', 'sandbox');
    response.end(pages.get(name));
  } else if (kind === 'figure') {
    response.setHeader('content-security-policy', `sandbox allow-scripts; ${FIGURE_POLICY}`);
    response.end(figures.get(name));
  } else {
    response.setHeader('content-security-policy', "frame-src 'self'");
    const [sandbox, source] = kind === 'live' ? ['allow-scripts', 'figure'] : ['', 'page'];
    response.end(
      `<!DOCTYPE html><title>frame</title><iframe sandbox="${sandbox}" src="/${source}/${name}" width="900" height="600"></iframe>`
    );
  }
}

let site: Listening;
let outside: Listening;
let calls: Socket;
let folder: string;
let hostile: HostileNotebook[];

test.beforeAll(async () => {
  test.setTimeout(300_000);
  await buildPrograms();
  outside = await listen(
    createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
    })
  );
  calls = createSocket('udp4').on('message', () => asked.push('datagram'));
  await new Promise<void>(resolve => calls.bind(Number(new URL(outside.url).port), '127.0.0.1', resolve));
  site = await listen(createServer((request, response) => answer((request.url ?? '').slice(1), response)));
  folder = mkdtempSync(join(tmpdir(), 'lakeside-hostile-'));
  hostile = hostileNotebooks(outside.url);
  await render();
});

async function render(): Promise<void> {
  const renderer = createProcessRenderer({
    program: join(programs, 'renderer.js'),
    memoryMb: 512,
    timeoutSeconds: 30,
    maxNotebookBytes: 10_000_000,
    poolSize: 2,
    idleSeconds: 30,
    pythonPackages: undefined,
    log: { debug() {}, info() {}, warn() {}, error: console.error }
  });
  for (const { name, notebook, title } of hostile) {
    const file = join(folder, 'notebook.ipynb');
    writeFileSync(file, JSON.stringify(notebook));
    const source = { kind: 'ipynb', file } as const;
    const call = () => ({ workDirectory: mkdtempSync(join(folder, 'work-')) });
    const page = await renderer.document(source, { hideCode: false, ...(title !== undefined && { title }) }, call());
    pages.set(name, readFileSync(page.file, 'utf8'));
    writeFileSync(join(folder, `${name}.html`), pages.get(name) ?? '');
    for (const { number, live } of page.figures)
      if (live)
        figures.set(`${name}-${number}`, readFileSync((await renderer.figure(source, number, call())).file, 'utf8'));
  }
  await renderer.close();
}

test.afterAll(() => {
  site.server.close();
  outside.server.close();
  calls.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Notes what a script that runs would do. */
async function watch(page: Page): Promise<string[]> {
  const hits: string[] = [];
  page.on('dialog', dialog => {
    hits.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.exposeFunction('noteHit', (text: string) => hits.push(`message ${text}`));
  await page.addInitScript(() => {
    addEventListener('message', event => {
      if (String(event.data).startsWith('hit:'))
        (window as unknown as { noteHit(text: string): void }).noteHit(String(event.data));
    });
  });
  return hits;
}

/** Clicks, points at and focuses whatever is there: some traps wait for that. */
async function poke(page: Page): Promise<void> {
  for (const frame of page.frames())
    await frame
      .evaluate(() => {
        const events = ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'animationstart', 'load', 'error'];
        for (const element of document.querySelectorAll<HTMLElement>('body *')) {
          for (const name of events) element.dispatchEvent(new Event(name));
          if (!(element instanceof HTMLAnchorElement && element.target === '_blank')) element.click();
        }
      })
      .catch(() => undefined);
}

test('there are enough payloads, each with a name of its own', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(150);
  expect(new Set(hostile.map(({ name }) => name)).size).toBe(hostile.length);
});

test('the trap snaps: a payload shown without Lakeside is noticed', async ({ page }) => {
  const hits = await watch(page);
  await page.goto(`${site.url}/frame/output-script`);
  const raw = hostile.find(({ name }) => name === 'output-onerror');
  const html =
    JSON.stringify(raw?.notebook)
      .match(/<img src=x onerror=\\"(.*?)\\">/)?.[0]
      .replaceAll('\\"', '"') ?? '';
  await page.setContent(`${html}<img src="${outside.url}/control">`);
  await expect.poll(() => hits).toContain('dialog hit:output-onerror');
  expect(await page.title()).toBe('hit:output-onerror');
  await expect.poll(() => asked).toContain('/control');
  asked.length = 0;
});

test('no page holds anything that could run or load, by another parser’s judgement', () => {
  for (const [name, html] of pages) expect(dangers(html), name).toEqual([]);
});

for (const way of ['in the sandboxed frame', 'opened as a file'] as const) {
  test(`no script runs and nothing is asked for: ${way}`, async ({ page }) => {
    test.setTimeout(900_000);
    const hits = await watch(page);
    for (const { name } of hostile) {
      await page.goto(way === 'opened as a file' ? `file://${folder}/${name}.html` : `${site.url}/frame/${name}`);
      await poke(page);
      const titles = await Promise.all(page.frames().map(frame => frame.title().catch(() => '')));
      expect([...hits, ...titles.filter(title => title.startsWith('hit:'))], name).toEqual([]);
    }
    await page.waitForTimeout(500);
    expect(asked).toEqual([]);
    expect(hits).toEqual([]);
  });
}

test('live figures run their scripts and reach nothing', async ({ page }) => {
  test.setTimeout(300_000);
  const hits = await watch(page);
  expect(figures.size).toBeGreaterThan(10);
  for (const name of figures.keys()) {
    await page.goto(`${site.url}/live/${name}`);
    await poke(page);
    await page.waitForTimeout(name.startsWith('figure-way') ? 700 : 200);
    expect.soft(asked.splice(0), name).toEqual([]);
    // The script did run, so the silence is the frame's doing.
    if (name.startsWith('figure-way')) expect(hits, name).toContain(`message hit:${name.replace(/-1$/, '')}`);
  }
});
