import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { HistoryVersion } from '../../contract/history/records.js';
import { exactTime, fileSize, shortDate } from '../ui/format.js';
import { useModelState, useNow } from '../ui/hooks.js';
import { useTrans } from '../ui/trans.js';
import type { HistoryModel } from './historyModel.js';
import { Strip } from './strip.js';

/** The versions of a notebook by day, newest first. Arrows move, Enter and Space choose. */
export function Timeline(props: { model: HistoryModel }): ReactNode {
  const { model } = props;
  const trans = useTrans();
  const now = useNow(60_000);
  const { versions, selected, next, loadingMore } = useModelState(model);
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const place = versions.findIndex(version => version.versionId === selected);
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const to = versions[Math.max(0, Math.min(versions.length - 1, place + step))];
    if (to) model.select(to.versionId);
  };
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [selected]);

  return (
    <div className="jp-LakesideHistory-timeline">
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={trans.__('Versions')}
        aria-activedescendant={selected === undefined ? undefined : `lakeside-version-${selected}`}
        onKeyDown={onKeyDown}
      >
        {daysOf(versions, now, trans).map(({ day, items }) => (
          <div key={day} role="group" aria-label={day}>
            <div className="jp-LakesideHistory-day" aria-hidden="true">
              {day}
            </div>
            {items.map(version => (
              <Row
                key={version.versionId}
                version={version}
                isSelected={version.versionId === selected}
                isNewest={version === versions[0]}
                isFirst={version === versions.at(-1) && next === undefined}
                onSelect={() => model.select(version.versionId)}
              />
            ))}
          </div>
        ))}
      </div>
      {next !== undefined && (
        <button
          type="button"
          className="jp-LakesideHistory-more"
          disabled={loadingMore}
          onClick={() => void model.more()}
        >
          {loadingMore ? trans.__('Loading…') : trans.__('Show older versions')}
        </button>
      )}
    </div>
  );
}

function Row(props: {
  version: HistoryVersion;
  isSelected: boolean;
  isNewest: boolean;
  isFirst: boolean;
  onSelect: () => void;
}): ReactNode {
  const { version, isSelected, isNewest, isFirst, onSelect } = props;
  const trans = useTrans();
  const { counts } = version;
  const time = new Date(version.at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const parts = [
    counts.changed > 0 && trans.__('%1 changed', counts.changed),
    counts.added > 0 && trans.__('%1 added', counts.added),
    counts.removed > 0 && trans.__('%1 removed', counts.removed)
  ].filter(part => part !== false);
  const what = isFirst
    ? trans._n('%1 cell', '%1 cells', counts.cells)
    : parts.length > 0
      ? parts.join(', ')
      : trans.__('no cell changed');
  return (
    <div
      id={`lakeside-version-${version.versionId}`}
      role="option"
      aria-selected={isSelected}
      className="jp-LakesideHistory-row"
      title={exactTime(version.at)}
      onClick={onSelect}
    >
      <span className="jp-LakesideHistory-time">
        {time}
        {isNewest && <span className="jp-LakesideHistory-mark">{trans.__('newest')}</span>}
      </span>
      <span className="jp-LakesideHistory-by">{version.by}</span>
      <span className="jp-LakesideHistory-what">{what}</span>
      <span className="jp-LakesideHistory-cost" title={trans.__('What this version added to the history')}>
        +{fileSize(version.cost)}
      </span>
      <Strip strip={version.strip} />
    </div>
  );
}

/** Versions by the day on which they were saved, in the person's zone. */
function daysOf(
  versions: readonly HistoryVersion[],
  now: number,
  trans: ReturnType<typeof useTrans>
): { day: string; items: HistoryVersion[] }[] {
  const today = new Date(now).toDateString();
  const yesterday = new Date(now - 24 * 3_600_000).toDateString();
  const days: { key: string; day: string; items: HistoryVersion[] }[] = [];
  for (const version of versions) {
    const key = new Date(version.at).toDateString();
    const day =
      key === today ? trans.__('Today') : key === yesterday ? trans.__('Yesterday') : shortDate(version.at, now);
    const last = days.at(-1);
    if (last?.key === key) last.items.push(version);
    else days.push({ key, day, items: [version] });
  }
  return days;
}
