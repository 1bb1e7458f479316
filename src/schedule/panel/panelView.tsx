import { Button } from '@jupyterlab/ui-components';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { useModelState, useNow } from '../../ui/hooks.js';
import { RowList, focusRow } from '../../ui/rowList.js';
import { Empty, Failed, Skeleton, Stale } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { ActionsProvider } from './context.js';
import type { IPanelActions } from './context.js';
import { DeletedHead, DeletedNote, DeletedRow, MoreRow, NoneRow } from './otherRows.js';
import { useRowLayout } from './rowLayout.js';
import { filtered, rowsOf } from './rows.js';
import type { PanelRow } from './rows.js';
import { RunRow } from './runRow.js';
import { ScheduleRow } from './scheduleRow.js';
import type { ISchedulesState, SchedulesModel } from './schedulesModel.js';

/** What the list of schedules shows. */
export interface IPanelProps {
  model: SchedulesModel;
  actions: IPanelActions;
  /** Where `/` is listened for. */
  area: () => HTMLElement;
  /** Gives the focus back to what was worked on before. */
  leave: () => void;
}

/** The schedules with their runs: one line for each, a filter above. */
export function PanelView({ model, actions, area, leave }: IPanelProps): ReactNode {
  const trans = useTrans();
  const state = useModelState(model);
  const { phase, error, schedules } = state;
  const refresh = () => void model.refresh();
  if (phase === 'loading') return <Skeleton lines={8} label={trans.__('Loading the schedules')} />;
  if (phase === 'failed' && error) {
    return <Failed title={trans.__('The schedules cannot be shown')} error={error} onRetry={refresh} />;
  }
  return (
    <ActionsProvider value={actions}>
      {error && <Stale error={error} onRetry={refresh} />}
      {schedules.length === 0 && (
        <Empty
          title={trans.__('Nothing is scheduled')}
          action={
            <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={actions.create}>
              {trans.__('Schedule a notebook')}
            </Button>
          }
        >
          {trans.__('A notebook can run by itself, every day or whenever you say. Its runs are listed here.')}
        </Empty>
      )}
      <List model={model} state={state} actions={actions} area={area} leave={leave} />
    </ActionsProvider>
  );
}

function List(props: IPanelProps & { state: ISchedulesState }): ReactNode {
  const { model, state, actions, area, leave } = props;
  const trans = useTrans();
  const now = useNow(30_000);
  const box = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [activeKey, setActiveKey] = useState('');
  const [lastIndex, setLastIndex] = useState(0);
  const { isWide, heights } = useRowLayout(box);
  const rows = useMemo(() => rowsOf(state), [state]);
  const sized = useMemo(() => rows.map(row => ({ key: row.key, height: heights[row.kind] })), [rows, heights]);
  const found = filtered(state.schedules, state.filter).length;
  const known = rows.findIndex(row => row.key === activeKey);
  const active = known >= 0 ? known : Math.min(lastIndex, rows.length - 1);
  const setActive = (index: number) => {
    setActiveKey(rows[index]?.key ?? '');
    setLastIndex(index);
  };
  useSlash(area, input);

  const onFilterKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (state.filter === '') leave();
      else model.setFilter('');
    } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      focusRow(box.current, active);
    }
  };
  const onKey = (key: string, index: number): boolean => {
    const row = rows[index];
    if (key === 'Escape') input.current?.focus();
    else if (key === 'ArrowRight' && row?.kind === 'schedule' && !row.isOpen) model.setOpen(row.key, true);
    else if (key === 'ArrowLeft' && row?.kind === 'schedule' && row.isOpen) model.setOpen(row.key, false);
    else if (key === 'ArrowLeft' && row?.kind === 'run') {
      const parent = rows.findIndex(each => each.key === row.summary.schedule.id);
      setActive(parent);
      focusRow(box.current, parent);
    } else return false;
    return true;
  };

  return (
    <div ref={box} className={`jp-LakesideSchedule-list${isWide ? ' jp-mod-wide' : ''}`}>
      {state.schedules.length > 0 && (
        <div className="jp-LakesideSchedule-filter">
          <input
            ref={input}
            type="search"
            className="jp-mod-styled"
            placeholder={trans.__('Filter')}
            title={trans.__('Press / to come here')}
            aria-label={trans.__('Filter schedules')}
            aria-keyshortcuts="/"
            value={state.filter}
            onChange={event => model.setFilter(event.target.value)}
            onKeyDown={onFilterKey}
          />
          <span className="jp-LakesideSchedule-quiet" role="status">
            {state.filter.trim() !== '' && found === 0
              ? trans.__('No schedule matches.')
              : trans._n('%1 schedule', '%1 schedules', found)}
          </span>
        </div>
      )}
      <RowList
        label={trans.__('Schedules')}
        rows={sized}
        active={active}
        onActive={setActive}
        onLeaveTop={() => input.current?.focus()}
        onKey={onKey}
        renderRow={(index, isActive) => {
          const row = rows[index];
          return row && <Row row={row} isActive={isActive} state={state} now={now} actions={actions} />;
        }}
      />
    </div>
  );
}

function Row(props: {
  row: PanelRow;
  isActive: boolean;
  state: ISchedulesState;
  now: number;
  actions: IPanelActions;
}): ReactNode {
  const { row, isActive, state, now } = props;
  switch (row.kind) {
    case 'schedule': {
      const isBusy = state.busy.has(row.key);
      return <ScheduleRow summary={row.summary} isOpen={row.isOpen} isActive={isActive} isBusy={isBusy} now={now} />;
    }
    case 'run':
      return <RunRow summary={row.summary} run={row.run} isActive={isActive} now={now} />;
    case 'none':
      return <NoneRow summary={row.summary} isActive={isActive} />;
    case 'more':
      return <MoreRow summary={row.summary} isLoading={row.isLoading} error={row.error} isActive={isActive} />;
    case 'deleted-head':
      return <DeletedHead isOpen={row.isOpen} isLoading={row.isLoading} isActive={isActive} />;
    case 'deleted-note':
      return <DeletedNote error={row.error} isActive={isActive} />;
    default:
      return <DeletedRow summary={row.summary} isActive={isActive} isBusy={state.busy.has(row.key)} now={now} />;
  }
}

/** `/` anywhere in the area goes to the filter. */
function useSlash(area: () => HTMLElement, input: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const node = area();
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.target === input.current) return;
      event.preventDefault();
      event.stopPropagation();
      input.current?.focus();
      input.current?.select();
    };
    node.addEventListener('keydown', onKey);
    return () => node.removeEventListener('keydown', onKey);
  }, [area, input]);
}
