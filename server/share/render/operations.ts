import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentOptions, NotebookFacts, NotebookSource, Prepared, Renderer, RenderCall } from '../ports.js';
import { FactsCollector } from '../notebook/facts.js';
import { writeNotebook } from '../notebook/join.js';
import type { Notebook } from '../notebook/model.js';
import { readBytes, readNotebook } from '../notebook/read.js';
import { readSnapshot } from '../notebook/snapshot.js';
import { SnapshotWriter } from '../notebook/split.js';
import type { Assets } from './assets.js';
import type { FigureLibraries } from './build/figures.js';
import { eachCell } from './cells.js';
import type { Rasterise } from './wiki/rasterise.js';

export interface RenderSettings {
  assets: Assets;
  /** Larger notebook files are refused before they are read. In bytes. */
  maxNotebookBytes: number;
  /** The site-packages folder in which plotly and bokeh are looked for. */
  pythonPackages: string | undefined;
}

/** The renderer in this very process: what the child process runs, and what tests and fakes may call. */
export function createRenderer(settings: RenderSettings): Renderer {
  const libraries = findLibraries(settings.pythonPackages);
  const resources = { assets: settings.assets, libraries };
  let drawing: Promise<Rasterise> | undefined;
  const rasteriser = (): Promise<Rasterise> =>
    (drawing ??= import('./wiki/rasterise.js').then(({ loadRasteriser }) => loadRasteriser(settings.assets)));
  const open = (source: NotebookSource, exact: boolean): Promise<Notebook> => openSource(source, settings, exact);

  return {
    async inspect(source, call) {
      const notebook = await open(source, true);
      const facts = new FactsCollector(notebook);
      await eachCell(notebook, call, cell => facts.cell(cell));
      return facts.finish();
    },

    async prepare(source, options, call) {
      const notebook = await open(source, true);
      return prepare(notebook, options, call, resources);
    },

    async document(source, options, call) {
      const notebook = await open(source, false);
      const file = join(call.workDirectory, 'document.html');
      const { DocumentWriter } = await import('./document.js');
      const writer = new DocumentWriter(notebook, options, resources, file);
      try {
        await eachCell(notebook, call, (cell, index) => writer.cell(cell, index));
        return { file, ...writer.finish() };
      } finally {
        writer.discard();
      }
    },

    async figure(source, number, call) {
      const notebook = await open(source, false);
      const { writeFigure } = await import('./figure/write.js');
      const file = join(call.workDirectory, 'figure.html');
      return { file, size: await writeFigure(notebook, number, file, { ...resources, call }) };
    },

    async notebook(source, options, call) {
      const notebook = await open(source, true);
      const file = join(call.workDirectory, 'notebook.ipynb');
      return { file, size: writeNotebook(notebook, file, options) };
    },

    async diff(before, after, options, call) {
      const [older, newer] = [await open(before, false), await open(after, false)];
      const { compareNotebooks } = await import('./diff/compare.js');
      return compareNotebooks(older, newer, options, call, resources);
    },

    async wiki(source, options, call) {
      const notebook = await open(source, false);
      const { WikiPageWriter } = await import('./wiki/page.js');
      const { loadEmitter } = await import('./wiki/emitters.js');
      const writer = new WikiPageWriter(notebook, options, {
        libraries,
        workDirectory: call.workDirectory,
        rasteriser,
        emitter: await loadEmitter(options.features.dialect)
      });
      await eachCell(notebook, call, (cell, index) => writer.cell(cell, index));
      return writer.finish();
    },

    async scan(source, options, call) {
      const notebook = await open(source, options.redact !== undefined || options.identify === true);
      const { scanNotebook } = await import('../gate/scan.js');
      return scanNotebook(notebook, options, call);
    },

    close: () => Promise.resolve()
  };
}

async function prepare(
  notebook: Notebook,
  options: DocumentOptions,
  call: RenderCall,
  resources: { assets: Assets; libraries: FigureLibraries }
): Promise<Prepared> {
  const { DocumentWriter } = await import('./document.js');
  const snapshotFile = join(call.workDirectory, 'snapshot.json');
  const documentFile = join(call.workDirectory, 'document.html');
  const blobDirectory = join(call.workDirectory, 'blobs');
  const collector = new FactsCollector(notebook);
  const snapshot = new SnapshotWriter(notebook, snapshotFile, blobDirectory);
  const writer = new DocumentWriter(notebook, options, resources, documentFile);
  try {
    await eachCell(notebook, call, async (cell, index) => {
      collector.cell(cell);
      snapshot.cell(cell);
      await writer.cell(cell, index);
    });
    const facts: NotebookFacts = collector.finish();
    const { sha256, blobs } = snapshot.finish();
    const { size, figures, notes } = writer.finish();
    return {
      facts,
      snapshotFile,
      snapshotHash: sha256,
      blobs,
      blobDirectory,
      documentFile,
      documentSize: size,
      figures,
      notes: [...facts.notes, ...notes]
    };
  } finally {
    snapshot.discard();
    writer.discard();
  }
}

async function openSource(source: NotebookSource, settings: RenderSettings, exact: boolean): Promise<Notebook> {
  const bytes = await readBytes(source.file, settings.maxNotebookBytes);
  return source.kind === 'ipynb'
    ? readNotebook(bytes, { exact })
    : readSnapshot(bytes, source.blobDirectory, { exact });
}

/** The JavaScript that Python packages bring, if they are there. */
function findLibraries(pythonPackages: string | undefined): FigureLibraries {
  const file = (...parts: string[]): string | undefined => {
    const path = join(pythonPackages ?? '', ...parts);
    return pythonPackages !== undefined && existsSync(path) && statSync(path).isFile() ? path : undefined;
  };
  return {
    plotly: file('plotly', 'package_data', 'plotly.min.js'),
    bokeh: file('bokeh', 'server', 'static', 'js', 'bokeh.min.js')
  };
}
