import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from '../../contract/client.js';
import { Ulid } from '../../contract/identifiers.js';
import { ProblemError } from '../../contract/problem.js';
import { routes } from '../../contract/routes.js';
import type { LibraryNotebook, Version } from '../../contract/share/index.js';

/**
 * The notebook a person means: its id in the Library, or the path of a notebook they shared.
 *
 * @throws ProblemError `not-found`
 */
export async function findNotebook(client: Client, given: string): Promise<LibraryNotebook> {
  return client.call(routes.library.get, { params: { notebookId: await findId(client, given) } });
}

async function findId(client: Client, given: string): Promise<string> {
  if (Ulid.safeParse(given.toUpperCase()).success) return given.toUpperCase();
  const path = resolve(given);
  if (!existsSync(path)) {
    throw new ProblemError(
      'not-found',
      `"${given}" is neither the id of a notebook in the Library nor a file. See: lakeside library list`
    );
  }
  const state = await client.call(routes.share.state, { query: { path } });
  if (state.published === undefined && state.state !== 'deleted') {
    throw new ProblemError('not-found', `${given} is not shared. Share it first: lakeside share ${given}`);
  }
  return state.notebookId;
}

/**
 * The version a person means: its number, or its id.
 *
 * @throws ProblemError `not-found`
 */
export function findVersion(notebook: LibraryNotebook, given: string): Version {
  const found = notebook.versionList.find(
    version => String(version.number) === given.replace(/^v/i, '') || version.versionId === given.toUpperCase()
  );
  if (found) return found;
  throw new ProblemError(
    'not-found',
    `"${notebook.title}" has no version ${given}. It has 1 to ${notebook.versions}; see: lakeside library versions ${notebook.notebookId}`
  );
}
