import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ulid } from '../../../contract/identifiers.js';
import { ProblemError } from '../../../contract/problem.js';
import type { NotebookFacts, NotebookSource, Prepared, RenderCall, Renderer } from '../../../server/share/ports.js';

interface Cell {
  cell_type: string;
  source: string;
  outputs?: unknown[];
}
interface Notebook {
  nbformat: number;
  cells: Cell[];
  metadata: { lakeside?: { id?: unknown } } & Record<string, unknown>;
}

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

/** Longest output that stays in the snapshot. */
const INLINE = 1000;

/**
 * A renderer in this process for tests that are about publishing: reads honest notebooks, which hold no secrets, splits off large outputs,
 * writes a page of their sources. The real one has tests of its own.
 */
export function createMemoryRenderer(): Renderer & { calls: string[] } {
  const calls: string[] = [];

  function read(source: NotebookSource): { notebook: Notebook; bytes: Buffer } {
    const bytes = readFileSync(source.file);
    try {
      const notebook = JSON.parse(bytes.toString('utf8')) as Notebook;
      if (Array.isArray(notebook.cells)) return { notebook, bytes };
    } catch {
      // Refused below.
    }
    throw new ProblemError('not-a-notebook', 'This is not a notebook.');
  }

  function factsOf(source: NotebookSource): NotebookFacts {
    const { notebook, bytes } = read(source);
    const { lakeside, ...metadata } = notebook.metadata;
    const prose = notebook.cells.filter(cell => cell.cell_type === 'markdown').map(cell => cell.source);
    return {
      contentHash: sha256(JSON.stringify([notebook.cells, metadata])),
      notebookId: Ulid.safeParse(lakeside?.id).data,
      nbformat: notebook.nbformat,
      title: /^#+ (.+)$/m.exec(prose.join('\n'))?.[1],
      cells: notebook.cells.length,
      size: bytes.length,
      language: 'python',
      kernel: { name: 'python3' },
      text: prose.join('\n'),
      imports: [],
      tables: [],
      notes: []
    };
  }

  function page(notebook: Notebook, { workDirectory, onProgress }: RenderCall) {
    const file = join(workDirectory, 'document.html');
    writeFileSync(file, notebook.cells.map(cell => `<p>${cell.source}</p>`).join('\n'));
    onProgress?.(notebook.cells.length, notebook.cells.length);
    return { file, size: readFileSync(file).length, figures: [], notes: [] };
  }

  function split(notebook: Notebook, workDirectory: string): Pick<Prepared, 'blobs' | 'blobDirectory'> {
    const blobDirectory = join(workDirectory, 'blobs');
    mkdirSync(blobDirectory);
    const blobs = new Map<string, number>();
    for (const cell of notebook.cells) {
      cell.outputs = cell.outputs?.map(output => {
        const text = JSON.stringify(output);
        if (text.length <= INLINE) return output;
        const hash = sha256(text);
        writeFileSync(join(blobDirectory, hash), text);
        blobs.set(hash, Buffer.byteLength(text));
        return { blob: hash };
      });
    }
    return { blobs: [...blobs].map(([hash, size]) => ({ sha256: hash, size, compressible: true })), blobDirectory };
  }

  const unused = () => Promise.reject(new Error('Not part of publishing.'));

  return {
    calls,
    async inspect(source, { signal }) {
      calls.push('inspect');
      signal?.throwIfAborted();
      return Promise.resolve(factsOf(source));
    },
    async prepare(source, _options, call) {
      calls.push('prepare');
      call.signal?.throwIfAborted();
      const { notebook } = read(source);
      const facts = factsOf(source);
      const document = page(notebook, call);
      const parts = split(notebook, call.workDirectory);
      const { lakeside: _lakeside, ...metadata } = notebook.metadata;
      const snapshot = JSON.stringify({ ...notebook, metadata });
      const snapshotFile = join(call.workDirectory, 'snapshot.json');
      writeFileSync(snapshotFile, snapshot);
      return Promise.resolve({
        facts,
        snapshotFile,
        snapshotHash: sha256(snapshot),
        ...parts,
        documentFile: document.file,
        documentSize: document.size,
        figures: [],
        notes: []
      });
    },
    async document(source, _options, call) {
      calls.push('document');
      return Promise.resolve(page(read(source).notebook, call));
    },
    async scan(_source, _options, call) {
      calls.push('scan');
      call.signal?.throwIfAborted();
      return Promise.resolve({ findings: [], total: 0, redacted: 0, file: undefined });
    },
    figure: unused,
    notebook: unused,
    diff: unused,
    wiki: unused,
    close: () => Promise.resolve()
  };
}
