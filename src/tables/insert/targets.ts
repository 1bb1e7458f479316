import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Widget } from '@lumino/widgets';

/** The part of JupyterLab's text editors that is used here. */
export interface ITextEditor {
  replaceSelection?(text: string): void;
  focus(): void;
  getPositionAt(offset: number): { line: number; column: number } | undefined;
  setCursorPosition(position: { line: number; column: number }): void;
  readonly model: { readonly sharedModel: { getSource(): string; setSource(text: string): void } };
}

/** Where code is written to. */
export type InsertTarget =
  | { readonly kind: 'notebook'; readonly panel: NotebookPanel }
  | { readonly kind: 'console'; readonly editor: ITextEditor }
  | { readonly kind: 'file'; readonly editor: ITextEditor; readonly isSql: boolean };

/**
 * Where the cursor is: the notebook, console or file the person worked on last.
 *
 * #### Notes
 * Consoles and editors are told by their shape, so that an application without them needs nothing of theirs.
 */
export function targetOf(current: Widget | null, notebooks: INotebookTracker | null): InsertTarget | undefined {
  if (current === null) return undefined;
  if (notebooks?.has(current)) return { kind: 'notebook', panel: current as NotebookPanel };
  const { console, content, context } = current as unknown as {
    console?: { promptCell?: { editor?: ITextEditor | null } | null };
    content?: { editor?: ITextEditor | null };
    context?: { path?: string };
  };
  const prompt = console?.promptCell?.editor;
  if (prompt) return { kind: 'console', editor: prompt };
  const editor = content?.editor;
  if (editor && typeof editor.replaceSelection === 'function') {
    return { kind: 'file', editor, isSql: /\.sql$/i.test(context?.path ?? '') };
  }
  return undefined;
}
