import type { ProblemError } from '../../contract/problem.js';
import { publishRoutes } from '../../contract/share/publish.js';
import { toText } from '../api/bytes.js';
import type { ILakesideApi } from '../tokens.js';
import { asProblem } from './library/failure.js';
import { StateModel } from '../stateModel.js';
import type { SourceCopy } from './sourceCopy.js';
import type { IShareSource } from './source/types.js';

/** What is to be seen. */
export interface IPreviewWish {
  title: string;
  hideCode: boolean;
  /** Fingerprints of possible secrets that are not redacted. */
  keep: readonly string[];
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
  copy: SourceCopy;
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
    if (!first && JSON.stringify(this._wish) === JSON.stringify(wish)) return;
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
    const { api, source, copy } = this._options;
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
            source: await copy.where(signal),
            title: wish.title || undefined,
            hideCode: wish.hideCode,
            keep: [...wish.keep]
          }
        },
        { signal }
      );
      const html = await toText(bytes);
      if (!signal.aborted) this.setState({ html, loading: false, problem: undefined });
    } catch (error) {
      copy.forget();
      if (!signal.aborted) this.setState({ problem: asProblem(error), loading: false });
    }
  }

  private readonly _options: IPreviewOptions;
  private _wish: IPreviewWish | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort: AbortController | undefined;
}
