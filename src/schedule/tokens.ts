import { Token } from '@lumino/coreutils';
import type { ScheduleWatch } from './watch/watch.js';

/** The way to what is known of schedules in this tab, for the plugins of this feature. */
export interface ISchedules {
  /** Loads it, and begins to follow the news. */
  load(): Promise<ScheduleWatch>;
  /** Resolves as soon as it is loaded, and does not load it by itself. */
  readonly loaded: Promise<ScheduleWatch>;
}

/** The token of the way to schedules. */
export const ISchedules = new Token<ISchedules>(
  'jupyterlab-lakeside:ISchedules',
  'The schedules of the person: their list, their news.'
);
