import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import { memo } from 'react';
import type { ReactNode } from 'react';
import { ago, exactTime, fileSize } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import { placeOf } from '../refs.js';
import { count, factsOf, sizeOf, snapshotWords, typeOf } from '../words.js';
import { noneOf } from './labels.js';
import { marksOf } from './marks.js';
import { ProblemRow } from './problemRow.js';
import { RowActions } from './rowActions.js';
import type { Retry, TreeRow } from './rows.js';
import { SourceState } from './sourceState.js';

/** What a row shows. */
export interface ITreeRowProps {
  row: TreeRow;
  isActive: boolean;
  /** The keyboard or the pointer is there: what can be done is drawn only then. */
  isNear: boolean;
  now: number;
  /** What was searched for. */
  query: string;
  isFavourite: boolean;
  onToggle: (row: TreeRow, isOpen: boolean) => void;
  onRetry: (retry: Retry) => void;
}

/** One row of the tree: a twisty where there is something below, the name, what else is known. */
export function TreeRowView(props: ITreeRowProps): ReactNode {
  const { row, onToggle } = props;
  return (
    <>
      <span
        className="jp-LakesideTables-twisty"
        aria-hidden="true"
        onClick={event => {
          if (row.isOpen === undefined) return;
          event.stopPropagation();
          onToggle(row, !row.isOpen);
        }}
        onDoubleClick={event => event.stopPropagation()}
      >
        <Twisty isOpen={row.isOpen} />
      </span>
      <Content {...props} />
    </>
  );
}

const Twisty = memo(function Twisty({ isOpen }: { isOpen: boolean | undefined }): ReactNode {
  if (isOpen === undefined) return null;
  const Caret = isOpen ? caretDownIcon : caretRightIcon;
  return <Caret.react tag="span" />;
});

function Content({ row, isActive, isNear, now, query, isFavourite, onRetry }: ITreeRowProps): ReactNode {
  const trans = useTrans();
  switch (row.kind) {
    case 'section':
      return (
        <span className="jp-LakesideTables-section">
          {row.section === 'favourites' ? trans.__('Favourites') : trans.__('Recent')}
        </span>
      );
    case 'source':
      return (
        <>
          <Name text={row.source.label} title={row.source.description} isStrong />
          <SourceState source={row.source} now={now} />
        </>
      );
    case 'level':
      return (
        <>
          <Name text={row.text} />
          {row.trouble && (
            <span className="jp-LakesideTables-mark jp-mod-attention" title={row.trouble.message}>
              !
            </span>
          )}
          {row.count !== undefined && <Quiet text={count(row.count)} title={trans.__('Tables: %1', row.count)} />}
        </>
      );
    case 'table': {
      const more = row.detail ? sizeOf(row.detail, trans) : typeOf(row.type, trans);
      return (
        <>
          <Name text={row.ref.table} />
          {row.isApart && <Quiet text={placeOf(row.ref)} isPlace />}
          {!row.isApart && more && <Quiet text={more} />}
          {isNear && <RowActions tableRef={row.ref} isActive={isActive} isFavourite={isFavourite} />}
        </>
      );
    }
    case 'hit':
      return (
        <>
          <span className="jp-LakesideTables-hit">
            <span className="jp-LakesideTables-name">
              <Marked text={row.hit.column?.name ?? row.ref.table} query={query} />
              {row.hit.column && <Quiet text={row.hit.column.type} />}
            </span>
            <span className="jp-LakesideTables-place" title={placeOf(row.ref)}>
              {row.hit.column && (
                <>
                  <bdi>{row.ref.table}</bdi>
                  {' · '}
                </>
              )}
              {placeOf(row.ref)}
            </span>
          </span>
          {isNear && <RowActions tableRef={row.ref} isActive={isActive} isFavourite={isFavourite} />}
        </>
      );
    case 'unread':
    case 'waiting':
      return (
        <span className="jp-LakesideTables-skeleton" style={{ width: `${35 + ((row.position * 37) % 40)}%` }}>
          <span className="jp-Lakeside-forReaders">{trans.__('Loading')}</span>
        </span>
      );
    case 'facts': {
      const facts = factsOf(row.detail, now, trans);
      const exact = row.detail.updatedAt && trans.__('changed %1', exactTime(row.detail.updatedAt));
      return <Quiet text={facts.join(' · ')} title={[...facts, exact].filter(Boolean).join('\n')} isPlace />;
    }
    case 'comment':
      return <Quiet text={row.comment} isPlace />;
    case 'column':
      return (
        <>
          <Name text={row.column.name} title={row.column.comment} />
          {row.isKey && <Quiet text={trans.__('key')} />}
          <span className="jp-LakesideTables-type" title={row.column.type}>
            {row.column.type}
          </span>
        </>
      );
    case 'group': {
      const name = row.group === 'partitions' ? trans.__('Partitions') : trans.__('Snapshots');
      return (
        <>
          <Name text={name} />
          <Quiet text={row.more ? trans.__('newest %1', row.count) : count(row.count)} />
        </>
      );
    }
    case 'partition': {
      const { rows, bytes } = row.partition;
      const more = [
        rows === undefined ? '' : trans.__('%1 rows', count(rows)),
        bytes === undefined ? '' : fileSize(bytes)
      ];
      return (
        <>
          <Name text={row.partition.name} />
          <Quiet text={more.filter(Boolean).join(' · ')} />
        </>
      );
    }
    case 'snapshot':
      return (
        <>
          <Name text={ago(row.snapshot.at, now, trans)} title={exactTime(row.snapshot.at)} />
          <Quiet text={snapshotWords(row.snapshot, trans)} />
        </>
      );
    case 'none':
      return <Quiet text={noneOf(row.of, trans)} isPlace />;
    default:
      return <ProblemRow problem={row.problem} isActive={isActive} onRetry={() => onRetry(row.retry)} />;
  }
}

function Name(props: { text: string; title?: string | undefined; isStrong?: boolean }): ReactNode {
  const { text, title, isStrong } = props;
  return (
    <bdi
      className={`jp-LakesideTables-name${isStrong ? ' jp-mod-strong' : ''}`}
      title={title === undefined || title === '' ? text : `${text}\n${title}`}
    >
      {text}
    </bdi>
  );
}

function Quiet(props: { text: string; title?: string; isPlace?: boolean }): ReactNode {
  return (
    <span
      className={`jp-LakesideTables-quiet${props.isPlace ? ' jp-mod-place' : ''}`}
      title={props.title ?? props.text}
    >
      {props.text}
    </span>
  );
}

function Marked({ text, query }: { text: string; query: string }): ReactNode {
  return (
    <bdi title={text}>
      {marksOf(text, query).map((part, n) => (part.isHit ? <mark key={n}>{part.text}</mark> : part.text))}
    </bdi>
  );
}
