import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createProcessRenderer } from '../../server/adapters/renderer-process/index.js';
import { FIGURE_POLICY } from '../../server/share/render/figure/body.js';
import { DOCUMENT_POLICY } from '../../server/share/render/html/page.js';
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

/** Shows documents on sheets and pokes them. @returns what ran and what got out */
async function show(alarm: Alarm, documents: Iterable<[string, Shown]>, perSheet: number, wait: number) {
  const { page } = alarm;
  const ran = new Set<string>();
  const reached: string[] = [];
  for (const sheet of sheetsOf(documents, perSheet)) {
    await page.goto(site.sheet(new Map(sheet)));
    // Blind eyes would see nothing wrong: every frame is there and answers.
    expect(await poke(page)).toBe(1 + sheet.length);
    await page.waitForTimeout(wait);
    for (const name of await alarm.rung()) ran.add(name);
    reached.push(...site.reached());
  }
  await page.waitForTimeout(300);
  return { ran, reached: [...reached, ...site.reached()] };
}

function* framed(documents: Iterable<[string, string]>, how: Omit<Shown, 'html'>): Generator<[string, Shown]> {
  for (const [name, html] of documents) yield [name, { html, ...how }];
}

test('there are enough payloads, each with a name of its own', () => {
  expect(hostile.length).toBeGreaterThanOrEqual(250);
  expect(new Set(hostile.map(({ name }) => name)).size).toBe(hostile.length);
  expect(pages.size).toBe(hostile.length);
});

test('no page holds anything that could run or load, by another parser’s judgement', () => {
  for (const [name, html] of pages) expect(dangers(html), name).toEqual([]);
});

const ways: [string, (html: string) => Shown][] = [
  ['as the Library shows it', html => ({ html, policy: 'sandbox', sandbox: '', outerPolicy: "frame-src 'self'" })],
  ['with its own policy only', html => ({ html })],
  // The sanitiser alone has to hold.
  ['with no policy at all', html => ({ html: html.replace(DOCUMENT_POLICY, '') })]
];
for (const [way, shown] of ways) {
  test(`no script of a page runs and nothing is asked for, ${way}`, async ({ page }) => {
    const documents = [...pages].map(([name, html]) => [name, shown(html)] as [string, Shown]);
    const { ran, reached } = await show(await Alarm.on(page), documents, PER_SHEET, 50);
    expect([...ran]).toEqual([]);
    expect(reached).toEqual([]);
  });
}

test('neither happens in pages that are opened as files', async ({ page }) => {
  const alarm = await Alarm.on(page);
  const files = join(folder, 'files');
  mkdirSync(files);
  for (const [name, html] of pages) writeFileSync(join(files, `${name}.html`), html);
  for (const [number, names] of sheetsOf(pages.keys(), PER_SHEET).entries()) {
    const sheet = join(files, `${number}.html`);
    writeFileSync(sheet, names.map(name => `<iframe src="${name}.html"></iframe>`).join('\n'));
    await page.goto(`file://${sheet}`);
    expect(await poke(page)).toBe(1 + names.length);
    expect([...(await alarm.rung())]).toEqual([]);
  }
  expect(site.reached()).toEqual([]);
});

const figureFrame = {
  policy: `sandbox allow-scripts; ${FIGURE_POLICY}`,
  sandbox: 'allow-scripts',
  outerPolicy: "frame-src 'self'"
};

test('live figures run their scripts and reach nothing', async ({ page }) => {
  expect(figures.size).toBeGreaterThan(30);
  const { ran, reached } = await show(await Alarm.on(page), framed(figures, figureFrame), 8, FIGURE_MS);
  expect(reached).toEqual([]);
  // The scripts did run, so the silence is the frame's doing.
  const wayNames = hostile.map(({ name }) => name).filter(name => name.startsWith('figure-way-'));
  expect(wayNames.filter(name => !ran.has(name))).toEqual([]);
});

test('the traps snap: without Lakeside the same payloads run and reach the world', async ({ page }) => {
  const raw = [...rawDocuments(site.outside)].filter(([name]) => !name.startsWith('raw-figure-'));
  const { ran, reached } = await show(await Alarm.on(page), framed(raw, { sandbox: 'allow-scripts allow-forms allow-modals' }), 6, 200);
  const asked = new Set(reached.map(path => path.split('/')[1]));
  console.log(`Of ${raw.length} raw payloads ${ran.size} ran and ${asked.size} reached the world.`);
  expect(ran.size).toBeGreaterThan(1);
  expect(asked.size).toBeGreaterThan(1);
});

test('the guard is what keeps figures silent: without it they call out', async ({ page }) => {
  const raw = [...rawDocuments(site.outside)].filter(([name]) => name.startsWith('raw-figure-'));
  const silent: string[] = [];
  const alarm = await Alarm.on(page);
  for (const document of framed(raw, { sandbox: 'allow-scripts' })) {
    const { reached } = await show(alarm, [document], 1, 300);
    if (!reached.some(path => path === 'datagram' || (path.includes(document[0]) && !path.endsWith('/script'))))
      silent.push(document[0]);
  }
  console.log('silent', silent);
});
