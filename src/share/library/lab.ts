import '../../../style/library.css';
import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Client } from '../../../contract/client.js';
import type { ILakesideApi } from '../../tokens.js';
import { copyText } from '../../ui/clipboard.js';
import { LibraryActions } from './actions.js';
import type { IForkSource, INotice } from './actions.js';
import { problemDetails } from './failure.js';
import { scheduleFile } from './labSchedule.js';
import { createLinks } from './links.js';
import { ListShelf } from './listShelf.js';
import { callerResource, facetsResource } from './resources.js';
import type { ILibraryContext } from './views/context.js';

/** What the Library inside JupyterLab needs. */
export interface ILabLibraryOptions {
  api: ILakesideApi;
  client: Client;
  trans: TranslationBundle;
  fork: (source: IForkSource) => Promise<string>;
  /** Opens a page, given relative to Lakeside. */
  openPage: (page: string) => void;
  /** Asks what to run when, for a file; absent where nothing can be scheduled. */
  schedule?: (path: string) => void;
}

/** The Library of one JupyterLab: what its panel shows. */
export interface ILabLibrary {
  context: ILibraryContext;
  lists: ListShelf;
}

const SUCCESS_MS = 10_000;

/** Puts the Library together for JupyterLab: its notifications, its contents manager, its tabs. */
export function createLabLibrary(options: ILabLibraryOptions): ILabLibrary {
  const { api, client, trans, fork, openPage, schedule } = options;
  const base = api.baseUrl.replace(/\/$/, '');
  const lists = new ListShelf(client);
  const facets = facetsResource(client);
  const caller = callerResource(client);
  const actions = new LibraryActions({
    client,
    trans,
    fork: async source => ({ path: await fork(source) }),
    copyText: async text => {
      if (!(await copyText(text))) throw new Error('The browser keeps the clipboard closed.');
    }
  });
  actions.noticed.connect((_, notice) => notify(notice, trans));
  actions.altered.connect((_, { kind, notebook }) => {
    lists.follow(kind, notebook);
    api.announce({ notebookId: notebook.notebookId, action: kind });
  });
  api.changed.connect(() => {
    lists.refresh();
    void facets.refresh();
  });
  caller.ensure();

  return {
    lists,
    context: {
      trans,
      links: createLinks(base),
      actions,
      facets,
      caller,
      open: address => openPage(address.slice(api.baseUrl.length)),
      download: address => {
        const link = document.createElement('a');
        link.href = address;
        link.download = '';
        link.click();
      },
      layer: () => document.body,
      ...(schedule && {
        schedule: item =>
          void scheduleFile(item, { client, trans, fork, schedule, tell: notice => notify(notice, trans) })
      })
    }
  };
}

function notify({ kind, message, error, action }: INotice, trans: TranslationBundle): void {
  const actions = [
    ...(action ? [{ label: action.label, callback: action.run, displayType: 'accent' as const }] : []),
    ...(error ? [{ label: trans.__('Copy details'), callback: () => void copyText(problemDetails(error)) }] : [])
  ];
  if (kind === 'error') Notification.error(message, { autoClose: false, actions });
  else Notification.success(message, { autoClose: SUCCESS_MS, actions });
}
