import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { ContentHash } from '../../../../server/share/notebook/hash.js';
import { notebookText, splitLines, writeNotebook } from '../../../../server/share/notebook/join.js';
import type { Notebook } from '../../../../server/share/notebook/model.js';
import { readNotebook } from '../../../../server/share/notebook/read.js';
import { readSnapshot } from '../../../../server/share/notebook/snapshot.js';
import { SnapshotWriter } from '../../../../server/share/notebook/split.js';
import { dose } from '../../../support/dose.js';
import {
  arbitraryNotebook,
  codeCell,
  display,
  exampleNotebook,
  notebookBytes,
  notebookOf,
  stream
} from '../../../support/notebooks.js';
import { scratch } from '../../../support/scratch.js';

const read = (bytes: Buffer) => readNotebook(bytes, { exact: true });

function hash(notebook: Notebook): string {
  const content = new ContentHash(notebook);
  for (let at = 0; at < notebook.cellCount; at++) content.cell(notebook.cell(at));
  return content.digest();
}

function split(notebook: Notebook, folder: string) {
  const [file, blobDirectory] = [join(folder, 'snapshot.json'), join(folder, 'blobs')];
  const writer = new SnapshotWriter(notebook, file, blobDirectory);
  for (let at = 0; at < notebook.cellCount; at++) writer.cell(notebook.cell(at));
  return {
    ...writer.finish(),
    file,
    blobDirectory,
    again: () => readSnapshot(readFileSync(file), blobDirectory, { exact: true })
  };
}

/** The readable ones of the generated notebooks. */
function readable(text: string): Notebook | undefined {
  try {
    const notebook = read(Buffer.from(text));
    for (let at = 0; at < notebook.cellCount; at++) notebook.cell(at);
    return notebook;
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

describe('split and join', () => {
  test('give back what a notebook says, whatever it says', () => {
    const { runs, seed } = dose('split and join', { ci: 150, full: 3000 });
    const folder = scratch();
    let seen = 0;
    fc.assert(
      fc.property(arbitraryNotebook(), text => {
        const notebook = readable(text);
        if (!notebook) return;
        seen++;
        const { again } = split(notebook, mkdtempSync(join(folder, 'a-')));
        expect(notebookText(again())).toBe(notebookText(notebook));
        expect(hash(again())).toBe(hash(notebook));
        const joined = read(Buffer.from(notebookText(notebook)));
        expect(notebookText(joined)).toBe(notebookText(notebook));
        expect(hash(joined)).toBe(hash(notebook));
      }),
      { numRuns: runs, seed }
    );
    expect(seen).toBeGreaterThan(runs / 4);
  });

  test('large values lie in blobs, once each, pictures as their bytes', () => {
    const picture = Buffer.alloc(30_000, 7);
    const base64 = picture.toString('base64');
    const text = 'long '.repeat(10_000);
    const notebook = read(
      notebookBytes(
        notebookOf(
          [
            codeCell('a', [display({ 'image/png': `${base64}\n`, 'text/plain': 'x' }), stream(text)]),
            codeCell('b', [display({ 'image/png': base64.replace(/.{1,76}/g, '$&\n') })]),
            codeCell('c', [
              display({ 'image/png': base64.replace('B', '-') }),
              display({ 'application/vnd.plotly.v1+json': { data: [text] } })
            ]),
            {
              ...codeCell('d', [{ output_type: 'error', ename: 'E', evalue: 'v', traceback: [text] }]),
              attachments: { 'p.png': { 'image/png': base64 } }
            }
          ],
          { widgets: { state: text } }
        )
      )
    );
    const { blobs, blobDirectory, file, again, sha256 } = split(notebook, scratch());
    const sizes = blobs.map(({ size, compressible }) => `${size} ${compressible}`);
    expect(sizes.filter(size => size === '30000 false')).toHaveLength(1);
    expect(sizes.filter(size => size.endsWith('true'))).toHaveLength(5);
    for (const blob of blobs) expect(statSync(join(blobDirectory, blob.sha256)).size).toBe(blob.size);
    expect(statSync(file).size).toBeLessThan(8000);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(notebookText(again())).toBe(notebookText(notebook));
  });

  test('a notebook that looks like a snapshot stays what it is', () => {
    const notebook = read(
      notebookBytes(
        notebookOf([{ ...codeCell('x'), refs: [{ at: ['source'], sha256: 'a'.repeat(64), as: 'text' }], cell: {} }])
      )
    );
    expect(notebookText(split(notebook, scratch()).again())).toBe(notebookText(notebook));
  });

  test('a snapshot whose blob is gone is our fault, and says so', () => {
    const notebook = read(notebookBytes(notebookOf([codeCell('x', [stream('y'.repeat(20_000))])])));
    const { file } = split(notebook, scratch());
    const broken = readSnapshot(readFileSync(file), scratch('empty'), { exact: true });
    expect(() => broken.cell(0)).toThrow(expect.objectContaining({ code: 'render-failed' }) as Error);
  });
});

describe('the content hash', () => {
  const base = notebookOf([codeCell('a\nb', [stream('x\ny')])], { lakeside: { id: 'one' } });

  test('does not change with key order, line lists, white space or Lakeside’s own metadata', () => {
    const turned = Object.fromEntries(Object.entries(base).reverse());
    const cells = [
      {
        ...codeCell(''),
        id: 'cell-0',
        source: ['a\n', 'b'],
        outputs: [{ name: 'stdout', text: ['x\n', 'y'], output_type: 'stream' }]
      }
    ];
    const same = [
      turned,
      { ...base, cells },
      { ...base, metadata: { ...(base['metadata'] as object), lakeside: { id: 'two', x: 1 } } }
    ];
    for (const other of same) expect(hash(read(notebookBytes(other)))).toBe(hash(read(notebookBytes(base))));
    expect(hash(read(Buffer.from(JSON.stringify(base))))).toBe(hash(read(notebookBytes(base))));
  });

  test('ignores what Jupyter keeps in memory only', () => {
    const trusted = {
      ...base,
      cells: [{ ...codeCell('a\nb', [stream('x\ny')]), id: 'cell-0', metadata: { trusted: true } }]
    };
    expect(hash(read(notebookBytes(trusted)))).toBe(hash(read(notebookBytes(base))));
  });

  test('1, 1.0 and 1e0 are one number; whole numbers beyond 2^53 are not rounded', () => {
    const of = (number: string) => hash(read(Buffer.from(`{"cells":[],"metadata":{"n":${number}},"nbformat":4}`)));
    expect(new Set(['1', '1.0', '1e0'].map(of)).size).toBe(1);
    expect(of('9007199254740993')).not.toBe(of('9007199254740992'));
  });

  test.each([
    ['a source', codeCell('a\nc', [stream('x\ny')])],
    ['an output', codeCell('a\nb', [stream('x\nz')])],
    ['half a surrogate pair', codeCell('a\nb', [stream('x\n\ud800')])],
    ['metadata', codeCell('a\nb', [stream('x\ny')], { metadata: { tags: ['t'] } })]
  ])('changes with %s', (_, cell) => {
    expect(hash(read(notebookBytes({ ...base, cells: [{ id: 'cell-0', ...cell }] })))).not.toBe(
      hash(read(notebookBytes(base)))
    );
  });
});

describe('the written file', () => {
  test('carries the id it is given, or none', () => {
    const notebook = read(notebookBytes(exampleNotebook({ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })));
    const metadata = (options: { withoutId: boolean; withId?: string }) =>
      (JSON.parse(notebookText(notebook, options)) as { metadata: Record<string, unknown> }).metadata['lakeside'];
    expect(metadata({ withoutId: true })).toBeUndefined();
    expect(metadata({ withoutId: false })).toEqual({ id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
    expect(metadata({ withoutId: false, withId: 'X' })).toEqual({ id: 'X' });
    const file = join(scratch(), 'n.ipynb');
    expect(writeNotebook(notebook, file, { withoutId: false })).toBe(statSync(file).size);
  });

  test('splits lines where Python does', () => {
    expect(splitLines('a\r\nb\rc\u2028d\u0085e\n')).toEqual(['a\r\n', 'b\r', 'c\u2028', 'd\u0085', 'e\n']);
    expect(splitLines('')).toEqual([]);
  });

  test('is, byte for byte, what nbformat writes', () => {
    const folder = scratch();
    const generated = fc
      .sample(arbitraryNotebook(), { numRuns: 150, seed: 11 })
      .flatMap(text => (readable(text)?.nbformat === 4 ? [text] : []));
    const texts = [JSON.stringify(exampleNotebook({ remark: 'ü 日本 \u007f \u2028 "\\' })), ...generated];
    texts.forEach((text, at) => writeFileSync(join(folder, `${at}.ipynb`), text));
    const script = `
import json, pathlib, sys
from nbformat.v4 import nbjson
for path in pathlib.Path(sys.argv[1]).glob("*.ipynb"):
    try:
        text = nbjson.writes(nbjson.to_notebook(json.loads(path.read_text(encoding="utf-8")))) + "\\n"
        path.with_suffix(".out").write_bytes(text.encode("utf-8"))
    except Exception:
        pass  # nbformat stumbles over what Lakeside takes
`;
    const done = spawnSync('.venv/bin/python', ['-c', script, folder], { encoding: 'utf8' });
    expect(done.stderr).toBe('');
    let compared = 0;
    texts.forEach((text, at) => {
      if (!existsSync(join(folder, `${at}.out`))) return;
      const notebook = read(Buffer.from(text));
      // Python makes Infinity and 0 of these; Lakeside keeps what stands there.
      if (/1e400|-0(?![.\d])/.test(text)) return;
      // Lakeside writes the version where it is missing or unusable; nbformat leaves it as it is.
      if (!/"nbformat":\s*4,/.test(text) || !/"nbformat_minor":\s*\d+\s*\}/.test(text)) return;
      compared++;
      expect(notebookText(notebook)).toBe(readFileSync(join(folder, `${at}.out`), 'utf8'));
    });
    expect(compared).toBeGreaterThan(10);
  });
});
