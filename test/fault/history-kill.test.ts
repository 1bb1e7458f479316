import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dose } from '../support/dose.js';
import { buildPrograms, start } from '../support/fault/processes.js';
import { laySave, notebookOf } from '../support/history.js';
import { randomNumbers } from '../support/largeNotebooks.js';

let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

/** Every point that the code of history names. */
const points = globSync('server/history/*.ts').flatMap(file =>
  [...readFileSync(file, 'utf8').matchAll(/failPoint\('(history:[\w-]+)'\)/g)].map(match => match[1] ?? '')
);

test('the points are named in the code', () => {
  expect(points.length).toBeGreaterThanOrEqual(2);
});

const { runs, seed } = dose('sidecars killed while notebooks are saved', { ci: 20, full: 200 });

/**
 * Saves while sidecars take the copies in and are killed, one after the other, at a named point or at any time; then
 * one takes in what is left. Every save is a version, once, in order, byte by byte.
 */
async function run(n: number): Promise<number> {
  const random = randomNumbers(seed + n);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-history-kill-')));
  const [root, home] = [join(folder, 'notebooks'), join(folder, 'home')];
  mkdirSync(root);
  mkdirSync(home);
  const target = { programs: built.programs, home };
  const path = join(root, 'a.ipynb');
  const saved: string[] = [];
  const save = (): void => {
    const cells = Array.from({ length: 20 }, (_, cell) =>
      cell === saved.length % 20 ? `${random()} `.repeat(2000) : `cell ${cell}`
    );
    const content = notebookOf([...cells, `save ${saved.length}`]);
    writeFileSync(path, content);
    laySave(home, { path, at: 1_800_000_000_000 + saved.length, content });
    saved.push(content);
  };
  let killed = 0;
  for (let round = 0; round < 2; round++) {
    const point = points[Math.floor(random() * points.length)] ?? '';
    const failPoint = random() < 0.6 ? `${point}#${1 + Math.floor(random() * 4)}` : undefined;
    const sidecar = start({ ...target, ...(failPoint !== undefined && { failPoint }) }, 'sidecar', root);
    await sidecar.said(line => line.ready).catch(() => undefined);
    for (let count = 0; count < 5; count++) save();
    const patience = new Promise(resolve => setTimeout(resolve, failPoint === undefined ? random() * 600 : 5000));
    await Promise.race([sidecar.ended, patience]);
    await sidecar.kill();
    killed += Number((await sidecar.ended).signal === 'SIGKILL');
  }
  const sidecar = start(target, 'sidecar', root);
  await sidecar.said(line => line.ready);
  sidecar.ask({ do: 'history', path: 'a.ipynb' });
  const kept = await sidecar.said(line => line.history);
  expect(kept.toReversed(), `start value ${seed + n}`).toEqual(saved);
  expect(readdirSync(join(home, 'history', 'saves'))).toEqual([]);
  sidecar.child.stdin?.end();
  await sidecar.ended;
  rmSync(folder, { recursive: true, force: true });
  return killed;
}

test(`${runs} homes, nothing that was acknowledged is lost`, { timeout: 3_600_000 }, async () => {
  let killed = 0;
  const line = Array.from({ length: runs }, (_, n) => n).values();
  async function work(): Promise<void> {
    for (const n of line) {
      const count = await run(n);
      killed += count;
    }
  }
  await Promise.all([work(), work()]);
  console.log(`${killed} sidecars were killed`);
  expect(killed).toBe(2 * runs);
});
