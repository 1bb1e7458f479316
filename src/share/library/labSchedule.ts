import type { Client } from '../../../contract/client.js';
import { publishRoutes } from '../../../contract/share/publish.js';
import type { IForkSource, INotice } from './actions.js';
import { asProblem } from './failure.js';
import type { ILibraryText } from './text.js';

/** What scheduling from the Library needs. */
export interface ILabScheduleOptions {
  client: Client;
  trans: ILibraryText;
  /** Copies a notebook among the person's files and says where. */
  fork: (source: IForkSource) => Promise<string>;
  /** Asks what to run when, for a file. */
  schedule: (path: string) => void;
  tell: (notice: INotice) => void;
}

/**
 * Schedules the file that a page of the Library was shared from: what runs is the file. Where it is not here any more a
 * copy of the page is offered.
 */
export async function scheduleFile(item: IForkSource, options: ILabScheduleOptions): Promise<void> {
  const { client, trans, fork, schedule, tell } = options;
  const failed = (thrown: unknown) => {
    const error = asProblem(thrown);
    tell({ kind: 'error', message: error.message, error });
  };
  const copy = async () => schedule(await fork(item));
  try {
    const { paths } = await client.call(publishRoutes.files, { params: { notebookId: item.notebookId } });
    const [path] = paths;
    if (path !== undefined) {
      schedule(path);
      return;
    }
    tell({
      kind: 'error',
      message: trans.__(
        'The file of "%1" is not on this server any more. A copy of its page can run instead.',
        item.title
      ),
      action: { label: trans.__('Copy and schedule'), run: () => void copy().catch(failed) }
    });
  } catch (error) {
    failed(error);
  }
}
