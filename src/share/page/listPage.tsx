import { useCallback, useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem } from '../../../contract/share/records.js';
import { sameQuery, toSearch } from '../library/listQuery.js';
import type { IListQuery } from '../library/listQuery.js';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { LibraryList } from '../library/views/libraryList.js';
import { useModelState } from '../../ui/hooks.js';
import { Empty } from '../library/views/states.js';
import { usePageTitle } from './pageTitle.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

const wholePage = () => document;

/** All notebooks, the deleted ones, or those of a collection. */
export function ListPage(props: {
  route: Extract<Route, { kind: 'list' | 'deleted' | 'collection' }>;
  listKey: string;
  session: ISession;
  onEdit: (item: LibraryItem) => void;
}): ReactNode {
  const { route, session, listKey } = props;
  const { router, lists } = session;
  const { trans, links } = useLibrary();
  const { back } = useModelState(router);
  // The list is made with the query of the address it is first shown at.
  // eslint-disable-next-line react-hooks/exhaustive-deps -- later queries are followed below
  const { model, place } = useMemo(() => lists.get(listKey, route.query), [lists, listKey]);
  useEffect(() => {
    if (!sameQuery(model.state.query, route.query)) model.show(route.query);
    else model.refreshIfOlder(30_000);
  }, [model, route.query]);

  const fixed = route.kind === 'collection' ? route.by : undefined;
  const own =
    route.kind === 'collection'
      ? route.by === 'group'
        ? links.group(route.name)
        : links.tag(route.name)
      : route.kind === 'deleted'
        ? links.deleted()
        : links.list();
  const onQuery = useCallback(
    (change: Partial<IListQuery>) => {
      const search = toSearch(model.state.query, fixed === undefined ? [] : [fixed]);
      const [path, fixedSearch] = own.split('?');
      const all = [fixedSearch, search].filter(Boolean).join('&');
      router.update(`${path ?? ''}${all ? `?${all}` : ''}`, 'q' in change ? 'replace' : 'push');
    },
    [model, router, own, fixed]
  );

  const title =
    route.kind === 'collection' ? route.name : route.kind === 'deleted' ? trans.__('Deleted') : trans.__('Notebooks');
  usePageTitle(session, route.kind === 'list' ? '' : title);

  return (
    <div className="lk-ListPage">
      <div className={route.kind === 'list' ? 'lk-hidden' : 'lk-ListPage-head'}>
        {route.kind === 'collection' && (
          <p className="lk-ListPage-over">{fixed === 'group' ? trans.__('Group') : trans.__('Tag')}</p>
        )}
        <h1 tabIndex={-1}>
          <bdi>{title}</bdi>
        </h1>
        {route.kind === 'deleted' && <p>{trans.__('Kept for 30 days, then gone for good.')}</p>}
      </div>
      <LibraryList
        model={model}
        area={wholePage}
        onEdit={props.onEdit}
        fixed={fixed}
        place={place}
        returning={back}
        onQuery={onQuery}
        empty={<EmptyList route={route} />}
      />
    </div>
  );
}

function EmptyList(props: { route: Route }): ReactNode {
  const { trans, links } = useLibrary();
  const all = (
    <LibraryLink className="lk-Button lk-mod-framed" href={links.list()}>
      {trans.__('Show all notebooks')}
    </LibraryLink>
  );
  if (props.route.kind === 'deleted') {
    return (
      <Empty icon="trash" title={trans.__('Nothing was deleted')} action={all}>
        {trans.__('A notebook that is taken out of the Library stays here for 30 days and can be restored.')}
      </Empty>
    );
  }
  if (props.route.kind === 'collection') {
    return (
      <Empty icon="group" title={trans.__('No notebook is in this collection any more')} action={all}>
        {trans.__('Add one with "Change details" in the menu of a notebook of yours.')}
      </Empty>
    );
  }
  return (
    <Empty icon="notebook" title={trans.__('The Library is empty')}>
      {trans.__('Open a notebook in JupyterLab and press Share on its toolbar. It appears here.')}
    </Empty>
  );
}
