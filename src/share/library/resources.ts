import type { Client } from '../../../contract/client.js';
import { libraryRoutes } from '../../../contract/share/library.js';
import type { Facets, Figure } from '../../../contract/share/library.js';
import type { NotebookDiff } from '../../../contract/share/diff.js';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { systemRoutes } from '../../../contract/system.js';
import { ResourceModel } from './resourceModel.js';

/** A notebook with its versions, newest first; deleted ones too. */
export function notebookResource(client: Client, notebookId: string): ResourceModel<LibraryNotebook> {
  return new ResourceModel(signal => client.call(libraryRoutes.get, { params: { notebookId } }, { signal }));
}

/** Tags, groups, owners and tables with the number of notebooks of each. */
export function facetsResource(client: Client): ResourceModel<Facets> {
  return new ResourceModel(signal => client.call(libraryRoutes.facets, {}, { signal }));
}

/** The interactive figures of a version. */
export function figuresResource(
  client: Client,
  notebookId: string,
  versionId: string
): ResourceModel<readonly Figure[]> {
  return new ResourceModel(async signal => {
    const { figures } = await client.call(libraryRoutes.figures, { params: { notebookId, versionId } }, { signal });
    return figures;
  });
}

/** The difference of two versions, cell by cell. */
export function diffResource(
  client: Client,
  notebookId: string,
  from: string | undefined,
  to: string | undefined
): ResourceModel<NotebookDiff> {
  return new ResourceModel(signal =>
    client.call(libraryRoutes.diff, { params: { notebookId }, query: { from, to } }, { signal })
  );
}

/**
 * Whether the document of a version can be shown: a frame cannot tell a page from a refusal. The value is its version.
 * Also waits until a version that was not looked at for long is rendered again.
 */
export function documentResource(
  client: Client,
  notebookId: string,
  versionId: string,
  hideCode: boolean | undefined
): ResourceModel<string> {
  return new ResourceModel(async signal => {
    const bytes = await client.call(
      libraryRoutes.document,
      {
        params: { notebookId, versionId },
        query: hideCode === undefined ? {} : { hideCode: String(hideCode) }
      },
      { signal }
    );
    await bytes.stream[Symbol.asyncIterator]().return?.();
    return versionId;
  });
}

/** The name of the person, as owners and authors are named. */
export function callerResource(client: Client): ResourceModel<string> {
  return new ResourceModel(async signal => (await client.call(systemRoutes.status, {}, { signal })).user);
}
