import { NotebookModel } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { describe, expect, test, vi } from 'vitest';
import { partsOf, snippetOf, statementOf } from '../../../src/tables/insert/fit.js';
import { targetOf } from '../../../src/tables/insert/targets.js';
import type { ITextEditor } from '../../../src/tables/insert/targets.js';
import { write, writeWord } from '../../../src/tables/insert/write.js';
import { detailOf } from './support.js';

const MAGIC = '%%sql df --source lake\nSELECT 1\n';

/** A text editor with a cursor, as far as it is used. */
function editorOf(shared: { getSource(): string; setSource(text: string): void }, cursor = 0): ITextEditor {
  return {
    model: { sharedModel: shared },
    replaceSelection: text => {
      const source = shared.getSource();
      shared.setSource(source.slice(0, cursor) + text + source.slice(cursor));
    },
    focus: vi.fn(),
    getPositionAt: () => ({ line: 0, column: 0 }),
    setCursorPosition: vi.fn()
  };
}

function textEditor(text: string, cursor = 0) {
  let source = text;
  return editorOf({ getSource: () => source, setSource: next => (source = next) }, cursor);
}

function notebook(cells: [type: 'code' | 'markdown', source: string][], active: number, cursor = 0) {
  const model = new NotebookModel();
  model.sharedModel.insertCells(
    0,
    cells.map(([cell_type, source]) => ({ cell_type, source }))
  );
  model.sharedModel.clearUndoHistory();
  const content = {
    model,
    mode: 'command',
    activeCellIndex: active,
    get activeCell() {
      const cell = model.cells.get(this.activeCellIndex);
      return { model: cell, editor: editorOf(cell.sharedModel, cursor) };
    },
    scrollToItem: () => Promise.resolve()
  };
  const sources = () => model.sharedModel.cells.map(cell => cell.getSource());
  return {
    target: { kind: 'notebook' as const, panel: { content } as unknown as NotebookPanel },
    content,
    sources,
    model
  };
}

describe('code in a notebook', () => {
  test('fills an empty cell', () => {
    const { target, sources, content, model } = notebook([['code', ' \n']], 0);
    write(target, MAGIC);
    expect(sources()).toEqual([MAGIC]);
    expect(content.mode).toBe('edit');
    model.cells.get(0).sharedModel.undo();
    expect(sources()).toEqual([' \n']);
  });

  test('is written at the cursor of a cell that has code', () => {
    const { target, sources } = notebook([['code', 'a = 1\n']], 0, 6);
    write(target, 'b = 2\n');
    expect(sources()).toEqual(['a = 1\nb = 2\n']);
  });

  test('begins a new cell below where it has to be the first line, and one undo takes it away', () => {
    const { target, sources, content, model } = notebook(
      [
        ['code', 'a = 1'],
        ['code', 'c = 3']
      ],
      0
    );
    write(target, MAGIC);
    expect(sources()).toEqual(['a = 1', MAGIC, 'c = 3']);
    expect(content.activeCellIndex).toBe(1);
    model.sharedModel.undo();
    expect(sources()).toEqual(['a = 1', 'c = 3']);
  });

  test('never goes into text, and what stands above a cell magic has a cell of its own', () => {
    const text = notebook([['markdown', '']], 0);
    write(text.target, 'a = 1');
    expect(text.sources()).toEqual(['', 'a = 1']);
    const two = notebook([['code', '']], 0);
    write(two.target, `%load_ext lakeside\n${MAGIC}`);
    expect(two.sources()).toEqual(['%load_ext lakeside', MAGIC]);
    expect(two.content.activeCellIndex).toBe(1);
    two.model.sharedModel.undo();
    expect(two.sources()).toEqual(['']);
  });
});

describe('code elsewhere', () => {
  test('is written at the cursor of a file; of a console a cell magic takes all', () => {
    const file = textEditor('x = 1\n', 6);
    write({ kind: 'file', editor: file, isSql: false }, 'y = 2\n');
    expect(file.model.sharedModel.getSource()).toBe('x = 1\ny = 2\n');
    const prompt = textEditor('begun', 5);
    write({ kind: 'console', editor: prompt }, MAGIC);
    expect(prompt.model.sharedModel.getSource()).toBe(MAGIC);
  });

  test('the name of a column is a word at the cursor', () => {
    const file = textEditor('df[""]', 4);
    writeWord({ kind: 'file', editor: file, isSql: false }, 'Dep Delay');
    expect(file.model.sharedModel.getSource()).toBe('df["Dep Delay"]');
  });

  test('notebooks, consoles and files are told apart; anything else is no place', () => {
    const editor = textEditor('');
    const panel = {} as never;
    const tracker = { has: (widget: unknown) => widget === panel } as never;
    expect(targetOf(panel, tracker)).toEqual({ kind: 'notebook', panel });
    expect(targetOf({ console: { promptCell: { editor } } } as never, tracker)?.kind).toBe('console');
    const file = (path: string) => targetOf({ content: { editor }, context: { path } } as never, tracker);
    expect(file('a/b.SQL')).toMatchObject({ kind: 'file', isSql: true });
    expect(file('a/b.py')).toMatchObject({ kind: 'file', isSql: false });
    expect(targetOf({ content: {} } as never, null)).toBeUndefined();
    expect(targetOf(null, tracker)).toBeUndefined();
  });
});

describe('the code of a table', () => {
  const { snippets } = detailOf('flights');

  test('is that of the dialect, or the first there is', () => {
    expect(snippetOf(snippets, 'pandas')?.label).toBe('pandas');
    expect(snippetOf(snippets, 'sql')?.label).toBe('%%sql');
    expect(snippetOf(snippets, 'spark')?.label).toBe('%%sql');
    expect(snippetOf([], 'sql')).toBeUndefined();
  });

  test('is the statement alone in a file of SQL', () => {
    expect(statementOf(snippets)).toBe('SELECT * FROM "flights" LIMIT 100;\n');
    expect(statementOf(snippets.slice(0, 2))).toBe('SELECT * FROM "flights" LIMIT 100\n');
    expect(statementOf(snippets.slice(1, 2))).toBeUndefined();
  });

  test('is parted before its cell magic', () => {
    expect(partsOf('a\n%%sql x\nb')).toEqual([
      { code: 'a', isCellMagic: false },
      { code: '%%sql x\nb', isCellMagic: true }
    ]);
    expect(partsOf('x = "%%sql"')).toHaveLength(1);
  });
});
