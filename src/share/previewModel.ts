import type { ProblemError } from '../../contract/problem.js';
import { publishRoutes } from '../../contract/share/publish.js';
import type { Source } from '../../contract/share/publish.js';
import { toText } from '../api/bytes.js';
import type { ILakesideApi } from '../tokens.js';
import { asProblem } from './library/failure.js';
import { StateModel } from './library/stateModel.js';
import type { Publisher } from './publisher.js';
import type { IShareSource } from './source/types.js';

/** What is to be seen. */
export interface IPreviewWish {
  title: string;
  hideCode: boolean;
}

/** What the preview shows. */
export interface IPreviewState {
  /** The page, as one self-contained document; an older one while a newer is on its way. */
  readonly html?: string;
  readonly loading: boolean;
  readonly problem?: ProblemError;
}

/** What the preview needs. */
export interface IPreviewOptions {
  api: ILakesideApi;
  source: IShareSource;
  publisher: Publisher;
}

/** So long nothing may change before the page is asked for, in milliseconds. */
const PAUSE_MS = 400;

/** The beginning of the page as it would be published, a moment after each change. */
export class PreviewModel extends StateModel<IPreviewState> {
  constructor(options: IPreviewOptions) {
    super({ loading: false });
    this._options = options;
    options.source.changed.connect(this._onSource);
  }

  /** Shows a page; the first at once, later ones when the person pauses. */
  show(wish: IPreviewWish): void {
    const first = this._wish === undefined;
    if (!first && this._wish?.title === wish.title && this._wish.hideCode === wish.hideCode) return;
    this._wish = wish;
    this._soon(first ? 0 : PAUSE_MS);
  }

  /** Asks again after a failure. */
  retry(): void {
    this._soon(0);
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._abort?.abort();
    this._options.source.changed.disconnect(this._onSource);
    super.dispose();
  }

  private readonly _onSource = (): void => {
    if (this._wish !== undefined) this._soon(PAUSE_MS * 2);
  };

  private _soon(delay: number): void {
    clearTimeout(this._timer);
    if (this.isDisposed) return;
    this.setState({ loading: true });
    this._timer = setTimeout(() => void this._load(), delay);
  }

  private async _load(): Promise<void> {
    const { api, source } = this._options;
    const wish = this._wish;
    if (wish === undefined) return;
    this._abort?.abort();
    const { signal } = (this._abort = new AbortController());
    try {
      const client = await api.background();
      const bytes = await client.call(
        publishRoutes.preview,
        {
          body: {
            path: source.path,
            source: await this._source(signal),
            title: wish.title || undefined,
            hideCode: wish.hideCode
          }
        },
        { signal }
      );
      const html = await toText(bytes);
      if (!signal.aborted) this.setState({ html, loading: false, problem: undefined });
    } catch (error) {
      this._uploaded = undefined;
      if (!signal.aborted) this.setState({ problem: asProblem(error), loading: false });
    }
  }

  /** The file where it says the same; else the notebook as it stands on the screen, brought once per change. */
  private async _source(signal: AbortSignal): Promise<Source> {
    const { api, source, publisher } = this._options;
    if (!source.remote && !source.dirty) return { kind: 'file' };
    if (this._uploaded?.revision !== source.revision) {
      const revision = source.revision;
      const uploadId = await publisher.upload(await api.background(), source, signal);
      this._uploaded = { revision, uploadId };
    }
    return { kind: 'upload', uploadId: this._uploaded.uploadId };
  }

  private readonly _options: IPreviewOptions;
  private _wish: IPreviewWish | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort: AbortController | undefined;
  private _uploaded: { revision: number; uploadId: string } | undefined;
}
