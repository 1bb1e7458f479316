import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem } from '../../../contract/share/records.js';
import { LibraryProvider } from '../library/views/context.js';
import { DetailsDialog } from '../library/views/detailsForm.js';
import { useModelState } from '../../ui/hooks.js';
import { CollectionsPage } from './collectionsPage.js';
import { ListPage } from './listPage.js';
import { MissingPage } from './missingPage.js';
import { NotebookPages } from './notebookPages.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';
import { Toasts } from './toasts.js';
import { TopBar } from './topBar.js';

/** The Library's pages. */
export function App(props: { session: ISession }): ReactNode {
  const { session } = props;
  const { router } = session;
  const { route, step } = useModelState(router);
  const [edited, setEdited] = useState<LibraryItem>();
  const main = useRef<HTMLElement>(null);

  // Whoever listens hears the heading of the new page; a list puts the focus where it was left.
  useEffect(() => {
    const node = main.current;
    if (step > 0 && !node?.contains(document.activeElement)) node?.querySelector('h1')?.focus({ preventScroll: true });
  }, [step]);

  return (
    <LibraryProvider value={session.context}>
      <div className="lk-Page">
        {!('notebookId' in route) && <TopBar route={route} />}
        <main ref={main} className="lk-Page-main">
          {view(route, session, setEdited)}
        </main>
        <Toasts model={session.notices} />
        {edited && <DetailsDialog key={edited.notebookId} item={edited} onClose={() => setEdited(undefined)} />}
      </div>
    </LibraryProvider>
  );
}

function view(route: Route, session: ISession, onEdit: (item: LibraryItem) => void): ReactNode {
  switch (route.kind) {
    case 'list':
    case 'deleted':
    case 'collection':
      return <ListPage key={listKey(route)} listKey={listKey(route)} route={route} session={session} onEdit={onEdit} />;
    case 'collections':
      return <CollectionsPage session={session} />;
    case 'notebook':
    case 'versions':
    case 'diff':
      return <NotebookPages key={route.notebookId} route={route} session={session} onEdit={onEdit} />;
    case 'missing':
      return <MissingPage session={session} />;
  }
}

function listKey(route: Route): string {
  return route.kind === 'collection' ? `${route.by}:${route.name}` : route.kind;
}
