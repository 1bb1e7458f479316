import type { ReactNode } from 'react';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { Empty } from '../library/views/states.js';
import { usePageTitle } from './pageTitle.js';
import type { ISession } from './session.js';
import { TopBar } from './topBar.js';

/** Nothing is at this address. */
export function MissingPage(props: { session: ISession; notebook?: boolean }): ReactNode {
  const { trans, links } = useLibrary();
  const title = props.notebook
    ? trans.__('This notebook is not in the Library')
    : trans.__('There is no such page in the Library');
  usePageTitle(props.session, title);
  return (
    <>
      {props.notebook && <TopBar route={{ kind: 'missing' }} />}
      <div className="lk-Page-scroll">
        <h1 className="lk-hidden" tabIndex={-1}>
          {title}
        </h1>
        <Empty
          icon="search"
          title={title}
          action={
            <LibraryLink className="lk-Button lk-mod-framed" href={links.list()}>
              {trans.__('Show all notebooks')}
            </LibraryLink>
          }
        >
          {props.notebook
            ? trans.__(
                'It was never shared, its owner does not share it with you, or it was deleted more than 30 days ago. Check the link.'
              )
            : trans.__('Check the link.')}
        </Empty>
      </div>
    </>
  );
}
