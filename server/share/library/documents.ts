import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { Figure, NotebookDiff } from '../../../contract/share/index.js';
import type { Archive, VersionManifest } from '../archive/types.js';
import type { MadePage, NotebookSource, RenderCall, Renderer } from '../ports.js';
import type { Cache } from './cache.js';

/** A file made from the archive. */
export interface Made {
  file: string;
  /** Bytes. */
  size: number;
}

/** What a page is made from, beside the notebook. */
export interface PageOptions {
  title: string;
  hideCode: boolean;
}

/** One side of a comparison. */
export interface Side {
  manifest: VersionManifest;
  label: string;
}

const BareDiff = NotebookDiff.omit({ notebookId: true, from: true, to: true });
type BareDiff = z.infer<typeof BareDiff>;

/** Makes what the Library shows of versions, once, and keeps it in the cache. */
export interface Documents {
  page(manifest: VersionManifest, options: PageOptions, signal: AbortSignal): Promise<Made & { figures: Figure[] }>;
  figure(manifest: VersionManifest, number: number, signal: AbortSignal): Promise<Made>;
  notebook(manifest: VersionManifest, options: { fork: boolean }, signal: AbortSignal): Promise<Made>;
  diff(before: Side, after: Side, title: string, signal: AbortSignal): Promise<BareDiff>;
  diffPage(before: Side, after: Side, title: string, signal: AbortSignal): Promise<Made>;
  /** Takes a page that was made elsewhere from the same snapshot with the same options. */
  seed(page: MadePage): Promise<void>;
}

export interface DocumentsOptions {
  archive: Archive;
  renderer: Renderer;
  cache: Cache;
  /** What renders; pages of another version are made anew. */
  rendererVersion: string;
}

export function createDocuments({ archive, renderer, cache, rendererVersion }: DocumentsOptions): Documents {
  type Render = (sources: NotebookSource[], call: RenderCall) => Promise<{ file?: string; facts?: unknown }>;

  /** The entry of a key: the file that `render` gives, as `name`, and its facts. */
  async function entry(
    name: string,
    key: readonly unknown[],
    manifests: readonly VersionManifest[],
    render: Render,
    signal: AbortSignal
  ): Promise<string> {
    const make = async (folder: string, stop: AbortSignal): Promise<void> => {
      const [source, work] = [join(folder, 'source'), join(folder, 'work')];
      const sources: NotebookSource[] = [];
      for (const [index, manifest] of manifests.entries()) {
        const place = join(source, String(index));
        await mkdir(place, { recursive: true, mode: 0o700 });
        sources.push(await archive.materialise(manifest, place));
      }
      await mkdir(work, { mode: 0o700 });
      const { file, facts } = await render(sources, { workDirectory: work, signal: stop });
      if (file !== undefined) await rename(file, join(folder, name));
      if (facts !== undefined) await writeFile(join(folder, FACTS), JSON.stringify(facts), { mode: 0o600 });
      await rm(source, { recursive: true, force: true });
      await rm(work, { recursive: true, force: true });
    };
    return cache.folder(keyOf(name, rendererVersion, key), make, signal);
  }

  function pageKey(snapshotHash: string, { title, hideCode }: PageOptions): unknown[] {
    return [snapshotHash, title, hideCode];
  }

  function compare(name: string, before: Side, after: Side, title: string, signal: AbortSignal): Promise<string> {
    const document = name === DIFF_PAGE;
    const options = { document, title, beforeLabel: before.label, afterLabel: after.label };
    const hashes = [before, after].map(side => side.manifest.snapshot.sha256);
    return entry(
      name,
      [...hashes, ...(document ? [title, before.label, after.label] : [])],
      [before.manifest, after.manifest],
      async ([older, newer], call) => {
        if (older === undefined || newer === undefined) throw new Error('Two sources were given.');
        const { diff, file } = await renderer.diff(older, newer, options, call);
        return { ...(document && file !== undefined && { file }), facts: diff };
      },
      signal
    );
  }

  return {
    async page(manifest, options, signal) {
      const folder = await entry(
        PAGE,
        pageKey(manifest.snapshot.sha256, options),
        [manifest],
        async ([source], call) => {
          const { file, figures } = await renderer.document(only(source), options, call);
          return { file, facts: figures };
        },
        signal
      );
      return { ...(await measure(folder, PAGE)), figures: await facts(folder, z.array(Figure)) };
    },
    async figure(manifest, number, signal) {
      const folder = await entry(
        'figure.html',
        [manifest.snapshot.sha256, number],
        [manifest],
        async ([source], call) => ({ file: (await renderer.figure(only(source), number, call)).file }),
        signal
      );
      return measure(folder, 'figure.html');
    },
    async notebook(manifest, { fork }, signal) {
      const folder = await entry(
        'notebook.ipynb',
        [manifest.snapshot.sha256, fork ? null : manifest.notebookId],
        [manifest],
        async ([source], call) => {
          const options = fork ? { withoutId: true } : { withoutId: false, withId: manifest.notebookId };
          return { file: (await renderer.notebook(only(source), options, call)).file };
        },
        signal
      );
      return measure(folder, 'notebook.ipynb');
    },
    async diff(before, after, title, signal) {
      return facts(await compare('diff.json', before, after, title, signal), BareDiff);
    },
    async diffPage(before, after, title, signal) {
      return measure(await compare(DIFF_PAGE, before, after, title, signal), DIFF_PAGE);
    },
    async seed({ snapshotHash, documentFile, figures, ...options }) {
      await cache.folder(keyOf(PAGE, rendererVersion, pageKey(snapshotHash, options)), async folder => {
        await copyFile(documentFile, join(folder, PAGE));
        await writeFile(join(folder, FACTS), JSON.stringify(figures), { mode: 0o600 });
      });
    }
  };
}

const PAGE = 'document.html';
const DIFF_PAGE = 'diff.html';
const FACTS = 'facts.json';

function keyOf(...parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function only(source: NotebookSource | undefined): NotebookSource {
  if (source === undefined) throw new Error('One source was given.');
  return source;
}

async function measure(folder: string, name: string): Promise<Made> {
  const file = join(folder, name);
  return { file, size: (await stat(file)).size };
}

async function facts<S extends z.ZodType>(folder: string, schema: S): Promise<z.infer<S>> {
  return schema.parse(JSON.parse(await readFile(join(folder, FACTS), 'utf8')));
}
