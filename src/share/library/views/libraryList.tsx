import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { LibraryItem } from '../../../../contract/share/records.js';
import { wholeNumber } from '../format.js';
import type { IListState, LibraryListModel } from '../listModel.js';
import { isNarrowed } from '../listQuery.js';
import type { FilterName, IListQuery } from '../listQuery.js';
import { Button } from './button.js';
import { useLibrary } from './context.js';
import { FilterBar } from './filterBar.js';
import { Row } from './row.js';
import { useRowLayout } from './rowHeight.js';
import { SearchBox } from './searchBox.js';
import { Empty, Failed, SkeletonRow, Stale } from './states.js';
import { useModelState, useNow } from '../../../ui/hooks.js';
import { VirtualList } from './virtualList.js';

export interface ILibraryListProps {
  model: LibraryListModel;
  /** Where `/` is listened for. */
  area: () => HTMLElement | Document | null;
  onEdit: (item: LibraryItem) => void;
  /** Escape in the empty search box. */
  onLeave?: () => void;
  /** A filter that belongs to the page, and is not offered. */
  fixed?: FilterName;
  /** Shown where the list is empty although nothing narrows it. */
  empty: ReactNode;
  /** Where the person is in the list, kept between two showings. */
  place?: { top: number; active: number };
  /** The person came back to the list: the focus goes where it was. */
  returning?: boolean;
  /** Told about each change that a person makes; the page keeps its address in step. */
  onQuery?: (change: Partial<IListQuery>) => void;
}

/** Rows ahead of the last one in sight that are loaded already. */
const AHEAD = 60;
const SKELETONS = 12;

/** Search box, filters and the list of notebooks they lead to. */
export function LibraryList(props: ILibraryListProps): ReactNode {
  const { model, onQuery } = props;
  const { trans, actions } = useLibrary();
  const state = useModelState(model);
  const { busy } = useModelState(actions);
  const now = useNow(60_000);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [active, setActive] = useState(props.place?.active ?? 0);
  const layout = useRowLayout(box, state.shown.q.trim() !== '');
  const { items, total, phase, query, error } = state;

  const { place } = props;
  // Another question has another answer: it is read from its beginning.
  const [answered, setAnswered] = useState({ query: state.shown, times: 0 });
  if (answered.query !== state.shown) {
    setAnswered({ query: state.shown, times: answered.times + 1 });
    setActive(0);
    if (place) place.top = 0;
  }
  const at = Math.min(active, Math.max(0, items.length - 1));
  useEffect(() => {
    if (place) place.active = at;
  }, [place, at]);
  const change = useCallback(
    (part: Partial<IListQuery>) => {
      model.setQuery(part);
      onQuery?.(part);
    },
    [model, onQuery]
  );
  const onFilter = useCallback((name: FilterName, value: string) => change({ [name]: value }), [change]);
  const onLook = useCallback((last: number) => model.want(last + AHEAD), [model]);
  const toList = () => box.current?.querySelector<HTMLElement>(`[data-index="${at}"] a`)?.focus();
  const narrowed = isNarrowed(query) && filterCount(query, props.fixed) > 0;

  return (
    <div
      ref={box}
      className={`lk-Library${layout.wide ? ' lk-mod-wide' : ''}${state.refreshing ? ' lk-mod-refreshing' : ''}`}
      onKeyDown={event => {
        if (event.key !== 'Escape' || event.defaultPrevented || event.target === input.current) return;
        event.preventDefault();
        event.stopPropagation();
        input.current?.focus();
      }}
    >
      <div className="lk-Library-head">
        <SearchBox
          value={query.q}
          input={input}
          area={props.area}
          onChange={q => change({ q })}
          onEnter={() => void model.refresh()}
          onDown={toList}
          onLeave={props.onLeave}
        />
        <FilterBar query={query} onChange={change} fixed={props.fixed} />
        <p className="lk-Library-count" role="status">
          {summary(state, trans)}
        </p>
      </div>
      {error && phase === 'ready' && <Stale error={error} retry={() => void model.refresh()} />}
      <div className="lk-Library-body" aria-busy={phase === 'loading' || state.refreshing}>
        {phase === 'failed' && error ? (
          <Failed title={trans.__('The Library cannot be read')} error={error} retry={() => void model.refresh()} />
        ) : phase === 'loading' ? (
          <div className="lk-Skeletons" aria-hidden="true">
            {Array.from({ length: SKELETONS }, (_, position) => (
              <div key={position} className="lk-List-row" style={{ height: layout.height }}>
                <SkeletonRow seed={position} />
              </div>
            ))}
          </div>
        ) : total > 0 ? (
          <VirtualList
            key={answered.times}
            label={query.deleted ? trans.__('Deleted notebooks') : trans.__('Notebooks')}
            count={total}
            rowHeight={layout.height}
            active={at}
            onActive={index => setActive(Math.min(index, items.length - 1))}
            onLook={onLook}
            onLeaveTop={() => input.current?.focus()}
            place={place}
            focus={props.returning === true && answered.times === 0}
            renderRow={(index, isActive) => {
              const item = items[index];
              return item === undefined ? (
                <SkeletonRow seed={index} />
              ) : (
                <Row
                  item={item}
                  now={now}
                  active={isActive}
                  narrow={!layout.wide}
                  busy={busy.has(item.notebookId)}
                  onFilter={onFilter}
                  onEdit={props.onEdit}
                />
              );
            }}
          />
        ) : narrowed ? (
          <Empty
            icon="search"
            title={trans.__('No notebook matches')}
            action={
              <Button onClick={() => change(withoutFilters(props.fixed))}>{trans.__('Show all notebooks')}</Button>
            }
          >
            {trans.__('Search looks at titles, prose, tags, groups, imports and the tables that notebooks read.')}
          </Empty>
        ) : (
          props.empty
        )}
      </div>
    </div>
  );
}

/** How many there are, in words; said aloud when it changes. */
function summary(state: IListState, trans: ReturnType<typeof useLibrary>['trans']): string {
  const { phase, total, more } = state;
  if (phase === 'loading') return trans.__('Loading…');
  if (phase === 'failed' || total === 0) return '';
  if (more) return trans.__('more than %1 notebooks', wholeNumber(total));
  return trans._n('%2 notebook', '%2 notebooks', total, wholeNumber(total));
}

function filterCount(query: IListQuery, fixed: FilterName | undefined): number {
  const filters = (['tag', 'group', 'owner', 'table'] as const).filter(name => name !== fixed);
  return filters.filter(name => query[name] !== undefined).length + (query.q.trim() ? 1 : 0);
}

function withoutFilters(fixed: FilterName | undefined): Partial<IListQuery> {
  const filters = (['tag', 'group', 'owner', 'table'] as const).filter(name => name !== fixed);
  return { q: '', ...Object.fromEntries(filters.map(name => [name, undefined])) };
}
