import type { TranslationBundle } from '@jupyterlab/translation';
import { libraryRoutes } from '../../contract/share/library.js';
import { toBlob } from '../api/bytes.js';
import type { ILakesideApi } from '../tokens.js';
import { copyText } from '../ui/clipboard.js';
import { asProblem } from './library/failure.js';
import { isShared } from './shareMark.js';
import type { Shared } from './shareMark.js';
import type { ShareModel } from './shareModel.js';
import type { Toasts } from './toast.js';

/** What the actions need. */
export interface IPageActionsOptions {
  api: ILakesideApi;
  trans: TranslationBundle;
  toasts: Toasts;
  openUrl: (url: string) => void;
  /** Hands a file to the browser's downloads. */
  saveFile: (blob: Blob, name: string) => void;
}

/** What people do with the page of a shared notebook. */
export class PageActions {
  constructor(options: IPageActionsOptions) {
    this._options = options;
  }

  async copyLink(model: ShareModel): Promise<void> {
    await this._withPage(model, async ({ published }) => {
      const { api, toasts, trans } = this._options;
      const link = api.address(published.page);
      if (await copyText(link)) toasts.done(trans.__('The link to "%1" is copied.', published.title));
      else toasts.done(link);
    });
  }

  async openPage(model: ShareModel): Promise<void> {
    await this._withPage(model, ({ published }) => this._options.openUrl(this._options.api.address(published.page)));
  }

  async openHistory(model: ShareModel): Promise<void> {
    await this._withPage(model, ({ published }) =>
      this._options.openUrl(this._options.api.address(`${published.page}/versions`))
    );
  }

  /** Saves what is published: the page as one HTML file, or the notebook of that version. */
  async download(model: ShareModel, format: 'page' | 'notebook'): Promise<void> {
    await this._withPage(model, async ({ notebookId, published }) => {
      const client = await this._options.api.client();
      const params = { notebookId, versionId: published.versionId };
      const bytes =
        format === 'page'
          ? await client.call(libraryRoutes.document, { params })
          : await client.call(libraryRoutes.notebook, { params });
      const name = `${fileNameOf(published.title)}.${format === 'page' ? 'html' : 'ipynb'}`;
      this._options.saveFile(await toBlob(bytes), name);
    });
  }

  /** Takes the page out of the Library, with a way back instead of a question. */
  async unshare(model: ShareModel): Promise<void> {
    await this._withPage(model, async ({ published }) => {
      const { trans, toasts } = this._options;
      await model.unshare();
      toasts.done(
        trans.__('"%1" is out of the Library. Its page and versions can be restored for 30 days.', published.title),
        { label: trans.__('Undo'), callback: () => void this._restore(model, published.title) }
      );
    });
  }

  private async _restore(model: ShareModel, title: string): Promise<void> {
    const { trans, toasts } = this._options;
    try {
      await model.restore();
      toasts.done(trans.__('"%1" is back in the Library.', title));
    } catch (error) {
      toasts.problem(asProblem(error), { retry: () => void this._restore(model, title) });
    }
  }

  private async _withPage(model: ShareModel, act: (shared: Shared) => void | Promise<void>): Promise<void> {
    const { toasts, trans } = this._options;
    try {
      const known = model.state.known ?? (await model.refresh());
      if (known === undefined) {
        if (model.state.problem) throw model.state.problem;
        return;
      }
      if (!isShared(known)) {
        toasts.done(trans.__('"%1" is not shared yet.', model.state.fileName));
        return;
      }
      await act(known);
    } catch (error) {
      toasts.problem(asProblem(error), { retry: () => void this._withPage(model, act) });
    }
  }

  private readonly _options: IPageActionsOptions;
}

/** A title as a file name that every system takes. */
export function fileNameOf(title: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what it replaces
  const name = title.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ').replace(/\s+/g, ' ');
  return name.replace(/^[. ]+|[. ]+$/g, '').slice(0, 120) || 'notebook';
}
