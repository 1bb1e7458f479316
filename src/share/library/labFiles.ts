import { ServerConnection } from '@jupyterlab/services';
import type { Contents } from '@jupyterlab/services';
import type { IContentsFiles } from './copyNotebook.js';

/** The person's files through JupyterLab's contents manager, so that the file browser follows. */
export function createLabFiles(contents: Contents.IManager): IContentsFiles {
  return {
    async create(folder) {
      return (await contents.newUntitled({ path: folder, type: 'file', ext: '.ipynb' })).path;
    },
    async write(path, text, chunk) {
      const part: Partial<Contents.IModel> & { chunk?: number } = {
        type: 'file',
        format: 'text',
        content: text,
        ...(chunk !== undefined && { chunk })
      };
      await contents.save(path, part);
    },
    async rename(path, newPath) {
      try {
        return (await contents.rename(path, newPath)).path;
      } catch (error) {
        if (error instanceof ServerConnection.ResponseError && error.response.status === 409) return undefined;
        throw error;
      }
    },
    remove: path => contents.delete(path)
  };
}
