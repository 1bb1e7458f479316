import type { ICell } from '@jupyterlab/nbformat';

/** A notebook as the history writes to it: what is open, or is opened to be written to. */
export interface IRestoreTarget {
  /** Contents path. */
  readonly path: string;
  /** Whether there are changes that were not saved. */
  readonly dirty: boolean;
  /** Why nothing can be written; undefined where it can. */
  readonly refusal: string | undefined;
  /**
   * Puts a cell back: over the one with the same id, else at its place. Can be undone.
   *
   * @param number - its place in the version, counted from 0
   */
  putCell(cell: ICell, number: number): void;
  /** Puts all cells and the metadata back. Can be undone. */
  putAll(notebook: { cells: ICell[]; metadata: Record<string, unknown> }): void;
  /** Takes the last change back. */
  undo(): void;
  save(): Promise<void>;
  /** Shows it to the person. */
  reveal(): void;
}
