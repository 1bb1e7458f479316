import { useId } from 'react';
import type { ReactNode } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ConflictPart, PageConflict } from '../../../contract/share/conflict.js';
import type { TextRun } from '../../../contract/share/diff.js';
import { useTrans } from '../../ui/trans.js';

type Changed = Extract<ConflictPart, { base: string; theirs: TextRun[] }>;

/**
 * The part of the page that Lakeside writes, on both sides: at the left what stands on the page, at the right what the
 * notebook brings, each with what it changed since the last share.
 */
export function ConflictText({ conflict }: { conflict: PageConflict }): ReactNode {
  const trans = useTrans();
  const id = useId();
  const { parts, cut, editor } = conflict;
  const them = editor ?? trans.__('somebody');
  return (
    <section
      className="jp-LakesideConflict-text"
      aria-label={trans.__('What changed since the last share')}
      tabIndex={0}
    >
      <div className="jp-LakesideConflict-sides jp-mod-heads" aria-hidden="true">
        <div>{trans.__('On the page, by %1', them)}</div>
        <div>{trans.__('In your notebook')}</div>
      </div>
      <ol aria-label={trans.__('Pieces of the text')}>
        {parts.map((part, position) => (
          <li key={`${id}-${position}`}>
            <Piece part={part} them={them} />
          </li>
        ))}
      </ol>
      {cut && (
        <p className="jp-Lakeside-hint">{trans.__('The rest is too long to be shown here. It counts all the same.')}</p>
      )}
    </section>
  );
}

function Piece({ part, them }: { part: ConflictPart; them: string }): ReactNode {
  const trans = useTrans();
  if (part.kind === 'fold') {
    return (
      <p className="jp-LakesideConflict-fold">{trans._n('%1 unchanged line', '%1 unchanged lines', part.lines)}</p>
    );
  }
  if (part.kind === 'same') return <pre className="jp-LakesideConflict-same">{part.base}</pre>;
  return (
    <div className={`jp-LakesideConflict-piece jp-mod-${part.kind}`} role="group" aria-label={word(part, them, trans)}>
      <p className="jp-LakesideConflict-who" aria-hidden="true">
        <span className="jp-LakesideConflict-sign">{sign(part)}</span> {word(part, them, trans)}
      </p>
      <div className="jp-LakesideConflict-sides">
        <Side runs={part.theirs} name={trans.__('On the page')} />
        <Side runs={part.ours} name={trans.__('In your notebook')} />
      </div>
    </div>
  );
}

/** One side of a piece: what it took out, and what it put in. */
function Side({ runs, name }: { runs: readonly TextRun[]; name: string }): ReactNode {
  const trans = useTrans();
  const isEmpty = runs.every(run => run.text === '');
  return (
    <div className="jp-LakesideConflict-side">
      <span className="jp-LakesideConflict-sideName">{name}</span>
      <pre>
        {isEmpty && <span className="jp-LakesideConflict-nothing">{trans.__('nothing')}</span>}
        {runs.map((run, position) => (
          <Run key={position} run={run} />
        ))}
      </pre>
    </div>
  );
}

function Run({ run }: { run: TextRun }): ReactNode {
  if (run.kind === 'added') return <ins>{run.text}</ins>;
  return run.kind === 'removed' ? <del>{run.text}</del> : <>{run.text}</>;
}

function sign({ kind }: Changed): string {
  return { theirs: '←', ours: '→', both: '=', clash: '!' }[kind];
}

function word({ kind }: Changed, them: string, trans: TranslationBundle): string {
  const words: Record<Changed['kind'], string> = {
    theirs: trans.__('Changed by %1', them),
    ours: trans.__('Changed in your notebook'),
    both: trans.__('Changed on both sides in the same way'),
    clash: trans.__('Changed on both sides')
  };
  return words[kind];
}
