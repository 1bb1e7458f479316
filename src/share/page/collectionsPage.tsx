import type { ReactNode } from 'react';
import { wholeNumber } from '../library/format.js';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { useModelState } from '../../ui/hooks.js';
import { Bar, Empty, Failed, Stale } from '../library/views/states.js';
import { usePageTitle } from './pageTitle.js';
import type { ISession } from './session.js';

/** The groups and tags in use. */
export function CollectionsPage(props: { session: ISession }): ReactNode {
  const { trans, links, facets } = useLibrary();
  const { phase, value, error } = useModelState(facets);
  usePageTitle(props.session, trans.__('Collections'));
  const empty = value !== undefined && value.groups.length === 0 && value.tags.length === 0;
  const retry = () => void facets.refresh();
  return (
    <div className="lk-Page-scroll">
      <div className="lk-Collections">
        <h1 tabIndex={-1}>{trans.__('Collections')}</h1>
        {error && phase === 'ready' && <Stale error={error} retry={retry} />}
        {phase === 'failed' && error && (
          <Failed title={trans.__('The collections cannot be read')} error={error} retry={retry} />
        )}
        {phase === 'loading' && (
          <p aria-busy="true">
            <Bar width="14em" />
          </p>
        )}
        {empty && (
          <Empty icon="group" title={trans.__('There are no groups and tags yet')}>
            {trans.__('Give a notebook a group or a tag when you share it, or later with "Change details".')}
          </Empty>
        )}
        {value && value.groups.length > 0 && (
          <section aria-labelledby="lk-groups">
            <h2 id="lk-groups">{trans.__('Groups')}</h2>
            <ul role="list" className="lk-Collections-groups">
              {value.groups.map(group => (
                <li key={group.name}>
                  <LibraryLink className="lk-Collections-group" href={links.group(group.name)}>
                    <Icon name="group" />
                    <bdi className="lk-Collections-name">{group.name}</bdi>
                    <Count value={group.count} />
                  </LibraryLink>
                </li>
              ))}
            </ul>
          </section>
        )}
        {value && value.tags.length > 0 && (
          <section aria-labelledby="lk-tags">
            <h2 id="lk-tags">{trans.__('Tags')}</h2>
            <ul role="list" className="lk-Collections-tags">
              {value.tags.map(tag => (
                <li key={tag.name}>
                  <LibraryLink className="lk-Chip" href={links.tag(tag.name)}>
                    <bdi className="lk-Chip-name">{tag.name}</bdi>
                    <Count value={tag.count} />
                  </LibraryLink>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </div>
  );
}

function Count(props: { value: number }): ReactNode {
  const { trans } = useLibrary();
  const words = trans._n('%2 notebook', '%2 notebooks', props.value, wholeNumber(props.value));
  return (
    <span className="lk-Count" title={words}>
      <span aria-hidden="true">{wholeNumber(props.value)}</span>
      <span className="lk-hidden">{words}</span>
    </span>
  );
}
