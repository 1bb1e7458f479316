import { Dialog, showDialog } from '@jupyterlab/apputils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ulid } from 'ulid';
import type { ProblemError } from '../../contract/problem.js';
import { pause } from '../api/http.js';
import type { ILakesideApi } from '../tokens.js';
import { copyText } from '../ui/clipboard.js';
import { Surface } from '../ui/surface.js';
import { DialogBodyWidget } from './dialog/body.js';
import { DialogModel } from './dialogModel.js';
import { PageActions } from './pageActions.js';
import type { IPlaceMemory } from './placeMemory.js';
import { Publisher } from './publisher.js';
import { RunningModel } from './runningModel.js';
import type { IJobMemory } from './runningModel.js';
import type { IShareSettings } from './settings.js';
import { nextStep } from './shareMark.js';
import { ShareModel } from './shareModel.js';
import type { IVisibility } from './shareModel.js';
import { createDrives } from './source/drives.js';
import type { IDrives } from './source/drives.js';
import { FileSource } from './source/fileSource.js';
import { NotebookSource } from './source/notebookSource.js';
import { Toasts } from './toast.js';

/** What sharing needs. */
export interface IShareCenterOptions {
  api: ILakesideApi;
  contents: Contents.IManager;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  settings: () => IShareSettings;
  visibility: IVisibility;
  memory: IJobMemory;
  places: IPlaceMemory;
  now: () => number;
  openUrl: (url: string) => void;
  saveFile: (blob: Blob, name: string) => void;
}

/** Sharing in this browser tab: one model per notebook, the shares under way, and what pressing Share leads to. */
export class ShareCenter {
  constructor(options: IShareCenterOptions) {
    const { api, trans, now, openUrl, saveFile, memory } = options;
    this._options = options;
    this._drives = createDrives(options.contents, () => this._readsFiles);
    this.running = new RunningModel({ api, memory, now });
    this._publisher = new Publisher({
      api,
      now,
      newId: () => ulid(),
      wait: pause,
      onStart: (id, source) => this.running.expect(id, source.fileName),
      onJob: (job, source) => this.running.add(job, source.fileName)
    });
    this._toasts = new Toasts({ api, trans, now, openUrl });
    this.pages = new PageActions({ api, trans, toasts: this._toasts, openUrl, saveFile });
  }

  /** The shares under way. */
  readonly running: RunningModel;

  /** What people do with pages. */
  readonly pages: PageActions;

  /** The model of an open notebook; lives as long as its panel. */
  ofPanel(panel: NotebookPanel): ShareModel {
    const known = this._panels.get(panel);
    if (known) return known;
    const source = new NotebookSource({
      panel,
      drives: this._drives,
      recordPackages: () => this._options.settings().recordPackages
    });
    const model = this._model(source);
    this._panels.set(panel, model);
    panel.disposed.connect(() => model.dispose());
    return model;
  }

  /** The model of a path: of the open notebook where there is one, else of the file. */
  ofPath(path: string): ShareModel {
    const panel = this._options.tracker.find(each => each.context.path === path);
    if (panel) return this.ofPanel(panel);
    const { contents } = this._options;
    const model = this._files.get(path) ?? this._model(new FileSource({ path, contents, drives: this._drives }));
    this._files.set(path, model);
    return model;
  }

  /** What pressing Share does. */
  async share(model: ShareModel): Promise<void> {
    await this._ready();
    if (!model.busy) await model.refresh();
    const { known, problem, dirty } = model.state;
    if (known === undefined || (problem !== undefined && !model.busy)) {
      if (problem) this._toasts.problem(problem, { retry: () => void this.share(model) });
      return;
    }
    switch (nextStep({ known, dirty, busy: model.busy }, this._options.settings())) {
      case 'follow':
      case 'dialog':
        return this._dialog(model);
      case 'unsaved': {
        const unsaved = await this._askUnsaved(model);
        return unsaved && this._publish(model, unsaved);
      }
      case 'publish':
        return this._publish(model, 'save');
    }
  }

  /** Opens the dialog, whatever was chosen before. */
  async configure(model: ShareModel): Promise<void> {
    await this._ready();
    if (!model.busy) await model.refresh();
    const { known, problem } = model.state;
    if (known !== undefined) await this._dialog(model);
    else if (problem) this._toasts.problem(problem, { retry: () => void this.configure(model) });
  }

  /** Finds the shares of before a reload again and tells how they end. */
  async recover(): Promise<void> {
    const { api } = this._options;
    for (const { job, name } of await this.running.recover().catch(() => [])) {
      void this._toasts.follow(name, job);
      void job.finished.then(() => {
        if (job.result) api.announce({ notebookId: job.result.notebookId, action: 'published' });
      });
    }
  }

  private async _publish(model: ShareModel, unsaved: 'save' | 'leave'): Promise<void> {
    const target = model.state.known?.published?.target;
    await this._toasts.follow(model.state.fileName, model.publish({ unsaved, target }), {
      cancel: () => void model.cancel(),
      retry: () => void this.share(model),
      decide: problem => void this._decide(model, problem)
    });
    this._release(model);
  }

  /** Opens the dialog with what stood in the way of a share. */
  private async _decide(model: ShareModel, problem: ProblemError): Promise<void> {
    const share = model.isDisposed ? this.ofPath(model.source.path) : model;
    if (share.state.known === undefined) await share.refresh();
    if (share.state.known !== undefined) await this._dialog(share, problem);
  }

  /** @param problem - why a share failed that had no dialog */
  private async _dialog(share: ShareModel, problem?: ProblemError): Promise<void> {
    if (this._open.has(share)) return;
    this._open.add(share);
    const { api, trans, settings, openUrl, places } = this._options;
    const model = new DialogModel({
      api,
      share,
      publisher: this._publisher,
      settings: settings(),
      copyText,
      places,
      ...(problem && { problem }),
      sentences: {
        title: trans.__('Give the page a title.'),
        reason: trans.__('Say why it may stand.'),
        conflict: trans.__('Choose what becomes of the page.'),
        place: trans.__('Choose a space: the usual one is not allowed here.'),
        duplicate: trans.__('Choose one: is this a notebook of its own, or the same one in another place?')
      }
    });
    const body = new DialogBodyWidget({ model, trans, onOpen: openUrl, onClose: () => surface.reject() });
    const surface = new Surface({
      title: trans.__('Share "%1"', share.state.fileName),
      body,
      className: 'jp-LakesideShare-dialog',
      closeLabel: trans.__('Close')
    });
    void model.load();
    // A dialog that the application takes away rejects without a reason.
    await surface.launch().catch(() => undefined);
    this._open.delete(share);
    const { underWay } = model;
    model.dispose();
    // Closed before the end: the share goes on and tells how it ended.
    if (underWay) {
      void this._toasts
        .follow(share.state.fileName, underWay, {
          cancel: () => void share.cancel(),
          retry: () => void this.configure(share),
          decide: why => void this._decide(share, why)
        })
        .finally(() => this._release(share));
    } else this._release(share);
  }

  private async _askUnsaved(model: ShareModel): Promise<'save' | 'leave' | undefined> {
    const { trans } = this._options;
    if (!model.source.writable) return 'leave';
    const save = Dialog.okButton({ label: trans.__('Save and share') });
    const leave = Dialog.cancelButton({ label: trans.__('Share the saved version'), accept: true });
    const { button } = await showDialog({
      title: trans.__('Share "%1"', model.state.fileName),
      body: trans.__('This notebook has unsaved changes.'),
      buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), leave, save],
      defaultButton: 2
    });
    if (button.label === save.label) return 'save';
    return button.label === leave.label ? 'leave' : undefined;
  }

  /** Learns once whether Lakeside reads the files itself. */
  private async _ready(): Promise<void> {
    try {
      this._readsFiles = (await this._options.api.status()).readsFiles;
    } catch {
      // What comes next meets the same problem and tells it.
    }
  }

  private _model(source: NotebookSource | FileSource): ShareModel {
    const { api, visibility, now } = this._options;
    return new ShareModel({ api, source, publisher: this._publisher, visibility, now });
  }

  /** Models of files that are not open are needed as long as something happens to them. */
  private _release(model: ShareModel): void {
    if (!(model.source instanceof FileSource) || model.busy || this._open.has(model)) return;
    for (const [path, other] of this._files) {
      if (other === model) this._files.delete(path);
    }
    model.source.dispose();
    model.dispose();
  }

  private readonly _options: IShareCenterOptions;
  private readonly _drives: IDrives;
  private readonly _publisher: Publisher;
  private readonly _toasts: Toasts;
  private readonly _panels = new WeakMap<NotebookPanel, ShareModel>();
  private readonly _files = new Map<string, ShareModel>();
  private readonly _open = new Set<ShareModel>();
  private _readsFiles = true;
}
