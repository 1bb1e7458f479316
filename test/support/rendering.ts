import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DocumentOptions, NotebookSource, Renderer } from '../../server/share/ports.js';
import { readNotebook } from '../../server/share/notebook/read.js';
import { findAssets } from '../../server/share/render/assets.js';
import { DocBuilder } from '../../server/share/render/build/doc.js';
import type { FigureLibraries } from '../../server/share/render/build/figures.js';
import { createRenderer } from '../../server/share/render/operations.js';
import type { Block, Section } from '../../server/share/render/sharedoc.js';
import { notebookBytes } from './notebooks.js';

/** The renderer in this process. */
export function localRenderer(pythonPackages?: string): Renderer {
  return createRenderer({
    assets: findAssets(resolve('server/share/render')),
    maxNotebookBytes: 100_000_000,
    pythonPackages
  });
}

/** Gives a notebook as a file in a folder that lives as long as `use` runs. */
export async function withNotebook<T>(
  notebook: unknown,
  use: (source: NotebookSource, workDirectory: string) => Promise<T>
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-rendering-'));
  try {
    const file = join(folder, 'notebook.ipynb');
    writeFileSync(file, Buffer.isBuffer(notebook) ? notebook : notebookBytes(notebook));
    return await use({ kind: 'ipynb', file }, mkdtempSync(join(folder, 'work-')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The page of a notebook, with what the renderer says about it. */
export function pageOf(notebook: unknown, options: Partial<DocumentOptions> = {}) {
  return withNotebook(notebook, async (source, workDirectory) => {
    const page = await localRenderer().document(source, { hideCode: false, ...options }, { workDirectory });
    return { ...page, html: readFileSync(page.file, 'utf8'), files: readdirSync(workDirectory) };
  });
}

/** What the cells of a notebook become. */
export async function sectionsOf(
  notebook: unknown,
  libraries: FigureLibraries = { plotly: undefined, bokeh: undefined }
): Promise<Section[]> {
  const read = readNotebook(notebookBytes(notebook), { exact: false });
  const builder = new DocBuilder(read, libraries);
  const sections: Section[] = [];
  for (let at = 0; at < read.cellCount; at++) sections.push(await builder.section(read.cell(at), at));
  return sections;
}

/** The blocks of a list, by kind: what a test that asks for tables wants to see. */
export function only<K extends Block['kind']>(blocks: readonly Block[], kind: K): Extract<Block, { kind: K }>[] {
  return blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
}
