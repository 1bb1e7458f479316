import type { Contents } from '@jupyterlab/services';
import { libraryRoutes } from '../../../contract/share/library.js';
import type { ILakesideApi } from '../../tokens.js';
import type { IForkSource } from './actions.js';
import { copyNotebook } from './copyNotebook.js';
import { createLabFiles } from './labFiles.js';

/** What copying inside JupyterLab needs. */
export interface ILabForkOptions {
  api: ILakesideApi;
  contents: Contents.IManager;
  /** The folder the file browser shows. */
  folder: () => string;
  open: (path: string) => void;
}

/** Copies a version into the folder of the file browser and opens the copy. */
export function createLabFork(options: ILabForkOptions): (source: IForkSource) => Promise<string> {
  const { api, contents, folder, open } = options;
  return async ({ notebookId, versionId = 'latest', title }) => {
    const client = await api.client();
    const bytes = await client.call(libraryRoutes.notebook, {
      params: { notebookId, versionId },
      query: { fork: 'true' }
    });
    const path = await copyNotebook(bytes.stream, title, createLabFiles(contents), folder());
    open(path);
    return path;
  };
}
