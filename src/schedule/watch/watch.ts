import type { TranslationBundle } from '@jupyterlab/translation';
import { ulid } from 'ulid';
import type { Client } from '../../../contract/client.js';
import { pause } from '../../api/http.js';
import type { ILakesideApi } from '../../tokens.js';
import { SchedulesModel } from '../panel/schedulesModel.js';
import { NewsModel } from './newsModel.js';
import { NewsOfTabs } from './tabs.js';

/** What is known of schedules in this tab. */
export interface ScheduleWatch {
  /** For what the person asks for. */
  client: Client;
  /** For what nobody asked for. */
  background: Client;
  trans: TranslationBundle;
  news: NewsOfTabs;
  /** The list, as the panel, the tab and the status bar show it. */
  schedules: SchedulesModel;
}

/** News that come in one burst are shown at once, so many milliseconds after the first. */
const BURST_MS = 60;

/** Loads what is known of schedules and follows the news. */
export async function createWatch(options: { api: ILakesideApi; trans: TranslationBundle }): Promise<ScheduleWatch> {
  const { api, trans } = options;
  const [client, background] = await Promise.all([api.client(), api.background()]);
  const news = new NewsOfTabs({
    base: api.baseUrl,
    follow: () => new NewsModel({ client: background, wait: pause }),
    locks: 'locks' in navigator ? navigator.locks : undefined
  });
  const schedules = new SchedulesModel({
    client,
    background,
    newId: () => ulid(),
    later: run => void setTimeout(run, BURST_MS)
  });
  news.news.connect((_, each) => schedules.hear(each));
  news.connected.connect(() => void schedules.refreshIfLoaded());
  return { client, background, trans, news, schedules };
}
