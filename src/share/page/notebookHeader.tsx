import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem, LibraryNotebook } from '../../../contract/share/records.js';
import { Button } from '../library/views/button.js';
import { Chip } from '../library/views/chips.js';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { MenuButton } from '../library/views/menu.js';
import type { IMenuItem } from '../library/views/menu.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Person, useIsCaller } from '../library/views/person.js';
import { kernelLabel, Ran } from '../library/views/provenance.js';
import { Ago } from '../library/views/time.js';
import { FiguresButton } from './figuresButton.js';
import { FolderDialog } from './folderDialog.js';
import type { NotebookRoute } from './notebookPages.js';
import type { ISession } from './session.js';

/** Title, owner and age of a notebook, and what can be done with it. */
export function NotebookHeader(props: {
  route: NotebookRoute;
  session: ISession;
  notebook: LibraryNotebook;
  onEdit: (item: LibraryItem) => void;
}): ReactNode {
  const { route, session, notebook } = props;
  const { trans, links, actions, open, download } = useLibrary();
  const { busy } = useModelState(actions);
  const now = useNow(60_000);
  const own = useIsCaller(notebook.owner);
  const [choosing, setChoosing] = useState(false);

  const id = notebook.notebookId;
  const newest = notebook.versionList[0];
  const shown =
    route.kind === 'notebook'
      ? (notebook.versionList.find(version => version.versionId === route.versionId) ?? newest)
      : newest;
  const versionId = shown?.versionId ?? notebook.versionId;
  const hidden = route.kind === 'notebook' ? (route.hideCode ?? shown?.hideCode ?? false) : false;
  const source = { notebookId: id, versionId, title: notebook.title };
  const kernel = shown && kernelLabel(shown.provenance);
  const deleted = notebook.deletedAt !== undefined;

  const menu: IMenuItem[] = [
    {
      label: trans.__('Copy link'),
      icon: 'link',
      run: () => void actions.copyLink(new URL(links.notebook(id, pinned(route)), window.location.href).href)
    },
    ...(route.kind === 'notebook' && !deleted
      ? ([
          {
            label: hidden ? trans.__('Show code') : trans.__('Hide code'),
            icon: 'code',
            run: () =>
              session.router.update(`${links.notebook(id, route.versionId)}?hideCode=${String(!hidden)}`, 'push')
          },
          {
            label: trans.__('Print…'),
            icon: 'print',
            note: trans.__('opens the document'),
            href: links.document(id, versionId, route.hideCode)
          }
        ] satisfies IMenuItem[])
      : []),
    ...(session.host
      ? ([
          { label: trans.__('Open in a browser tab'), icon: 'newTab', href: window.location.href }
        ] satisfies IMenuItem[])
      : ([
          { label: trans.__('Fork into a folder…'), icon: 'fork', apart: true, run: () => setChoosing(true) }
        ] satisfies IMenuItem[])),
    ...(own && !deleted
      ? ([
          { label: trans.__('Change details…'), icon: 'edit', apart: true, run: () => props.onEdit(notebook) },
          { label: trans.__('Unshare'), icon: 'trash', run: () => void actions.delete(notebook) }
        ] satisfies IMenuItem[])
      : [])
  ];

  return (
    <header className="lk-NotebookHeader">
      <LibraryLink
        className="lk-NotebookHeader-back lk-Button lk-mod-plain lk-mod-icon"
        href={route.kind === 'notebook' ? links.list() : links.notebook(id)}
        title={route.kind === 'notebook' ? trans.__('All notebooks') : trans.__('The document')}
      >
        <Icon name="back" />
        <span className="lk-hidden">
          {route.kind === 'notebook' ? trans.__('All notebooks') : trans.__('The document')}
        </span>
      </LibraryLink>
      <div className="lk-NotebookHeader-names">
        <h1 className="lk-NotebookHeader-title" tabIndex={-1} title={notebook.title}>
          <bdi>{notebook.title}</bdi>
        </h1>
        <p className="lk-NotebookHeader-facts">
          <Person name={notebook.owner} /> · <Ago instant={notebook.updatedAt} now={now} /> ·{' '}
          {trans.__('version %1 of %2', shown?.number ?? notebook.versions, notebook.versions)}
          {shown?.provenance.run && (
            <>
              {' · '}
              <Ran run={shown.provenance.run} now={now} />
            </>
          )}
          {kernel && ` · ${kernel}`}
          {notebook.audience.kind === 'owner' && ` · ${trans.__('only you can see it')}`}
          <span className="lk-NotebookHeader-chips">
            {notebook.groups.map(name => (
              <Chip key={`group ${name}`} kind="group" name={name} />
            ))}
            {notebook.tags.map(name => (
              <Chip key={`tag ${name}`} kind="tag" name={name} />
            ))}
          </span>
        </p>
      </div>
      <div className="lk-NotebookHeader-actions">
        {!deleted && (
          <Button
            look="main"
            icon="fork"
            disabled={busy.has(id)}
            title={
              session.host
                ? trans.__('Copies the notebook into the folder of the file browser')
                : trans.__('Copies the notebook into your files')
            }
            onClick={() => void session.forkInto(source, session.folder())}
          >
            {trans.__('Fork')}
          </Button>
        )}
        {route.kind === 'notebook' && !deleted && <FiguresButton route={route} notebook={notebook} session={session} />}
        <Button icon="download" className="lk-mod-foldable" onClick={() => download(links.download(id, versionId))}>
          <span className="lk-Button-text">{trans.__('Download')}</span>
        </Button>
        <Button
          icon="history"
          aria-pressed={route.kind !== 'notebook'}
          onClick={() => open(route.kind === 'versions' ? links.notebook(id) : links.versions(id))}
        >
          {trans.__('Versions')} <span className="lk-Count">{notebook.versions}</span>
        </Button>
        <MenuButton look="framed" icon="more" label={trans.__('More')} items={menu} />
      </div>
      {choosing && (
        <FolderDialog
          files={session.files}
          start={session.folder()}
          onClose={() => setChoosing(false)}
          onChoose={folder => {
            setChoosing(false);
            void session.forkInto(source, folder);
          }}
        />
      )}
    </header>
  );
}

/** The version that an address names, where it names one. */
function pinned(route: NotebookRoute): string | undefined {
  return route.kind === 'notebook' ? route.versionId : undefined;
}
