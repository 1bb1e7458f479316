import type { ISignal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import type { Provenance } from '../../../contract/share/records.js';

/** What happened to a notebook. */
export type SourceChange = 'content' | 'saved' | 'path';

/** A notebook one can share: open in a panel, or a file in the browser's list. */
export interface IShareSource extends IDisposable {
  /** The path as Lakeside knows it: without the name of the default drive. */
  readonly path: string;
  /** The name of its file. */
  readonly fileName: string;
  /** Whether there are changes that are not in the file. */
  readonly dirty: boolean;
  /** Whether the file can be written. */
  readonly writable: boolean;
  /** True where Lakeside cannot read the file by itself, so that its bytes have to be brought. */
  readonly remote: boolean;
  /** Counts the changes of its content, so that a copy can be told from a newer one. */
  readonly revision: number;
  /** The id in its metadata, where it is open and has one. */
  readonly metadataId: string | undefined;
  /** What to call it: its first heading, else its file name; undefined where it is not open. */
  readonly suggestedTitle: string | undefined;
  /** Emitted after something happened to it. */
  readonly changed: ISignal<IShareSource, SourceChange>;

  /** The notebook as it stands on the screen, as the bytes of a file. */
  content(): Promise<string>;

  /**
   * Writes an id into the metadata of the open notebook, without saving it.
   *
   * @returns whether anything changed
   */
  adopt(notebookId: string): boolean;

  /** Shows a cell to the person, who wants to change it; not there where the notebook is not open. */
  reveal?(cell: { index: number; id?: string }): void;

  /** Saves the notebook. Rejects with a sentence. */
  save(): Promise<void>;

  /** What the notebook runs on now; answers within two seconds and never waits for a busy kernel. */
  facts(): Promise<Provenance>;
}
