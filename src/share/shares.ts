import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { PromiseDelegate } from '@lumino/coreutils';
import type { ILakesideApi } from '../tokens.js';
import type { ShareCenter } from './center.js';
import { createMemory } from './memory.js';
import type { IShares } from './tokens.js';

/** What sharing is made from. */
export interface ISharesOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  registry: ISettingRegistry | null;
  /** The plugin whose settings it follows. */
  pluginId: string;
}

/** The way to sharing. It is loaded when asked for, or by itself where a share of before a reload is remembered. */
export function createShares(options: ISharesOptions): IShares {
  const { app, api, registry, pluginId } = options;
  const memory = createMemory(api.baseUrl);
  const loaded = new PromiseDelegate<ShareCenter>();
  let loading: Promise<ShareCenter> | undefined;

  const load = async (): Promise<ShareCenter> => {
    const [{ createCenter }, settings] = await Promise.all([
      import('./create.js'),
      registry?.load(pluginId).catch(() => null) ?? null
    ]);
    const center = createCenter({ ...options, memory, settings, contents: app.serviceManager.contents });
    loaded.resolve(center);
    return center;
  };

  const shares: IShares = {
    loaded: loaded.promise,
    load: () => {
      loading ??= load().catch((error: unknown) => {
        loading = undefined;
        throw error;
      });
      return loading;
    }
  };
  if (memory.read().length > 0) void app.restored.then(async () => (await shares.load()).recover());
  return shares;
}
