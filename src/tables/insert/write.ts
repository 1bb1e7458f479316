import type { NotebookPanel } from '@jupyterlab/notebook';
import { partsOf } from './fit.js';
import type { IPart } from './fit.js';
import type { InsertTarget, ITextEditor } from './targets.js';

/** Writes code where the cursor is, as one step that can be undone. The focus goes there. */
export function write(target: InsertTarget, code: string): void {
  if (target.kind === 'notebook') {
    writeCells(target.panel, partsOf(code));
    return;
  }
  const { editor } = target;
  const source = editor.model.sharedModel.getSource();
  const isMagic = partsOf(code).some(part => part.isCellMagic);
  // A cell magic is first in its input, whatever was begun there.
  if (source.trim() === '' || (target.kind === 'console' && isMagic)) fill(editor, code);
  else insert(editor, code);
  editor.focus();
}

/** Writes a word, such as the name of a column, at the cursor. */
export function writeWord(target: InsertTarget, word: string): void {
  const editor =
    target.kind === 'notebook' ? (target.panel.content.activeCell?.editor as ITextEditor | null) : target.editor;
  if (!editor) return;
  insert(editor, word);
  if (target.kind === 'notebook') target.panel.content.mode = 'edit';
  editor.focus();
}

/** The active cell is filled where it is empty, else written into at the cursor; cell magics go below what is there. */
function writeCells(panel: NotebookPanel, parts: readonly IPart[]): void {
  const notebook = panel.content;
  const cell = notebook.activeCell;
  const shared = notebook.model?.sharedModel;
  if (!shared) return;
  const [first] = parts;
  const own = cell?.model.sharedModel;
  const isEmpty = own !== undefined && own.getSource().trim() === '' && own.cell_type === 'code';
  const editor = cell?.editor as ITextEditor | null | undefined;
  const isHere = parts.length === 1 && first !== undefined;
  if (isHere && isEmpty) {
    if (editor) fill(editor, first.code);
    else own.setSource(first.code);
  } else if (isHere && !first.isCellMagic && own?.cell_type === 'code' && editor) {
    insert(editor, first.code);
  } else {
    const below = Math.min(shared.cells.length, notebook.activeCellIndex + 1);
    const rest = isEmpty ? parts.slice(1) : parts;
    shared.transact(() => {
      if (isEmpty && first) own.setSource(first.code);
      shared.insertCells(
        below,
        rest.map(part => ({ cell_type: 'code', source: part.code, metadata: {}, outputs: [], execution_count: null }))
      );
    });
    notebook.activeCellIndex = below + rest.length - 1;
  }
  notebook.mode = 'edit';
  notebook.activeCell?.editor?.focus();
  void notebook.scrollToItem(notebook.activeCellIndex).catch(() => undefined);
}

function fill(editor: ITextEditor, code: string): void {
  const shared = editor.model.sharedModel;
  shared.setSource(code);
  const end = editor.getPositionAt(code.length);
  if (end) editor.setCursorPosition(end);
}

function insert(editor: ITextEditor, text: string): void {
  editor.replaceSelection?.(text);
}
