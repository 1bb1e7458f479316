import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Jupyter } from './jupyter.js';

/** A notebook file, as far as the tests look at it. */
export interface NotebookFile {
  cells: { cell_type: string; source: string | string[]; id?: string }[];
  metadata: { lakeside?: { id?: unknown }; kernelspec?: object; language_info?: object };
  nbformat: number;
  nbformat_minor: number;
}

/**
 * Writes a notebook below the server's root.
 *
 * @param cells - markdown where it begins with `#`, else code
 * @param metadata - beside the kernel
 * @param tags - of cells, by their number
 */
export async function writeNotebook(
  jupyter: Jupyter,
  path: string,
  cells: string[],
  metadata: Record<string, unknown> = {},
  tags: Record<number, string[]> = {}
): Promise<void> {
  const notebook: NotebookFile = {
    cells: cells.map((source, index) => ({
      cell_type: source.startsWith('#') ? 'markdown' : 'code',
      id: `cell-${index}`,
      metadata: tags[index] ? { tags: tags[index] } : {},
      source,
      ...(!source.startsWith('#') && { execution_count: null, outputs: [] })
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: languageInfo(),
      ...metadata
    },
    nbformat: 4,
    nbformat_minor: 5
  };
  const file = join(jupyter.root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(notebook, null, 1));
}

/** A notebook file as it lies on the disk. Jupyter writes in place, so one that is half there is read again. */
export async function readNotebook(jupyter: Jupyter, path: string): Promise<NotebookFile> {
  for (let attempt = 1; ; attempt++) {
    try {
      return JSON.parse(await readFile(join(jupyter.root, path), 'utf8')) as NotebookFile;
    } catch (error) {
      if (!(error instanceof SyntaxError) || attempt === 40) throw error;
      await sleep(50);
    }
  }
}

/** The id in the file, or undefined. */
export async function idIn(jupyter: Jupyter, path: string): Promise<unknown> {
  return (await readNotebook(jupyter, path)).metadata.lakeside?.id;
}

/** Writes a notebook that takes seconds to render: so many cells with prose, code and output. */
export async function writeLongNotebook(jupyter: Jupyter, path: string, cells: number): Promise<void> {
  const output = 'some output of a computation, with numbers 1234567890\n'.repeat(40);
  const notebook = {
    cells: Array.from({ length: cells }, (_, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      metadata: {},
      execution_count: index,
      source: `def f_${index}(x: int) -> str:\n    return f"{x ** 2:>10} and more"  # a comment\n`.repeat(10),
      outputs: [{ output_type: 'stream', name: 'stdout', text: output }]
    })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  };
  await writeFile(join(jupyter.root, path), JSON.stringify(notebook));
}

/** Writes a notebook with so many figures, each of its own bytes. */
export async function writeFigures(jupyter: Jupyter, path: string, figures: number): Promise<void> {
  await writeNotebook(jupyter, path, ['# Many figures', ...Array.from({ length: figures }, (_, n) => `draw(${n})`)]);
  const notebook = await readNotebook(jupyter, path);
  for (const [index, cell] of notebook.cells.slice(1).entries()) {
    // What follows the end of a PNG is no part of the picture.
    const png = Buffer.concat([Buffer.from(DOT, 'base64'), Buffer.from(`figure ${index}`)]).toString('base64');
    const output = { output_type: 'display_data', data: { 'image/png': png }, metadata: {} };
    Object.assign(cell, { execution_count: index + 1, outputs: [output] });
  }
  await writeFile(join(jupyter.root, path), JSON.stringify(notebook));
}

/** A picture of one dot, PNG in base64. */
export const DOT = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let version = '';

/** What the kernel says of itself. A notebook that does not say the same has unsaved changes as soon as it is open. */
function languageInfo(): object {
  version ||= execFileSync('.venv/bin/python', ['-c', 'import platform; print(platform.python_version())'], {
    encoding: 'utf8'
  }).trim();
  return {
    codemirror_mode: { name: 'ipython', version: 3 },
    file_extension: '.py',
    mimetype: 'text/x-python',
    name: 'python',
    nbconvert_exporter: 'python',
    pygments_lexer: 'ipython3',
    version
  };
}
