import type { ReactNode } from 'react';
import lakeside from '../../icons/lakeside.svg';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import type { Route } from './routes.js';

/** The rooms of the Library. */
export function TopBar(props: { route: Route }): ReactNode {
  const { trans, links } = useLibrary();
  const { kind } = props.route;
  return (
    <header className="lk-TopBar">
      <LibraryLink className="lk-TopBar-brand" href={links.list()}>
        <span className="lk-TopBar-mark" aria-hidden="true" dangerouslySetInnerHTML={{ __html: lakeside }} />
        <span className="lk-TopBar-word">{trans.__('Library')}</span>
      </LibraryLink>
      <nav className="lk-TopBar-rooms" aria-label={trans.__('Library')}>
        <LibraryLink href={links.list()} current={kind === 'list'}>
          {trans.__('Notebooks')}
        </LibraryLink>
        <LibraryLink href={links.collections()} current={kind === 'collections' || kind === 'collection'}>
          {trans.__('Collections')}
        </LibraryLink>
        <LibraryLink href={links.deleted()} current={kind === 'deleted'}>
          {trans.__('Deleted')}
        </LibraryLink>
      </nav>
    </header>
  );
}
