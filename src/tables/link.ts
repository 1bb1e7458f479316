import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandIDs } from '../commands.js';
import { LINK, refOfLink } from './refs.js';

/** Opens the table that the address of the page names, and takes it out of the address. */
export function openLinked(app: JupyterFrontEnd): void {
  const url = new URL(window.location.href);
  const ref = refOfLink(url.searchParams.get(LINK) ?? '');
  if (ref === undefined) return;
  void app.restored.then(() => {
    const now = new URL(window.location.href);
    now.searchParams.delete(LINK);
    window.history.replaceState(window.history.state, '', now.href);
    return app.commands.execute(CommandIDs.openTable, { ...ref });
  });
}
