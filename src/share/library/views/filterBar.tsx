import type { ReactNode } from 'react';
import { filterNames } from '../listQuery.js';
import type { FilterName, IListQuery } from '../listQuery.js';
import { Button } from './button.js';
import { filterIcons } from './chips.js';
import { useLibrary } from './context.js';
import { FacetMenu } from './facetMenu.js';
import { Icon } from './icons.js';
import { MenuButton } from './menu.js';
import { useModelState } from '../../../ui/hooks.js';

const facetKeys = { tag: 'tags', group: 'groups', owner: 'owners', table: 'tables' } as const;

/** What the list is narrowed to, how it is sorted, and the way to change both. */
export function FilterBar(props: {
  query: IListQuery;
  onChange: (change: Partial<IListQuery>) => void;
  /** A filter that belongs to the page, and is not offered. */
  fixed?: FilterName;
}): ReactNode {
  const { trans, facets } = useLibrary();
  const { value } = useModelState(facets);
  const { query, onChange, fixed } = props;
  const labels: Record<FilterName, string> = {
    tag: trans.__('Tag'),
    group: trans.__('Group'),
    owner: trans.__('Owner'),
    table: trans.__('Table')
  };
  const sorts = {
    relevance: trans.__('Best match'),
    updated: trans.__('Last updated'),
    title: trans.__('Title')
  };
  const sort = query.sort ?? (query.q.trim() ? 'relevance' : 'updated');
  const names = filterNames.filter(name => name !== fixed);

  return (
    <div className="lk-Filters">
      <div className="lk-Filters-menus" role="group" aria-label={trans.__('Filters')}>
        {names.map(name => (
          <FacetMenu
            key={name}
            label={labels[name]}
            icon={filterIcons[name]}
            value={query[name]}
            values={value?.[facetKeys[name]] ?? []}
            onPick={picked => onChange({ [name]: picked })}
          />
        ))}
        <span className="lk-Filters-space" />
        <MenuButton
          look="plain"
          icon="sort"
          className="lk-Facet lk-mod-sort"
          label={trans.__('Sort by')}
          items={(['relevance', 'updated', 'title'] as const)
            .filter(name => name !== 'relevance' || query.q.trim() !== '')
            .map(name => ({
              label: sorts[name],
              icon: name === sort ? 'check' : undefined,
              run: () => onChange({ sort: name })
            }))}
        >
          {sorts[sort]}
        </MenuButton>
      </div>
      {names.some(name => query[name] !== undefined) && (
        <div className="lk-Filters-chosen">
          {names.map(name => {
            const chosen = query[name];
            return chosen === undefined ? null : (
              <span key={name} className="lk-Chosen">
                <Icon name={filterIcons[name]} />
                <span className="lk-Chosen-label">{labels[name]}</span>
                <bdi className="lk-Chosen-name">{chosen}</bdi>
                <Button
                  look="plain"
                  icon="close"
                  aria-label={trans.__('Do not filter by %1 "%2"', labels[name], chosen)}
                  onClick={() => onChange({ [name]: undefined })}
                />
              </span>
            );
          })}
        </div>
      )}
    </div>
  );
}
