import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createProcessRenderer } from '../../server/adapters/renderer-process/index.js';
import { FIGURE_POLICY } from '../../server/share/render/figure/body.js';
import { DOCUMENT_POLICY } from '../../server/share/render/html/page.js';
import { fullDose } from '../support/dose.js';
import { dangers } from '../support/harmless.js';
import { hostileNotebooks, rawDocuments, type HostileNotebook } from '../support/hostile.js';
import buildPrograms, { programs } from '../support/programs.js';
import { Alarm, openHostileSite, poke, sheetsOf, type HostileSite, type Shown } from './hostileSite.js';

// A recording of hundreds of frames costs more than the tests.
test.use({ trace: 'off' });
test.setTimeout(300_000);

const PER_SHEET = 24;
/** What a script of a figure needs to get going and fail. */
const FIGURE_MS = 900;

let site: HostileSite;
let folder: string;
let hostile: HostileNotebook[];
/** Pages by name, and live figures by name. */
const pages = new Map<string, string>();
const figures = new Map<string, string>();

test.beforeAll(async () => {
  test.setTimeout(300_000);
  await buildPrograms();
  site = await openHostileSite();
  folder = mkdtempSync(join(tmpdir(), 'lakeside-hostile-'));
  hostile = hostileNotebooks(site.outside);
  await render();
});

test.afterAll(() => {
  site.close();
  rmSync(folder, { recursive: true, force: true });
});

async function render(): Promise<void> {
  const renderer = createProcessRenderer({
    program: join(programs, 'renderer.js'),
    memoryMb: 512,
    timeoutSeconds: 30,
    maxNotebookBytes: 10_000_000,
    poolSize: 1,
    idleSeconds: 30,
    pythonPackages: undefined,
    log: { debug() {}, info() {}, warn() {}, error: console.error }
  });
  const call = () => ({ workDirectory: mkdtempSync(join(folder, 'work-')) });
  const file = join(folder, 'notebook.ipynb');
  const source = { kind: 'ipynb', file } as const;
  for (const { name, notebook, title } of hostile) {
    writeFileSync(file, JSON.stringify(notebook));
    const page = await renderer.document(source, { hideCode: false, ...(title !== undefined && { title }) }, call());
    pages.set(name, readFileSync(page.file, 'utf8'));
    for (const { number, live } of page.figures)
      if (live)
        figures.set(`${name}-${number}`, readFileSync((await renderer.figure(source, number, call())).file, 'utf8'));
  }
  await renderer.close();
}

/** The rights of a page, but to lead its sheet away. */
const FREE = 'allow-scripts allow-forms allow-modals allow-popups allow-downloads';

/** Shows documents on sheets and pokes them. @returns what ran and what got out, and how many frames could be poked */
async function show(alarm: Alarm, documents: Iterable<readonly [string, Shown]>, perSheet: number, wait: number) {
  const { page } = alarm;
  let poked = 0;
  const ran = new Set<string>();
  const reached: string[] = [];
  for (const sheet of sheetsOf(documents, perSheet)) {
    await page.goto(site.sheet(new Map(sheet)));
    poked += (await poke(page)) - 1;
    await page.waitForTimeout(wait);
    for (const name of await alarm.rung()) ran.add(name);
    reached.push(...site.reached());
  }
  await page.waitForTimeout(300);
  return { poked, ran: [...ran], reached: [...reached, ...site.reached()] };
}

test('there are enough payloads, each with a name of its own', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(200);
  expect(new Set(hostile.map(({ name }) => name)).size).toBe(hostile.length);
  expect(pages.size).toBe(hostile.length);
});

test('no page holds anything that could run or load, by another parser’s judgement', () => {
  for (const [name, html] of pages) expect(dangers(html), name).toEqual([]);
});

const ways: [string, (html: string) => Shown][] = [
  ['as the Library shows it', html => ({ html, policy: 'sandbox', sandbox: '', outerPolicy: "frame-src 'self'" })],
  // The sanitiser alone has to hold.
  ['with every policy taken away', html => ({ html: html.replace(DOCUMENT_POLICY, '') })]
];
for (const [way, shown] of ways) {
  test(`no script of a page runs and nothing is asked for, ${way}`, async ({ page }) => {
    const documents = [...pages].map(([name, html]) => [name, shown(html)] as [string, Shown]);
    // Blind eyes would see nothing wrong: every frame is there and answers.
    expect(await show(await Alarm.on(page), documents, PER_SHEET, 50)).toEqual({
      poked: pages.size,
      ran: [],
      reached: []
    });
  });
}

test('neither happens in pages that are opened as files', async ({ page }) => {
  const alarm = await Alarm.on(page);
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const [name, html] of pages) writeFileSync(join(files, `${name}.html`), html);
  // The way above asks more of the page; here it is about addresses that begin with file:.
  const chosen = [...pages.keys()].filter((_, at) => fullDose || at % 4 === 0);
  for (const [number, names] of sheetsOf(chosen, PER_SHEET).entries()) {
    const sheet = join(files, `${number}.html`);
    writeFileSync(sheet, names.map(name => `<iframe src="${name}.html"></iframe>`).join('\n'));
    await page.goto(`file://${sheet}`);
    expect(await poke(page)).toBe(1 + names.length);
    expect(await alarm.rung()).toEqual([]);
  }
  expect(site.reached()).toEqual([]);
});

test('live figures run their scripts and reach nothing', async ({ page }) => {
  expect(figures.size).toBeGreaterThan(30);
  const policy = `sandbox allow-scripts; ${FIGURE_POLICY}`;
  const documents = [...figures].map(
    ([name, html]) => [name, { html, policy, sandbox: 'allow-scripts', outerPolicy: "frame-src 'self'" }] as const
  );
  const { ran, reached } = await show(await Alarm.on(page), documents, 8, FIGURE_MS);
  expect(reached).toEqual([]);
  // The scripts did run, so the silence is the frame's doing.
  const ways = hostile.map(({ name }) => name).filter(name => name.startsWith('figure-way-'));
  expect(ways.filter(name => !ran.includes(name))).toEqual([]);
});

test('the traps snap: without Lakeside the same payloads run and reach the world', async ({ page }) => {
  const raw = rawDocuments(site.outside).filter(({ kind }) => kind === 'page');
  const documents = raw.map(({ name, html }) => [name, { html, sandbox: FREE }] as const);
  const { ran, reached } = await show(await Alarm.on(page), documents, 8, 200);
  const asked = new Set(reached.map(path => path.split('/')[1]));
  // The rest waits for the mouse, for other browsers, or harms without a script.
  expect(ran.length).toBeGreaterThanOrEqual(20);
  expect(asked.size).toBeGreaterThanOrEqual(35);
});

/** Ways that no frame without an origin has in Chromium: its sandbox closes them before policy and guard are asked. */
const CLOSED = ['window', 'form', 'link', 'top', 'speculation', 'call-blank', 'call-leave-script'];

test('figures without policy and guard call out, by every way that the sandbox leaves', async ({ page }) => {
  const raw = rawDocuments(site.outside).filter(({ kind }) => kind === 'figure');
  const open = raw.filter(({ name }) => !CLOSED.includes(name.replace(/^raw-/, '')));
  expect(open.length).toBe(raw.length - CLOSED.length);
  for (const { name, html } of open) {
    await page.goto(site.sheet(new Map([[name, { html, sandbox: 'allow-scripts' }]])));
    const heard: string[] = [];
    const isOut = (path: string): boolean => path === 'datagram' || path === `/${name}`;
    await expect.poll(() => heard.push(...site.reached()) > 0 && heard.some(isOut), { message: name }).toBe(true);
  }
});
