import { memo, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { HistoryVersion } from '../../contract/history/records.js';
import { exactTime, fileSize, shortDate } from '../ui/format.js';
import { useModelState, useNow } from '../ui/hooks.js';
import { useTrans } from '../ui/trans.js';
import type { HistoryModel } from './historyModel.js';
import { Sight } from './sight.js';
import { Strip } from './strip.js';

/** So many versions are filled before anybody knows what is in sight. */
const EARLY = 30;

/** The versions of a notebook by day, newest first. Arrows move, Enter and Space choose. */
export function Timeline(props: { model: HistoryModel }): ReactNode {
  const { model } = props;
  const trans = useTrans();
  const now = useNow(60_000);
  const { versions, selected, next, loadingMore } = useModelState(model);
  const list = useRef<HTMLDivElement>(null);
  const [sight] = useState(() => new Sight('.jp-LakesideHistory-timeline'));
  const early = useMemo(() => new Set(versions.slice(0, EARLY)), [versions]);
  const days = useMemo(() => daysOf(versions, now, trans), [versions, now, trans]);
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
        {days.map(({ day, items }) => (
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
                model={model}
                sight={sight}
                isEarly={early.has(version)}
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

/** Drawn anew only when it changes itself: there may be thousands of them. */
const Row = memo(function Row(props: {
  version: HistoryVersion;
  isSelected: boolean;
  isNewest: boolean;
  isFirst: boolean;
  model: HistoryModel;
  sight: Sight;
  /** Filled at once. */
  isEarly: boolean;
}): ReactNode {
  const { version, isSelected, isNewest, isFirst, model, sight, isEarly } = props;
  const node = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(isEarly);
  useEffect(() => (node.current === null ? undefined : sight.watch(node.current, setNear)), [sight]);
  return (
    <div
      ref={node}
      id={`lakeside-version-${version.versionId}`}
      role="option"
      aria-selected={isSelected}
      className="jp-LakesideHistory-row"
      onClick={() => model.select(version.versionId)}
    >
      {(isNear || isSelected) && <Facts version={version} isNewest={isNewest} isFirst={isFirst} />}
    </div>
  );
});

/** What is told of a version. */
function Facts(props: { version: HistoryVersion; isNewest: boolean; isFirst: boolean }): ReactNode {
  const { version, isNewest, isFirst } = props;
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
    <>
      <span className="jp-LakesideHistory-time" title={exactTime(version.at)}>
        {time}
        {isNewest && <span className="jp-LakesideHistory-mark">{trans.__('newest')}</span>}
      </span>
      <span className="jp-LakesideHistory-by">{version.by}</span>
      <span className="jp-LakesideHistory-what">{what}</span>
      <span className="jp-LakesideHistory-cost" title={trans.__('What this version added to the history')}>
        +{fileSize(version.cost)}
      </span>
      <Strip strip={version.strip} />
    </>
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
    const last = days.at(-1);
    if (last?.key === key) {
      last.items.push(version);
      continue;
    }
    const day =
      key === today ? trans.__('Today') : key === yesterday ? trans.__('Yesterday') : shortDate(version.at, now);
    days.push({ key, day, items: [version] });
  }
  return days;
}
