import type { Source } from '../../contract/share/publish.js';
import type { ILakesideApi } from '../tokens.js';
import type { Publisher } from './publisher.js';
import type { IShareSource } from './source/types.js';

/** What bringing a notebook needs. */
export interface ISourceCopyOptions {
  api: ILakesideApi;
  source: IShareSource;
  publisher: Publisher;
}

/** Where the server finds a notebook as it stands on the screen: its file, or a copy that was brought once per change. */
export class SourceCopy {
  constructor(options: ISourceCopyOptions) {
    this._options = options;
  }

  /**
   * The file where it says the same as the screen; else an upload. Calls that come meanwhile share it.
   *
   * @throws ProblemError of the upload
   */
  async where(signal: AbortSignal): Promise<Source> {
    const { source } = this._options;
    if (!source.remote && !source.dirty) return { kind: 'file' };
    if (this._uploaded?.revision !== source.revision) {
      this._uploaded = { revision: source.revision, uploadId: this._upload(signal) };
    }
    return { kind: 'upload', uploadId: await this._uploaded.uploadId };
  }

  /** Brings it anew next time: an upload lives an hour, or failed. */
  forget(): void {
    this._uploaded = undefined;
  }

  private async _upload(signal: AbortSignal): Promise<string> {
    const { api, source, publisher } = this._options;
    return publisher.upload(await api.background(), source, signal);
  }

  private readonly _options: ISourceCopyOptions;
  private _uploaded: { revision: number; uploadId: Promise<string> } | undefined;
}
