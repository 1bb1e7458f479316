import type { LibraryItem } from '../../../../contract/share/records.js';
import { useLibrary } from './context.js';
import type { IMenuItem } from './menu.js';
import { useIsCaller } from './person.js';

/** What can be done with a notebook of a list. */
export function useNotebookMenu(item: LibraryItem, onEdit: () => void): IMenuItem[] {
  const { trans, links, actions, open, download, schedule } = useLibrary();
  const own = useIsCaller(item.owner);
  const id = item.notebookId;
  if (item.deletedAt !== undefined) {
    return [
      { label: trans.__('Restore'), icon: 'restore', run: () => void actions.restore(item) },
      { label: trans.__('Download'), icon: 'download', run: () => download(links.download(id, item.versionId)) }
    ];
  }
  return [
    { label: trans.__('Open'), icon: 'notebook', run: () => open(links.notebook(id)) },
    {
      label: trans.__('Versions'),
      icon: 'history',
      note: String(item.versions),
      run: () => open(links.versions(id))
    },
    {
      label: trans.__('Fork to my files'),
      icon: 'fork',
      apart: true,
      run: () => void actions.fork({ notebookId: id, versionId: item.versionId, title: item.title })
    },
    { label: trans.__('Download'), icon: 'download', run: () => download(links.download(id, item.versionId)) },
    {
      label: trans.__('Copy link'),
      icon: 'link',
      run: () => void actions.copyLink(new URL(links.notebook(id), window.location.href).href)
    },
    ...(own
      ? ([
          { label: trans.__('Change details…'), icon: 'edit', apart: true, run: onEdit },
          ...(schedule ? [{ label: trans.__('Schedule…'), icon: 'clock' as const, run: () => schedule(item) }] : []),
          { label: trans.__('Unshare'), icon: 'trash', run: () => void actions.delete(item) }
        ] satisfies IMenuItem[])
      : [])
  ];
}
