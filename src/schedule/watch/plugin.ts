import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ILakesideApi } from '../../tokens.js';
import { ISchedules } from '../tokens.js';
import type { ScheduleWatch } from './watch.js';

/** Provides what is known of schedules to the plugins that show it. */
export const watchPlugin: JupyterFrontEndPlugin<ISchedules> = {
  id: 'jupyterlab-lakeside:schedule-watch',
  description: 'Follows the schedules of the person.',
  autoStart: true,
  provides: ISchedules,
  requires: [ILakesideApi],
  optional: [ITranslator],
  activate: (_: JupyterFrontEnd, api: ILakesideApi, translator: ITranslator | null): ISchedules => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const { promise: loaded, resolve } = Promise.withResolvers<ScheduleWatch>();
    let loading: Promise<ScheduleWatch> | undefined;
    const load = async () => {
      const { createWatch } = await import('./watch.js');
      const watch = await createWatch({ api, trans });
      resolve(watch);
      return watch;
    };
    return {
      loaded,
      load: () =>
        (loading ??= load().catch((error: unknown) => {
          // A later call tries again: the chunk may have been unreachable for a moment.
          loading = undefined;
          throw error;
        }))
    };
  }
};
