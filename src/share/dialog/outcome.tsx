import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ProblemError } from '../../../contract/problem.js';
import type { ShareResult } from '../../../contract/share/publish.js';
import { copyText } from '../../ui/clipboard.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
import { problemDetails } from '../library/failure.js';

/** How a share ended well, in one line. */
export function outcomeSentence(result: ShareResult, trans: TranslationBundle): string {
  if (result.wiki) return wikiSentence(result.wiki, trans);
  switch (result.outcome) {
    case 'unchanged':
      return trans.__('Already up to date · version %1', result.versionNumber);
    case 'details':
      return trans.__('Details updated · version %1', result.versionNumber);
    case 'updated':
      return trans.__('Page updated · version %1', result.versionNumber);
    case 'created':
      return trans.__('Shared · version %1', result.versionNumber);
  }
}

/** "Page updated in Data wiki · 1 figure sent". */
function wikiSentence(wiki: NonNullable<ShareResult['wiki']>, trans: TranslationBundle): string {
  const { outcome, label, uploads } = wiki;
  if (outcome === 'unchanged') return trans.__('Already up to date in %1', label);
  const done = outcome === 'created' ? trans.__('Shared to %1', label) : trans.__('Page updated in %1', label);
  return uploads === 0 ? done : `${done} · ${trans._n('%1 figure sent', '%1 figures sent', uploads)}`;
}

/** The link, and what was cut or replaced. */
export function Done(props: { model: DialogModel; onOpen: (link: string) => void; onClose: () => void }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const { result, copied } = useModelState(model);
  const { link, libraryLink } = model;
  const open = useRef<HTMLButtonElement>(null);
  useEffect(() => open.current?.focus(), []);
  if (result === undefined || link === undefined) return null;

  return (
    <div className="jp-LakesideShare-phase">
      <div className="jp-LakesideShare-content">
        <p className="jp-LakesideShare-verdict" role="status">
          <span className="jp-LakesideShare-sign jp-mod-done" aria-hidden="true">
            ✓
          </span>
          {outcomeSentence(result, trans)}
        </p>
        <p>
          <a className="jp-LakesideShare-link" href={link} target="_blank" rel="noopener">
            {link}
          </a>
        </p>
        {libraryLink !== link && (
          <p>
            {trans.__('Also in the Library:')}{' '}
            <a className="jp-LakesideShare-link" href={libraryLink} target="_blank" rel="noopener">
              {trans.__('version %1', result.versionNumber)}
            </a>
          </p>
        )}
        {result.notes.length > 0 && (
          <ul className="jp-LakesideShare-notes">
            {result.notes.map(note => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        )}
      </div>
      <div className="jp-LakesideShare-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClose}>
          {trans.__('Close')}
        </Button>
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => void model.copyLink()}>
          {copied ? trans.__('Copy link (copied)') : trans.__('Copy link')}
        </Button>
        <button
          ref={open}
          type="button"
          className="jp-Button jp-mod-styled jp-mod-accept"
          onClick={() => props.onOpen(link)}
        >
          {trans.__('Open page')}
        </button>
      </div>
    </div>
  );
}

/** Why a share failed, and what to do now. */
export function Failed(props: { model: DialogModel; onClose: () => void }): ReactNode {
  const trans = useTrans();
  const { model } = props;
  const { problem } = useModelState(model);
  const retry = useRef<HTMLButtonElement>(null);
  useEffect(() => retry.current?.focus(), []);

  return (
    <div className="jp-LakesideShare-phase">
      <div className="jp-LakesideShare-content">
        <p className="jp-LakesideShare-verdict" role="alert">
          <span className="jp-LakesideShare-sign jp-mod-failed" aria-hidden="true">
            ✕
          </span>
          {problem?.message ?? trans.__('The notebook was not shared.')}
        </p>
        {problem?.errors && problem.errors.length > 0 && (
          <ul className="jp-LakesideShare-notes">
            {problem.errors.map(error => (
              <li key={error.field}>
                {error.field}: {error.message}
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="jp-LakesideShare-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onClose}>
          {trans.__('Close')}
        </Button>
        {problem && <CopyDetails problem={problem} />}
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => model.back()}>
          {trans.__('Back')}
        </Button>
        <button
          ref={retry}
          type="button"
          className="jp-Button jp-mod-styled jp-mod-accept"
          onClick={() => void model.retry()}
        >
          {trans.__('Retry')}
        </button>
      </div>
    </div>
  );
}

/** Copies what somebody needs to find the cause of a problem. */
function CopyDetails(props: { problem: ProblemError }): ReactNode {
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(problemDetails(props.problem)));
  return (
    <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => void copy()}>
      {copied ? trans.__('Copied') : trans.__('Copy details')}
    </Button>
  );
}
