import type { NotebookPanel } from '@jupyterlab/notebook';
import { PathExt } from '@jupyterlab/coreutils';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Provenance } from '../../../contract/share/records.js';
import { headingOf } from './heading.js';
import { kernelFacts } from './kernelFacts.js';
import type { IDrives } from './drives.js';
import type { IShareSource, SourceChange } from './types.js';

/** What an open notebook needs to be shared. */
export interface INotebookSourceOptions {
  panel: NotebookPanel;
  drives: IDrives;
  /** Whether the packages of the kernel are to be recorded. */
  recordPackages: () => boolean;
}

/** A notebook that is open in a panel. */
export class NotebookSource implements IShareSource {
  constructor(options: INotebookSourceOptions) {
    this._options = options;
    const { context } = options.panel;
    context.pathChanged.connect(this._onPath);
    context.saveState.connect(this._onSave);
    context.fileChanged.connect(this._onFile);
    context.model.contentChanged.connect(this._onContent);
    context.model.stateChanged.connect(this._onState);
    options.panel.disposed.connect(this._onDisposed);
  }

  get path(): string {
    return this._options.drives.pathOf(this._context.path);
  }

  get fileName(): string {
    return PathExt.basename(this._context.localPath);
  }

  get dirty(): boolean {
    return this._context.model.dirty;
  }

  get writable(): boolean {
    return !this._context.model.readOnly && this._context.contentsModel?.writable !== false;
  }

  get remote(): boolean {
    return this._options.drives.isRemote(this._context.path);
  }

  get revision(): number {
    return this._revision;
  }

  get metadataId(): string | undefined {
    const { id } = this._metadata;
    return typeof id === 'string' ? id : undefined;
  }

  get suggestedTitle(): string {
    const sources = [...this._model.sharedModel.cells]
      .filter(cell => cell.cell_type === 'markdown')
      .map(cell => cell.getSource());
    return headingOf(sources) ?? PathExt.basename(this.fileName, PathExt.extname(this.fileName));
  }

  get changed(): ISignal<this, SourceChange> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  content(): Promise<string> {
    return Promise.resolve(this._context.model.toString());
  }

  adopt(notebookId: string): boolean {
    if (this._metadata.id === notebookId) return false;
    this._model.setMetadata('lakeside', { ...this._metadata, id: notebookId });
    return true;
  }

  reveal(cell: { index: number; id?: string }): void {
    const { content } = this._options.panel;
    const byId = content.widgets.findIndex(({ model }) => model.id === cell.id);
    const index = byId >= 0 ? byId : Math.min(cell.index, content.widgets.length - 1);
    content.activeCellIndex = index;
    content.deselectAll();
    content.activate();
    void content.scrollToItem(index, 'center');
  }

  async save(): Promise<void> {
    await this._context.save();
  }

  facts(): Promise<Provenance> {
    return kernelFacts(this._options.panel.sessionContext, { packages: this._options.recordPackages() });
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    const { panel } = this._options;
    const { context } = panel;
    context.pathChanged.disconnect(this._onPath);
    context.saveState.disconnect(this._onSave);
    context.fileChanged.disconnect(this._onFile);
    context.model.contentChanged.disconnect(this._onContent);
    context.model.stateChanged.disconnect(this._onState);
    panel.disposed.disconnect(this._onDisposed);
    Signal.clearData(this);
  }

  private get _context(): NotebookPanel['context'] {
    return this._options.panel.context;
  }

  private get _model(): NotebookPanel['context']['model'] {
    return this._context.model;
  }

  private get _metadata(): { id?: unknown } {
    const metadata: unknown = this._model.getMetadata('lakeside');
    return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata) ? metadata : {};
  }

  private readonly _onPath = (): void => this._changed.emit('path');

  private readonly _onContent = (): void => {
    this._revision += 1;
    this._changed.emit('content');
  };

  private readonly _onState = (_: unknown, change: { name: string }): void => {
    if (change.name === 'dirty') this._changed.emit('content');
  };

  private readonly _onSave = (_: unknown, state: DocumentRegistry.SaveState): void => {
    if (state.startsWith('completed')) this._changed.emit('saved');
  };

  private readonly _onFile = (): void => this._changed.emit('saved');

  private readonly _onDisposed = (): void => this.dispose();

  private readonly _options: INotebookSourceOptions;
  private readonly _changed = new Signal<this, SourceChange>(this);
  private _revision = 0;
  private _isDisposed = false;
}
