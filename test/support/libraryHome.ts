import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLibraryIndex } from '../../server/adapters/memory/libraryIndex.js';
import { createMemoryObjectStore } from '../../server/adapters/memory/objectStore.js';
import { createMemoryRenderer } from '../../server/adapters/memory/renderer.js';
import { createIds } from '../../server/ids.js';
import { createLibrary } from '../../server/share/library/library.js';
import type { Renderer } from '../../server/share/ports.js';
import { findAssets } from '../../server/share/render/assets.js';
import { createTestClock, createTestLog } from './library.js';

/** A Library on fakes of its ports, with the real renderer, and what shares notebooks to it. */
export async function openLibraryHome() {
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-service-'));
  const clock = createTestClock();
  const ids = createIds(clock);
  const log = createTestLog();
  const store = createMemoryObjectStore({ now: () => clock.now() });
  const assets = findAssets(import.meta.dirname);
  const real = createMemoryRenderer({ assets, maxNotebookBytes: 2 ** 30, pythonPackages: undefined });
  const rendered: string[] = [];
  const renderer = new Proxy(real, {
    get:
      (target, name: keyof Renderer) =>
      (...args: unknown[]): unknown => {
        rendered.push(name);
        const method: unknown = Reflect.get(target, name);
        return Reflect.apply(method as (...all: unknown[]) => unknown, target, args);
      }
  });
  const library = createLibrary({
    store,
    index: createMemoryLibraryIndex(),
    renderer,
    rendererVersion: 'test',
    cacheDirectory: join(folder, 'cache'),
    ids,
    clock,
    log
  });
  let number = 0;

  /** Shares cells as the publish service does. */
  async function share(
    sources: readonly string[],
    given: {
      notebookId?: string;
      title?: string;
      owner?: string;
      isPrivate?: boolean;
      hideCode?: boolean;
      parent?: string;
    } = {}
  ) {
    const { notebookId = ids.next(), title = 'A notebook', owner = 'ada', hideCode = false, parent } = given;
    const work = join(folder, `share${++number}`);
    await mkdir(work);
    const file = join(folder, `notebook${number}.ipynb`);
    const cells = sources.map((source, index) =>
      source.startsWith('#')
        ? { cell_type: 'markdown', id: `cell-${index}`, metadata: {}, source }
        : {
            cell_type: 'code',
            id: `cell-${index}`,
            metadata: {},
            execution_count: 1,
            source,
            outputs: [{ output_type: 'stream', name: 'stdout', text: `output of ${source} `.repeat(2000) }]
          }
    );
    await writeFile(file, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
    const prepared = await real.prepare({ kind: 'ipynb', file }, { title, hideCode }, { workDirectory: work });
    const count = { objects: 0, bytes: 0 };
    for (const blob of prepared.blobs) await library.archive.putBlob(blob, prepared.blobDirectory, count);
    const bytes = await readFile(prepared.snapshotFile);
    await copyFile(prepared.snapshotFile, join(prepared.blobDirectory, prepared.snapshotHash));
    const snapshot = { sha256: prepared.snapshotHash, size: bytes.length };
    await library.archive.putBlob({ ...snapshot, compressible: true }, prepared.blobDirectory, count);
    const versionId = ids.next();
    const common = {
      notebookId,
      versionId,
      author: owner,
      owner,
      audience: { kind: given.isPrivate ? ('owner' as const) : ('everyone' as const) },
      contentHash: prepared.facts.contentHash,
      title,
      tags: ['tag'],
      groups: [],
      hideCode,
      cells: cells.length,
      size: 1000,
      provenance: {}
    };
    clock.move(1000);
    const at = new Date(clock.now()).toISOString();
    const { language, text, imports, tables, nbformat } = prepared.facts;
    const blobs = prepared.blobs.filter(blob => blob.sha256 !== prepared.snapshotHash);
    await library.archive.putVersion(
      { format: 1, ...common, parent, createdAt: at, nbformat, language, snapshot, blobs },
      count
    );
    const event = { type: 'published' as const, id: ids.next(), at, text, imports, tables };
    await library.archive.append(
      { ...common, ...event, ...(parent && { parent }), ...(language && { language }) },
      count
    );
    return { notebookId, versionId, prepared, count };
  }

  const dispose = () => rm(folder, { recursive: true, force: true });
  return { folder, clock, ids, log, store, library, service: library.service, rendered, share, dispose };
}
