import type { ReactNode } from 'react';
import type { Source } from '../../../contract/tables/records.js';
import { ago, exactTime } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import { count } from '../words.js';

/** How far the index of a source is: how many tables, reading, or what is wrong. */
export function SourceState({ source, now }: { source: Source; now: number }): ReactNode {
  const trans = useTrans();
  const { state, asOf, tables, progress } = source.index;
  if (state === 'building') {
    const text =
      progress && progress.total > 0
        ? trans.__('reading %1 of %2', progress.done, progress.total)
        : trans.__('reading…');
    return <span className="jp-LakesideTables-quiet">{text}</span>;
  }
  if (state === 'failed') {
    return (
      <span className="jp-LakesideTables-quiet">
        <span className="jp-LakesideTables-mark jp-mod-attention">!</span> {trans.__('not read')}
      </span>
    );
  }
  const title = asOf && trans.__('Names read %1', exactTime(asOf));
  if (state === 'stale' && asOf) {
    return (
      <span className="jp-LakesideTables-quiet" title={title}>
        <span className="jp-LakesideTables-mark jp-mod-attention">!</span> {trans.__('read %1', ago(asOf, now, trans))}
      </span>
    );
  }
  return (
    <span className="jp-LakesideTables-quiet" title={title}>
      {state === 'ready' ? count(tables) : source.kind}
    </span>
  );
}
