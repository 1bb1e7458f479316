import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import type { JobStep } from '../../../contract/jobs.js';
import { duration } from '../../ui/duration.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { ProgressBar } from '../../ui/progress.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from '../dialogModel.js';
import { fractionOf } from '../jobModel.js';
import { nowDoing, stepDetail, stepWord } from '../words.js';

/** The share under way: its steps, a bar, the time so far, Cancel. */
export function Progress(props: { model: DialogModel; onClose: () => void }): ReactNode {
  const trans = useTrans();
  const share = useModelState(props.model.share);
  const job = share.job?.state;
  const running = share.preparing === undefined ? job : undefined;
  const now = useNow(1000);
  const opened = useRef(Date.now());
  const since = running?.startedAt ?? opened.current;
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);

  return (
    <div className="jp-LakesideShare-phase">
      <div className="jp-LakesideShare-content">
        <p className="jp-LakesideShare-now" role="status">
          {nowDoing(share, trans)}
        </p>
        <ProgressBar label={trans.__('Sharing')} fraction={running ? fractionOf(running.job) : 0} />
        <p className="jp-LakesideShare-elapsed">{duration(now - since, trans)}</p>
        <ol className="jp-LakesideShare-steps">
          {(running?.job.steps ?? []).map(step => (
            <Step key={step.name} step={step} />
          ))}
        </ol>
        {running?.lost && (
          <p className="jp-Lakeside-error" role="alert">
            {running.lost.message}{' '}
            <Button type="button" className="jp-mod-styled" onClick={() => void share.job?.follow()}>
              {trans.__('Connect again')}
            </Button>
          </p>
        )}
      </div>
      <div className="jp-LakesideShare-buttons">
        <button
          ref={cancel}
          type="button"
          className="jp-Button jp-mod-styled jp-mod-reject"
          disabled={running?.cancelling === true}
          onClick={() => void props.model.cancel()}
        >
          {running?.cancelling ? trans.__('Cancelling') : trans.__('Cancel')}
        </button>
        <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={props.onClose}>
          {trans.__('Go on in the background')}
        </Button>
      </div>
    </div>
  );
}

function Step({ step }: { step: JobStep }): ReactNode {
  const trans = useTrans();
  const states: Record<JobStep['state'], { sign: string; word: string }> = {
    waiting: { sign: '○', word: trans.__('waiting') },
    running: { sign: '▸', word: trans.__('under way') },
    done: { sign: '✓', word: trans.__('done') },
    failed: { sign: '✕', word: trans.__('failed') },
    skipped: { sign: '–', word: trans.__('skipped') }
  };
  const { sign, word } = states[step.state];
  return (
    <li className={`jp-LakesideShare-step jp-mod-${step.state}`}>
      <span className="jp-LakesideShare-sign" aria-hidden="true">
        {sign}
      </span>
      <span>{stepWord(step, trans)}</span>
      <span className="jp-Lakeside-forReaders">{word}</span>
      <span className="jp-LakesideShare-detail">{stepDetail(step, trans)}</span>
      {step.state === 'running' && step.total > 1 && (
        <ProgressBar label={stepWord(step, trans)} fraction={step.done / step.total} />
      )}
    </li>
  );
}
