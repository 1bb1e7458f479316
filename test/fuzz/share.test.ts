import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ProblemError } from '../../contract/problem.js';
import type { ShareResult } from '../../contract/share/index.js';
import { findAssets } from '../../server/share/render/assets.js';
import { createRenderer } from '../../server/share/render/operations.js';
import { dose } from '../support/dose.js';
import { arbitraryFile } from '../support/notebooks.js';
import { ada, never, shareHome } from '../support/share/home.js';

/** What a bad notebook may be answered with. */
const ALLOWED = ['not-a-notebook', 'notebook-version', 'notebook-too-complex', 'too-large'];

test('generated and mutated notebooks through the whole publish service', { timeout: 1_200_000 }, async () => {
  const { runs, seed } = dose('share fuzz', { ci: 500, full: 5000 });
  const renderer = createRenderer({
    assets: findAssets(import.meta.dirname),
    maxNotebookBytes: 10_000_000,
    pythonPackages: undefined
  });
  const home = shareHome();
  const p = home.start({ renderer });
  const work = mkdtempSync(join(tmpdir(), 'lakeside-fuzz-'));
  const seen = new Map<string, number>();
  let count = 0;

  /** The code of the typed refusal; anything else fails the test. */
  const refusal = (error: unknown): string => {
    if (!(error instanceof ProblemError)) throw error;
    expect(ALLOWED).toContain(error.code);
    expect(error.status).toBeLessThan(500);
    expect(error.message.length).toBeGreaterThan(20);
    return error.code;
  };

  /** The page of a version, made from what the archive gives back. */
  async function pageOf(result: ShareResult): Promise<number> {
    const manifest = await p.archive.version(result.notebookId, result.versionId);
    expect(manifest && (await p.archive.verify(manifest))).toBe(true);
    if (manifest === undefined) return 0;
    const folders = [mkdtempSync(join(work, 'in-')), mkdtempSync(join(work, 'out-'))] as const;
    const source = await p.archive.materialise(manifest, folders[0]);
    const page = await renderer.document(source, { hideCode: false }, { workDirectory: folders[1] });
    return page.size;
  }

  async function check(bytes: Buffer): Promise<string> {
    const path = `n${++count}.ipynb`;
    writeFileSync(join(home.rootDir, path), bytes);
    const before = home.puts.length;
    const request = { path, source: { kind: 'file' as const }, hideCode: false };
    const state = await p.service.state(ada, { path }).then(found => found.state, refusal);
    const preview = await p.service.preview(ada, request, never).then(async ({ stream }) => {
      let size = 0;
      for await (const chunk of stream) size += chunk.byteLength;
      return size > 0 ? 'page' : 'empty';
    }, refusal);
    const job = await p.shareJob(path);
    if (job.problem) {
      const code = refusal(ProblemError.from(job.problem));
      expect(job.state).toBe('failed');
      expect(home.puts.slice(before), 'nothing is written for what is refused').toEqual([]);
      expect([state, preview]).toEqual(state === 'not-shared' ? ['not-shared', code] : [code, code]);
      return code;
    }
    expect([state, preview]).toEqual(['not-shared', 'page']);
    const result = job.result as ShareResult;
    expect(result.outcome).toBe('created');
    expect(await pageOf(result)).toBeGreaterThan(0);
    expect((await p.service.state(ada, { path })).state).toBe('up-to-date');
    const written = home.puts.length;
    expect(await p.share(path)).toMatchObject({ outcome: 'unchanged', contentHash: result.contentHash });
    expect(home.puts).toHaveLength(written);
    return 'page';
  }

  await fc.assert(
    fc.asyncProperty(arbitraryFile(), async bytes => {
      const code = await check(bytes);
      seen.set(code, (seen.get(code) ?? 0) + 1);
    }),
    { numRuns: runs, seed }
  );
  console.log('share fuzz:', Object.fromEntries(seen));
  expect(seen.get('page')).toBeGreaterThan(runs / 10);
  expect(seen.get('not-a-notebook')).toBeGreaterThan(runs / 10);
  const folders = ['shares', 'scratch'].map(name => join(home.folder, 'work', name));
  const leftovers = () => folders.flatMap(folder => (existsSync(folder) ? readdirSync(folder) : []));
  await vi.waitFor(() => expect(leftovers()).toEqual([]));
  rmSync(work, { recursive: true, force: true });
});
