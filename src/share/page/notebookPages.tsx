import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem, LibraryNotebook } from '../../../contract/share/records.js';
import { shortDate } from '../library/format.js';
import { notebookResource } from '../library/resources.js';
import { Button } from '../library/views/button.js';
import { useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Bar, Failed, Stale } from '../library/views/states.js';
import { Ago } from '../library/views/time.js';
import { VersionsList } from '../library/views/versionsList.js';
import { DiffView } from './diffView.js';
import { DocumentView } from './documentView.js';
import { MissingPage } from './missingPage.js';
import { NotebookHeader } from './notebookHeader.js';
import { usePageTitle } from './pageTitle.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

export type NotebookRoute = Extract<Route, { kind: 'notebook' | 'versions' | 'diff' }>;

/** The pages of one notebook: its document, its versions, the changes between two. */
export function NotebookPages(props: {
  route: NotebookRoute;
  session: ISession;
  onEdit: (item: LibraryItem) => void;
}): ReactNode {
  const { route, session } = props;
  const { client, router } = session;
  const { trans, links, actions } = useLibrary();
  const model = useMemo(() => notebookResource(client, route.notebookId), [client, route.notebookId]);
  const { phase, value, error } = useModelState(model);

  useEffect(() => {
    void model.refresh();
    const follow = (_: unknown, { notebook }: { notebook: LibraryNotebook }) => {
      if (notebook.notebookId === route.notebookId) model.replace(notebook);
    };
    const again = () => void model.refresh();
    actions.altered.connect(follow);
    session.echo.heard.connect(again);
    return () => {
      actions.altered.disconnect(follow);
      session.echo.heard.disconnect(again);
    };
  }, [model, actions, session, route.notebookId]);

  useEffect(() => {
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      event.preventDefault();
      router.leave(route.kind === 'notebook' ? links.list() : links.notebook(route.notebookId));
    };
    document.addEventListener('keydown', onEscape);
    return () => document.removeEventListener('keydown', onEscape);
  }, [router, links, route.kind, route.notebookId]);

  if (phase === 'failed' && error) {
    if (error.status === 404 || error.code === 'invalid') return <MissingPage session={session} notebook />;
    return (
      <div className="lk-Page-scroll">
        <Failed
          title={trans.__('The notebook cannot be read')}
          error={error}
          retry={() => void model.refresh()}
          action={<Button onClick={() => router.go(links.list())}>{trans.__('Show all notebooks')}</Button>}
        />
      </div>
    );
  }
  if (value === undefined) return <LoadingPage />;
  return (
    <>
      {error && <Stale error={error} retry={() => void model.refresh()} />}
      <LoadedPages {...props} notebook={value} />
    </>
  );
}

function LoadedPages(props: {
  route: NotebookRoute;
  session: ISession;
  notebook: LibraryNotebook;
  onEdit: (item: LibraryItem) => void;
}): ReactNode {
  const { route, session, notebook } = props;
  const { trans } = useLibrary();
  const title =
    route.kind === 'versions'
      ? trans.__('Versions of "%1"', notebook.title)
      : route.kind === 'diff'
        ? trans.__('Changes of "%1"', notebook.title)
        : notebook.title;
  usePageTitle(session, title);
  // The page was gone to before there was a heading to put the focus on.
  useEffect(() => {
    if (session.router.state.step > 0 && document.activeElement === document.body)
      document.querySelector('h1')?.focus({ preventScroll: true });
  }, [session]);
  return (
    <>
      <NotebookHeader {...props} />
      {notebook.deletedAt !== undefined && <DeletedBanner notebook={notebook} />}
      {route.kind === 'versions' ? (
        <div className="lk-Page-scroll">
          <div className="lk-VersionsPage">
            <h2>{trans.__('Versions')}</h2>
            <VersionsList notebook={notebook} />
          </div>
        </div>
      ) : route.kind === 'diff' ? (
        <DiffView route={route} notebook={notebook} session={session} />
      ) : (
        <DocumentView route={route} notebook={notebook} session={session} />
      )}
    </>
  );
}

function DeletedBanner(props: { notebook: LibraryNotebook }): ReactNode {
  const { trans, actions } = useLibrary();
  const { notebook } = props;
  const now = useNow(60_000);
  if (notebook.deletedAt === undefined) return null;
  return (
    <div className="lk-Banner">
      <Icon name="trash" />
      <span className="lk-Banner-text">
        {trans.__('Deleted')} <Ago instant={notebook.deletedAt} now={now} />.{' '}
        {notebook.purgeAt && trans.__('It can be restored until %1.', shortDate(notebook.purgeAt, now))}
      </span>
      <Button icon="restore" onClick={() => void actions.restore(notebook)}>
        {trans.__('Restore')}
      </Button>
    </div>
  );
}

function LoadingPage(): ReactNode {
  const { trans } = useLibrary();
  return (
    <div className="lk-NotebookHeader" aria-busy="true" aria-label={trans.__('Loading…')} role="status">
      <span className="lk-NotebookHeader-names">
        <span className="lk-NotebookHeader-title">
          <Bar width="16em" />
        </span>
        <span className="lk-NotebookHeader-facts">
          <Bar width="22em" />
        </span>
      </span>
    </div>
  );
}
