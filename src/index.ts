import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { apiPlugin } from './api/plugin.js';
import { failedCellsPlugin } from './credentials/failed/plugin.js';
import { credentialsMenuPlugin } from './credentials/menu/plugin.js';
import { credentialsNoticesPlugin } from './credentials/notices/plugin.js';
import { credentialsPlugin } from './credentials/panel/plugin.js';
import { credentialsStatusPlugin } from './credentials/status/plugin.js';
import { credentialsWatchPlugin } from './credentials/watch/plugin.js';
import { historyPlugin } from './history/plugin.js';
import { noticesPlugin } from './schedule/notices/plugin.js';
import { schedulesPlugin } from './schedule/panel/plugin.js';
import { schedulePlugin } from './schedule/plugin.js';
import { runPlugin } from './schedule/run/plugin.js';
import { watchPlugin } from './schedule/watch/plugin.js';
import { libraryPlugin } from './share/library/plugin.js';
import { sharePlugin } from './share/plugin.js';
import { statusPlugin } from './share/status/plugin.js';
import { toolbarPlugin } from './share/toolbar/plugin.js';
import { tablesPlugin } from './tables/plugin.js';

/** The plugins of Lakeside; each can be disabled alone. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  apiPlugin,
  sharePlugin,
  toolbarPlugin,
  statusPlugin,
  libraryPlugin,
  historyPlugin,
  schedulePlugin,
  watchPlugin,
  schedulesPlugin,
  runPlugin,
  noticesPlugin,
  tablesPlugin,
  credentialsWatchPlugin,
  credentialsPlugin,
  credentialsStatusPlugin,
  credentialsMenuPlugin,
  credentialsNoticesPlugin,
  failedCellsPlugin
];

export default plugins;
