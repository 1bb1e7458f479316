import type { ReactNode } from 'react';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { Button } from '../library/views/button.js';
import { useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { useModelState } from '../../ui/hooks.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

/**
 * For who comes by "Open a copy in JupyterLab" on a wiki's page: a link makes no file, so the page asks first. With the
 * answer the question goes out of the address, and does not come back with the browser's back button.
 */
export function ForkOffer(props: {
  route: Extract<Route, { kind: 'notebook' }>;
  notebook: LibraryNotebook;
  session: ISession;
}): ReactNode {
  const { route, notebook, session } = props;
  const { trans, links, actions } = useLibrary();
  const { busy } = useModelState(actions);
  const { notebookId, title, versionId } = notebook;
  const folder = session.folder();
  const close = () => session.router.update(links.notebook(notebookId, route.versionId), 'replace');
  const open = async () => {
    const source = { notebookId, versionId: route.versionId ?? versionId, title };
    if (await actions.forkAndGo(source)) close();
  };
  return (
    <div className="lk-Banner" role="region" aria-label={trans.__('Open a copy')}>
      <Icon name="fork" />
      <span className="lk-Banner-text">
        {session.host !== undefined || folder === ''
          ? trans.__('A copy of this notebook goes into your files and opens in JupyterLab. The page stays as it is.')
          : trans.__('A copy of this notebook goes into your folder "%1" and opens in JupyterLab.', folder)}
      </span>
      <Button look="main" icon="fork" disabled={busy.has(notebookId)} onClick={() => void open()}>
        {trans.__('Open a copy')}
      </Button>
      <Button look="plain" onClick={close}>
        {trans.__('Only read')}
      </Button>
    </div>
  );
}
