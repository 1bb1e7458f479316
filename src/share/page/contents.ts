import { ProblemError } from '../../../contract/problem.js';
import type { Requester } from '../../api/http.js';
import type { IContentsFiles } from '../library/copyNotebook.js';

/** A folder of the person's files. */
export interface IFolder {
  path: string;
  name: string;
}

/** The person's files through the contents API of the Jupyter server that serves the page. */
export interface IPageFiles extends IContentsFiles {
  /** The folders in a folder, by name. */
  folders(path: string): Promise<IFolder[]>;
}

/**
 * Reaches the contents API.
 *
 * @param server - base address of the Jupyter server, without a slash at its end
 */
export function createPageFiles(server: string, request: Requester): IPageFiles {
  const address = (path: string) =>
    `${server}/api/contents/${path.split('/').filter(Boolean).map(encodeURIComponent).join('/')}`;

  async function ask(method: string, path: string, body?: object, query = ''): Promise<Response> {
    let response: Response;
    try {
      response = await request(address(path) + query, {
        method,
        cache: 'no-store',
        ...(body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
      });
    } catch (error) {
      throw new ProblemError(
        'unavailable',
        'The Jupyter server cannot be reached. Check that it runs and that you are online, then try again.',
        { cause: error }
      );
    }
    return response;
  }

  return {
    async create(folder) {
      const response = await ask('POST', folder, { type: 'file', ext: '.ipynb' });
      if (!response.ok) throw await refusal(response, folder);
      return ((await response.json()) as { path: string }).path;
    },
    async write(path, text, chunk) {
      const body = { type: 'file', format: 'text', content: text, ...(chunk !== undefined && { chunk }) };
      const response = await ask('PUT', path, body);
      if (!response.ok) throw await refusal(response, path);
    },
    async rename(path, newPath) {
      const response = await ask('PATCH', path, { path: newPath });
      if (response.status === 409) return undefined;
      if (!response.ok) throw await refusal(response, newPath);
      return ((await response.json()) as { path: string }).path;
    },
    async remove(path) {
      await ask('DELETE', path);
    },
    async folders(path) {
      const response = await ask('GET', path, undefined, '?type=directory&content=1');
      if (!response.ok) throw await refusal(response, path);
      const { content } = (await response.json()) as { content: { type: string; path: string; name: string }[] };
      return content
        .filter(entry => entry.type === 'directory')
        .map(({ path: at, name }) => ({ path: at, name }))
        .sort((one, other) => one.name.localeCompare(other.name));
    }
  };
}

async function refusal(response: Response, path: string): Promise<ProblemError> {
  const body = (await response.json().catch(() => ({}))) as { message?: string; reason?: string };
  const said = body.reason ?? body.message ?? `it answered ${response.status}`;
  const where = path === '' ? 'your files' : `"${path}"`;
  const code = response.status === 404 ? 'file-not-found' : response.status === 403 ? 'forbidden' : 'unavailable';
  return new ProblemError(code, `The Jupyter server did not let the copy be written to ${where}: ${said}.`);
}
