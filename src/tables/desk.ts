import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PageConfig } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { IStateDB } from '@jupyterlab/statedb';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Client } from '../../contract/client.js';
import { CommandIDs } from '../commands.js';
import type { ILakesideApi } from '../tokens.js';
import { createActions } from './actions.js';
import type { ITableActions } from './actions.js';
import { DetailsModel } from './detailsModel.js';
import { targetOf } from './insert/targets.js';
import { MemoryModel } from './memoryModel.js';
import { LINK, linkOf } from './refs.js';

/** What the panel and the pages of tables share. */
export interface ITablesDesk {
  client: Client;
  /** For what nobody asked for. */
  background: Client;
  details: DetailsModel;
  memory: MemoryModel;
  actions: ITableActions;
  trans: TranslationBundle;
}

/** What it is made of. */
export interface IDeskOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  notebooks: INotebookTracker | null;
  state: IStateDB | null;
  trans: TranslationBundle;
}

const KEPT = 'jupyterlab-lakeside:tables';

/** Makes what the panel and the pages of tables share. */
export async function createDesk({ app, api, notebooks, state, trans }: IDeskOptions): Promise<ITablesDesk> {
  const [client, background] = await Promise.all([api.client(), api.background()]);
  const details = new DetailsModel(client);
  const memory = new MemoryModel({
    fetch: () => state?.fetch(KEPT) ?? Promise.resolve(undefined),
    save: kept => state?.save(KEPT, JSON.parse(JSON.stringify(kept)) as never) ?? Promise.resolve()
  });
  await memory.load();
  const actions = createActions({
    details,
    memory,
    trans,
    target: () => targetOf(app.shell.currentWidget, notebooks),
    open: (ref, part) => void app.commands.execute(CommandIDs.openTable, { ...ref, ...(part && { part }) }),
    address: ref => {
      const url = new URL('lab', new URL(PageConfig.getBaseUrl(), window.location.href));
      url.searchParams.set(LINK, linkOf(ref));
      return url.href;
    }
  });
  return { client, background, details, memory, actions, trans };
}
