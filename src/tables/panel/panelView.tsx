import { Button } from '@jupyterlab/ui-components';
import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Empty, Failed, Skeleton, Stale } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import type { IAddition } from '../add/create.js';
import type { DetailsModel } from '../detailsModel.js';
import type { MemoryModel } from '../memoryModel.js';
import { keyOf } from '../refs.js';
import { AddingFailed, useAdding } from './adding.js';
import { PanelActionsProvider } from './context.js';
import type { IPanelActions } from './context.js';
import { Headline } from './headline.js';
import { useHeights } from './heights.js';
import { labelOf } from './labels.js';
import { hitRows, treeRows } from './layout.js';
import { rowDoes } from './rowDoes.js';
import { SearchBox } from './searchBox.js';
import { SearchNote } from './searchNote.js';
import type { SearchModel } from './searchModel.js';
import { TreeList, focusItem, isButton } from './treeList.js';
import { sourceKey } from './treeModel.js';
import type { TreeModel } from './treeModel.js';
import type { RenderRow } from './treeItem.js';
import { TreeRowView } from './treeRow.js';

/** What the panel shows. */
export interface IPanelProps {
  tree: TreeModel;
  search: SearchModel;
  details: DetailsModel;
  memory: MemoryModel;
  actions: IPanelActions;
  /** Whether a click on a table inserts its code. */
  insertsOnSelect: () => boolean;
  /** Where `/` is listened for. */
  area: () => HTMLElement;
  /** Brings the form that adds a source. */
  loadAddition: () => Promise<IAddition>;
  /** Gives the focus back to what was worked on before. */
  leave: () => void;
}

/** Search, how fresh the names are, and the tree of sources or what was found. */
export function PanelView(props: IPanelProps): ReactNode {
  const { tree, search, actions, area, leave, loadAddition } = props;
  const trans = useTrans();
  const state = useModelState(tree);
  const found = useModelState(search);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<IListHandle>(null);
  const toSearch = useCallback(() => input.current?.focus(), []);
  const { phase, error, sources } = state;
  const refresh = () => void tree.refresh();
  const [wanted, setWanted] = useState('');
  const adding = useAdding({
    load: loadAddition,
    area,
    onAdded: source => {
      search.setQuery('');
      void tree.show(source);
      setWanted(sourceKey(source.id));
    }
  });
  const onShown = useCallback(() => setWanted(''), []);

  const onSearchKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      if (found.query === '') leave();
      else search.setQuery('');
    } else if (event.key === 'ArrowDown') list.current?.enter(false);
    else if (event.key === 'Enter') list.current?.enter(found.query !== '');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (phase === 'loading') return <Skeleton lines={8} label={trans.__('Loading the sources')} />;
  if (phase === 'failed' && error) {
    return <Failed title={trans.__('The tables cannot be shown')} error={error} onRetry={refresh} />;
  }
  if (adding.form) return adding.form;
  const failed = adding.hasFailed && <AddingFailed onRetry={adding.open} />;
  if (sources.length === 0) return <NoSources onAdd={adding.open}>{failed}</NoSources>;
  return (
    <PanelActionsProvider value={actions}>
      <div className="jp-LakesideTables-body">
        <SearchBox
          input={input}
          area={area}
          value={found.query}
          onChange={query => search.setQuery(query)}
          onKeyDown={onSearchKey}
        />
        <Headline tree={tree} onAdd={adding.open} />
        {failed}
        {error && <Stale error={error} onRetry={refresh} />}
        {found.query !== '' && <SearchNote search={search} />}
        <Rows {...props} {...{ toSearch, wanted, onShown }} isSearch={found.query.trim() !== ''} handle={list} />
      </div>
    </PanelActionsProvider>
  );
}

/** What the search box does with the list below it. */
interface IListHandle {
  /** Goes to the row the keyboard is at, and opens it. */
  enter(opens: boolean): void;
}

function Rows(
  props: IPanelProps & {
    isSearch: boolean;
    toSearch: () => void;
    handle: RefObject<IListHandle>;
    /** The key of a row that is to have the focus as soon as it is there. */
    wanted: string;
    onShown: () => void;
  }
): ReactNode {
  const { tree, search, details, memory, actions, isSearch, toSearch, insertsOnSelect, handle } = props;
  const { wanted, onShown } = props;
  const trans = useTrans();
  const now = useNow(30_000);
  const state = useModelState(tree);
  const found = useModelState(search);
  const known = useModelState(details);
  const kept = useModelState(memory);
  const place = useRef<HTMLDivElement>(null);
  const heights = useHeights(place);
  const [active, setActive] = useState({ key: '', index: 0 });
  const input = useMemo(
    () => ({ tree: state, details: known.details, memory: kept, heights }),
    [state, known.details, kept, heights]
  );
  const { result } = found;
  const rows = useMemo(() => (isSearch ? hitRows(input, result) : treeRows(input)), [input, isSearch, result]);
  const at = rows.find(active.key, active.index);
  const index = at >= 0 ? at : Math.min(active.index, Math.max(0, rows.count - 1));
  const choose = useCallback((to: number) => setActive({ key: rows.row(to)?.key ?? '', index: to }), [rows]);
  const favourites = useMemo(() => new Set(kept.favourites.map(keyOf)), [kept.favourites]);
  const does = useMemo(() => rowDoes({ tree, details, actions, toSearch }), [tree, details, actions, toSearch]);
  const renderRow = useCallback<RenderRow>(
    (row, isActive, isNear) => (
      <TreeRowView
        {...{ row, isActive, isNear, now }}
        query={found.found}
        isFavourite={(row.kind === 'table' || row.kind === 'hit') && favourites.has(keyOf(row.ref))}
        onToggle={does.toggle}
        onRetry={does.retry}
      />
    ),
    [now, found.found, favourites, does]
  );
  useImperativeHandle(handle, () => ({
    enter: opens => {
      focusItem(place.current, index);
      const row = rows.row(index);
      if (opens && row?.isOpen === false) does.toggle(row, true);
    }
  }));
  useEffect(() => {
    const to = wanted === '' ? -1 : rows.find(wanted);
    if (to < 0) return;
    if (to === index) {
      focusItem(place.current, to, false);
      onShown();
    } else choose(to);
  }, [wanted, rows, index, choose, onShown]);
  // What was found is begun at its top.
  useEffect(() => {
    if (isSearch) setActive(now => (now.key === '' && now.index === 0 ? now : { key: '', index: 0 }));
  }, [isSearch, found.found]);

  return (
    <div ref={place} className="jp-LakesideTables-rows" aria-busy={found.phase === 'searching'}>
      {rows.count > 0 && (
        <TreeList
          label={isSearch ? trans.__('What was found') : trans.__('Sources and tables')}
          rows={rows}
          active={index}
          onActive={choose}
          labelOf={row => labelOf(row, now, trans)}
          renderRow={renderRow}
          onToggle={does.toggle}
          onKey={does.key}
          onClick={(row, event) => {
            choose(rows.find(row.key, index));
            if (!isButton(event.target)) does.click(row, insertsOnSelect());
          }}
          onDoubleClick={row => !insertsOnSelect() && does.insert(row)}
          onMenu={does.menu}
          onHover={does.hover}
          dragText={does.dragText}
          onLook={does.look}
          onLeaveTop={toSearch}
        />
      )}
    </div>
  );
}

function NoSources({ onAdd, children }: { onAdd: () => void; children: ReactNode }): ReactNode {
  const trans = useTrans();
  return (
    <Empty
      title={trans.__('No sources yet')}
      action={
        <div data-add>
          <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={onAdd}>
            {trans.__('Add a source')}
          </Button>
          {children}
        </div>
      }
    >
      {trans.__(
        'Name a database, a catalogue or a folder, or put Parquet or CSV files into a folder named lake beside your notebooks.'
      )}
    </Empty>
  );
}
