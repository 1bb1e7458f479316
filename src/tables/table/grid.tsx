import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { Preview, Value } from '../../../contract/tables/records.js';
import type { TypeKind } from '../../../contract/tables/types.js';
import { useTrans } from '../../ui/trans.js';

/** Pixels of a letter, about. */
const LETTER = 8;
const NARROWEST = 56;
const WIDEST = 320;
/** Pixels beside what is seen in which columns are drawn, too. */
const OVERSCAN = 300;
/** Letters of a value that a tooltip shows. */
const TOOLTIP = 2_000;
const NUMBERS: readonly TypeKind[] = ['integer', 'decimal', 'float'];

/** Rows in a grid. Of many columns only those in sight are in the page. */
export function Grid({ preview }: { preview: Preview }): ReactNode {
  const trans = useTrans();
  const box = useRef<HTMLDivElement>(null);
  const [{ left, width }, setView] = useState({ left: 0, width: 1200 });
  const starts = useMemo(() => startsOf(preview), [preview]);
  const { columns, rows } = preview;
  const whole = starts.at(-1) ?? 0;

  useLayoutEffect(() => {
    const node = box.current;
    if (node === null) return;
    const measure = () => setView(old => ({ ...old, width: node.clientWidth || 1200 }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  const shown = columns
    .map((_, n) => n)
    .filter(n => (starts[n + 1] ?? 0) >= left - OVERSCAN && (starts[n] ?? 0) <= left + width + OVERSCAN);
  const place = (n: number) => ({ left: starts[n] ?? 0, width: (starts[n + 1] ?? 0) - (starts[n] ?? 0) });

  if (columns.length === 0) return <p className="jp-LakesideTable-none">{trans.__('The table has no columns.')}</p>;
  return (
    <div
      ref={box}
      className="jp-LakesideTable-grid"
      role="table"
      aria-label={trans.__('The first rows')}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      onScroll={event => {
        const now = event.currentTarget.scrollLeft;
        setView(old => (Math.abs(old.left - now) < OVERSCAN / 3 && now !== 0 ? old : { ...old, left: now }));
      }}
    >
      <div role="rowgroup" className="jp-LakesideTable-gridHead" style={{ width: whole }}>
        <div role="row" aria-rowindex={1}>
          {shown.map(n => (
            <div key={n} role="columnheader" aria-colindex={n + 1} style={place(n)}>
              <bdi title={columns[n]?.name}>{columns[n]?.name}</bdi>
              <span title={columns[n]?.type}>{columns[n]?.type}</span>
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ width: whole }}>
        {rows.map((row, at) => (
          <div key={at} role="row" aria-rowindex={at + 2}>
            {shown.map(n => {
              const value = row[n] ?? null;
              return (
                <div
                  key={n}
                  role="cell"
                  aria-colindex={n + 1}
                  className={look(value, columns[n]?.kind)}
                  style={place(n)}
                >
                  <span title={value === null ? undefined : String(value).slice(0, TOOLTIP)}>{textOf(value)}</span>
                </div>
              );
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

/** A value on one line; lines below each other are joined by a sign. */
function textOf(value: Value): string {
  if (value === null) return 'NULL';
  return String(value).slice(0, 300).replace(/\r?\n/g, ' ↵ ');
}

function look(value: Value, kind: TypeKind | undefined): string | undefined {
  if (value === null) return 'jp-mod-null';
  return kind && NUMBERS.includes(kind) ? 'jp-mod-number' : undefined;
}

/** Where each column begins, and where the last one ends; as wide as what is in it. */
function startsOf({ columns, rows }: Preview): number[] {
  const starts = [0];
  columns.forEach((column, n) => {
    const letters = Math.max(
      column.name.length,
      Math.min(16, column.type.length),
      ...rows.slice(0, 50).map(row => textOf(row[n] ?? null).length)
    );
    const width = Math.round(Math.min(WIDEST, Math.max(NARROWEST, letters * LETTER + 20)));
    starts.push((starts.at(-1) ?? 0) + width);
  });
  return starts;
}
