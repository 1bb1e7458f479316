import type { Client } from '../../../contract/client.js';
import { libraryRoutes } from '../../../contract/share/library.js';
import { LibraryActions } from '../library/actions.js';
import type { IForked, IForkSource } from '../library/actions.js';
import { copyNotebook } from '../library/copyNotebook.js';
import type { LibraryEcho } from '../library/echo.js';
import { createLinks } from '../library/links.js';
import { facetsResource, callerResource } from '../library/resources.js';
import { plainText } from '../library/text.js';
import type { ILibraryContext } from '../library/views/context.js';
import type { IPageFiles } from './contents.js';
import type { IHost } from './host.js';
import { ListShelf } from '../library/listShelf.js';
import { NoticesModel } from './notices.js';
import { Router } from './router.js';

/** What a page is made of. */
export interface ISessionOptions {
  /** Path of Lakeside, without a slash at its end. */
  base: string;
  client: Client;
  files: IPageFiles;
  host: IHost | undefined;
  echo: Pick<LibraryEcho, 'heard' | 'announce'>;
}

/** Everything that lives as long as the page. */
export interface ISession {
  client: Client;
  context: ILibraryContext;
  router: Router;
  lists: ListShelf;
  notices: NoticesModel;
  files: IPageFiles;
  host: IHost | undefined;
  echo: Pick<LibraryEcho, 'heard' | 'announce'>;
  /** Copies a version into a folder of the person's files. */
  forkInto(source: IForkSource, folder: string): Promise<boolean>;
  /** The folder that the last copy went to. */
  folder(): string;
}

const FOLDER_KEY = 'lakeside:fork-folder';

/** Puts the parts of a page together. */
export function createSession(options: ISessionOptions): ISession {
  const { base, client, files, host, echo } = options;
  const server = base.replace(/\/lakeside$/, '');
  const links = createLinks(base);
  const router = new Router(base);
  const notices = new NoticesModel();
  const lists = new ListShelf(client);
  const facets = facetsResource(client);
  const caller = callerResource(client);
  let folder = remembered();

  async function fork(source: IForkSource): Promise<IForked> {
    if (host) return { path: await host.fork(source) };
    const { notebookId, versionId = 'latest', title } = source;
    const bytes = await client.call(libraryRoutes.notebook, {
      params: { notebookId, versionId },
      query: { fork: 'true' }
    });
    const path = await copyNotebook(bytes.stream, title, files, folder);
    const address = `${server}/lab/tree/${path.split('/').map(encodeURIComponent).join('/')}`;
    return {
      path,
      open: () => window.open(address, '_blank', 'noopener'),
      go: () => window.open(address, '_self')
    };
  }

  const actions = new LibraryActions({
    client,
    trans: plainText,
    fork,
    copyText: text => navigator.clipboard.writeText(text)
  });
  actions.noticed.connect((_, notice) => notices.add(notice));
  actions.altered.connect((_, { kind, notebook }) => {
    lists.follow(kind, notebook);
    void facets.refresh();
    echo.announce({ notebookId: notebook.notebookId, action: kind });
  });
  echo.heard.connect(() => {
    lists.refresh();
    void facets.refresh();
  });
  facets.ensure();
  caller.ensure();

  const context: ILibraryContext = {
    trans: plainText,
    links,
    actions,
    facets,
    caller,
    open: address => router.go(address),
    download: address => save(address),
    layer: () => document.querySelector('main') ?? document.body
  };
  return {
    client,
    context,
    router,
    lists,
    notices,
    files,
    host,
    echo,
    folder: () => folder,
    forkInto: (source, into) => {
      folder = into;
      remember(into);
      return actions.fork(source);
    }
  };
}

/** The answer names itself as a file to save, so the page stays. */
function save(address: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = '';
  link.click();
}

function remembered(): string {
  try {
    return localStorage.getItem(FOLDER_KEY) ?? '';
  } catch {
    return '';
  }
}

function remember(folder: string): void {
  try {
    localStorage.setItem(FOLDER_KEY, folder);
  } catch {
    // Without storage the next page starts at the root again.
  }
}
