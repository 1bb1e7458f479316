import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { apiPlugin } from './api/plugin.js';

/** The plugins of Lakeside; each can be disabled alone. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [apiPlugin];

export default plugins;
